"""Who works on an incident, on what, and who coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from irscribe.commands import Command
from irscribe.domain.dayrule import resolve
from irscribe.domain.errors import ForbiddenError, RefusedError
from irscribe.domain.permission import NEEDED, Standing
from irscribe.domain.prose import listing, without_ping
from irscribe.domain.record import Participant, Term
from irscribe.domain.report import Kind
from irscribe.domain.request import Person, fold
from irscribe.domain.text import clean
from irscribe.services.acknowledging import acknowledge
from irscribe.services.fields import not_none, say_none
from irscribe.services.noting import amend, enter
from irscribe.services.opening import OPENED
from irscribe.services.turn import Case, Outcome
from irscribe.services.wording import context, prose
from models import entries, lines, parts, team

TOGETHER = timedelta(minutes=2)
"""How long after the opening the first coordinator still joins its entry."""
LONGEST_NAME = 60


def join(case: Case, command: Command) -> Outcome:
    """Work on it."""
    focus = clean(command.text) or None
    own = _own(case)
    if own is None:
        _put_on_list(case, case.turn.request.person, person=case.turn.person, focus=focus)
    elif own.left_at is None and own.joined_at is not None and focus in (None, own.focus):
        raise RefusedError(f"You are on {case.number} already{_on(own.focus)}: !ir focus TEXT changes that.")
    else:
        _return_to_list(case, own, focus)
    return case.say(f"You are on {case.number}{_on(focus)}.")


def leave(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """No longer work on it."""
    own = _own(case)
    if own is None or own.left_at is not None:
        raise RefusedError(f"You are not on {case.number}.")
    team.set_participant(case.session, case.trail, own.number, left_at=case.turn.request.said_at)
    serving = _serving(case)
    still = " You are still the coordinator: !ir ic NICK gives that on." if _is(serving, case.turn.person) else ""
    return case.say(f"You have left {case.number}.{still}")


def focus(case: Case, command: Command) -> Outcome:
    """Say what one is on."""
    own = _own(case)
    if own is None or own.left_at is not None:
        raise RefusedError(f"You are not on {case.number}: !ir join TEXT puts you there, with what you are on.")
    text = prose(command.text, usage="!ir focus TEXT")
    team.set_participant(case.session, case.trail, own.number, focus=text)
    return case.say(f"You are on {case.number}{_on(text)}.")


def who(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Who is on what, woken by nobody."""
    serving = _serving(case)
    present = [_described(each, serving) for each in team.participants(case.session, case.number)]
    if not present:
        return case.say(f"Nobody is on {case.number} yet: !ir join.")
    others = parts.fields(case.session, case.number).get("others")
    return case.say(f"On {case.number}: {'; '.join(present)}{f' {others}' if others else ''}.")


def add(case: Case, command: Command) -> Outcome:
    """Put people on the list by name, or give those on it the name to be shown."""
    names = [clean(name) for name in command.text.split(",")]
    names = list(dict.fromkeys(name for name in names if name))
    if not names or max(map(len, names)) > LONGEST_NAME:
        raise RefusedError(f"Whom? Type !ir add NAME, NAME (each of at most {LONGEST_NAME} letters).")
    for name in names:
        _add_name(case, name)
    return case.say(f"On the list: {listing([without_ping(name) for name in names])}.")


def remove(case: Case, command: Command) -> Outcome:
    """Take somebody off the list."""
    name = prose(command.text, usage="!ir remove NAME")
    found = _known(case, name)
    if found is None:
        raise RefusedError(f"{name[:LONGEST_NAME]} is not on the list: !ir who shows who is.")
    team.set_participant(case.session, case.trail, found.number, removed=True, granted=False)
    return case.say(f"{without_ping(found.name)} is off the list.")


def others(case: Case, command: Command) -> Outcome:
    """Set the remark behind the list of responders, literally."""
    text = clean(command.text)
    if text in ("", "-", "none"):
        parts.set_field(case.session, case.trail, "others", None)
        return case.say("Nothing stands behind the list of responders.")
    parts.set_field(case.session, case.trail, "others", text)
    return case.say("Noted behind the list of responders.")


def coordinator(case: Case, command: Command) -> Outcome:
    """Say who coordinates, take it, give it on, or say that nobody does."""
    typed = clean(command.text)
    serving = _serving(case)
    if not typed and serving is not None:
        return case.say(f"{serving.name} is the coordinator of {case.number}: !ir ic me takes over.")
    if case.standing < Standing.RESPONDER:
        raise ForbiddenError(f"The coordinator's role: {NEEDED[Standing.RESPONDER]}")
    if typed.lower() == "none":
        return _resign(case, serving)
    if typed.lower() in ("", "me"):
        return _serve(case, serving, case.turn.request.person.nick, person=case.turn.person)
    named = _present(case, typed)
    person = None if named is None else lines.meet(case.session, case.incident.network, named)
    known = _known(case, typed)
    return _serve(case, serving, named.nick if named else typed, person=person or (known.person if known else None))


def _serve(case: Case, serving: Term | None, nick: str, *, person: int | None) -> Outcome:
    if len(nick) > LONGEST_NAME or " " in nick:
        raise RefusedError("Who? Type !ir ic NICK, !ir ic me or !ir ic none.")
    name = _name_shown(case, nick, person)
    if serving is not None and (_is(serving, person) or serving.name == name):
        raise RefusedError(f"{name} is the coordinator already.")
    if serving is not None:
        team.end_term(case.session, case.trail, serving.number)
    team.add_term(
        case.session, case.trail, {"person": person, "name": name, "since": case.turn.request.said_at, "until": None}
    )
    not_none(case, "ic")
    _list_coordinator(case, nick, person)
    return _announce(case, f"{nick} becomes IC.", first=serving is None)


def _announce(case: Case, text: str, *, first: bool) -> Outcome:
    if case.afterwards:
        return case.say(text)
    opened = entries.get(case.session, case.number, 1)
    moment = resolve(None, context=context(case))
    if (
        first
        and opened is not None
        and opened.current.text == OPENED
        and opened.current.standing
        and case.turn.request.heard_at - opened.recorded_at <= TOGETHER
    ):
        amend(case, 1, f"{OPENED} {text}")
        return acknowledge(case, 1, opened.current.moment, what=text)
    return acknowledge(case, enter(case, moment, text, kind=Kind.ROLE), moment, what=text)


def _resign(case: Case, serving: Term | None) -> Outcome:
    say_none(case, "ic")
    if serving is None:
        return case.say(f"Noted: incident {case.number} has no coordinator.")
    team.end_term(case.session, case.trail, serving.number)
    return _announce(case, f"{serving.name} is no longer IC.", first=False)


def _list_coordinator(case: Case, nick: str, person: int | None) -> None:
    on_list = _known(case, nick) or (_own_of(case, person) if person is not None else None)
    if on_list is None:
        who_it_is = _present(case, nick)
        _put_on_list(
            case, who_it_is or Person(nick=nick, user="", host=""), person=person, focus=None, joined=person is not None
        )


def _put_on_list(case: Case, who_it_is: Person, *, person: int | None, focus: str | None, joined: bool = True) -> None:
    named = _known(case, who_it_is.nick, account=who_it_is.account)
    if named is not None and named.person is None:
        team.set_participant(
            case.session,
            case.trail,
            named.number,
            person=person,
            nick=who_it_is.nick,
            account=who_it_is.account,
            focus=focus or named.focus,
            joined_at=case.turn.request.said_at if joined else named.joined_at,
        )
        return
    team.add_participant(
        case.session,
        case.trail,
        {
            "person": person,
            "name": who_it_is.nick,
            "nick": who_it_is.nick,
            "account": who_it_is.account,
            "focus": focus,
            "joined_at": case.turn.request.said_at if joined else None,
        },
    )


def _return_to_list(case: Case, own: Participant, focus: str | None) -> None:
    team.set_participant(
        case.session,
        case.trail,
        own.number,
        joined_at=own.joined_at or case.turn.request.said_at,
        left_at=None,
        focus=focus or own.focus,
    )


def _add_name(case: Case, name: str) -> None:
    found, granted = _known(case, name), case.standing >= Standing.RESPONDER
    order = 1 + max((each.added or 0 for each in team.participants(case.session, case.number)), default=0)
    if found is not None:
        values = {
            "name": name,
            "added": found.added or order,
            "granted": found.granted or (granted and bool(found.person)),
        }
        team.set_participant(case.session, case.trail, found.number, **values)
        return
    nick, account, person = _met(case, name)
    team.add_participant(
        case.session,
        case.trail,
        {
            "added": order,
            "person": person,
            "name": name,
            "nick": nick,
            "account": account,
            "granted": granted and person is not None,
        },
    )


def _met(case: Case, name: str) -> tuple[str | None, str | None, int | None]:
    """The nick, account and number of somebody in the channel, or of who logged here, by that name."""
    present = _present(case, name)
    if present is not None:
        return present.nick, present.account, lines.meet(case.session, case.incident.network, present)
    for person, nick, account in entries.authors(case.session, case.number):
        if fold(name) in (fold(nick), fold(account or nick)):
            return nick, account, person
    return None, None, None


def _present(case: Case, name: str) -> Person | None:
    people = (*case.turn.request.named, case.turn.request.person)
    return next((each for each in people if fold(name) in (fold(each.nick), fold(each.account or each.nick))), None)


def _known(case: Case, name: str, *, account: str | None = None) -> Participant | None:
    wanted = {fold(name)} | ({fold(account)} if account else set())
    for each in team.participants(case.session, case.number):
        if wanted & {fold(known) for known in (each.name, each.nick, each.account) if known}:
            return each
    return None


def _own(case: Case) -> Participant | None:
    return _own_of(case, case.turn.person)


def _own_of(case: Case, person: int) -> Participant | None:
    found: Sequence[Participant] = team.participants(case.session, case.number)
    return next((each for each in found if each.person == person), None)


def _serving(case: Case) -> Term | None:
    return next((term for term in team.terms(case.session, case.number) if term.until is None), None)


def _is(term: Term | None, person: int | None) -> bool:
    return term is not None and person is not None and term.person == person


def _name_shown(case: Case, nick: str, person: int | None) -> str:
    known = _known(case, nick) or (_own_of(case, person) if person is not None else None)
    return known.name if known else nick


def _described(each: Participant, serving: Term | None) -> str:
    coordinates = serving is not None and (_is(serving, each.person) or serving.name == each.name)
    signs = ["coordinator"] if coordinates else []
    signs += ["left"] if each.left_at else []
    signs += [each.focus] if each.focus else []
    return without_ping(each.name) + (f" ({', '.join(signs)})" if signs else "")


def _on(focus: str | None) -> str:
    return f": {focus}" if focus else ""
