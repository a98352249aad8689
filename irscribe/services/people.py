"""Who works on an incident, and on what."""

from __future__ import annotations

from typing import Any

from irscribe.commands import Command
from irscribe.domain.errors import RefusedError
from irscribe.domain.permission import Standing
from irscribe.domain.prose import as_named, listing, without_ping
from irscribe.domain.record import Participant, Term
from irscribe.domain.text import clean, cut
from irscribe.services.roster import (
    LONGEST_NAME,
    Somebody,
    coordinates,
    look_up,
    named_place,
    on_list,
    own_place,
    serving,
    typist,
)
from irscribe.services.turn import Case, Outcome
from irscribe.services.wording import DASHES, prose
from models import parts, team

ADD_USAGE = f"!ir add NAME, NAME (each of at most {LONGEST_NAME} letters)"
EMPTYING = ("-", "none")


def join(case: Case, command: Command) -> Outcome:
    """Work on it."""
    focus = prose(command.text, usage="!ir join FOCUS") if command.text.strip() else None
    own = own_place(case, case.turn.person)
    if own is None:
        put_on_list(case, typist(case), focus=focus)
    elif own.left_at is None and own.joined_at is not None and focus in (None, own.focus):
        raise RefusedError(f"You are on {case.number} already{_on(own.focus)}: !ir focus TEXT changes that.")
    else:
        focus = focus or own.focus
        joined_at = own.joined_at or case.turn.request.said_at
        team.set_participant(case.session, case.trail, own.number, joined_at=joined_at, left_at=None, focus=focus)
    return case.say(f"You are on {case.number}{_on(focus)}.")


def leave(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """No longer work on it."""
    own = _present(case, "You are not on {number}.")
    team.set_participant(case.session, case.trail, own.number, left_at=case.turn.request.said_at)
    still = " You are still the coordinator: !ir handoff NICK gives that on." if _is_serving(case, own) else ""
    return case.say(f"You have left {case.number}.{still}")


def focus(case: Case, command: Command) -> Outcome:
    """Say what one is on."""
    own = _present(case, "You are not on {number}: !ir join TEXT puts you there, with what you are on.")
    typed = command.text.strip()
    text = None if typed in EMPTYING else prose(typed, usage="!ir focus TEXT")
    team.set_participant(case.session, case.trail, own.number, focus=text)
    return case.say(f"You are on {case.number}{_on(text)}.")


def who(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Who is on what, woken by nobody."""
    term = serving(case)
    listed = [_described(each, term) for each in team.participants(case.session, case.number)]
    if not listed:
        return case.say(f"Nobody is on {case.number} yet: !ir join.")
    others = parts.fields(case.session, case.number).get("others")
    return case.turn.answer_flowing(
        f"On {case.number}: ",
        "; ".join(listed) + (f" {others}" if others else "") + ".",
        about=f"Who is on {case.number}",
    )


def add(case: Case, command: Command) -> Outcome:
    """Put people on the list by name, or give those on it the name to be shown."""
    names = list(dict.fromkeys(name for name in map(clean, as_named(command.text).split(",")) if name))
    if not names:
        raise RefusedError(f"Whom? Type {ADD_USAGE}.")
    wrong = next((name for name in names if len(name) > LONGEST_NAME or name.startswith(DASHES)), None)
    if wrong:
        raise RefusedError(f"“{cut(wrong, LONGEST_NAME)}” is no name: type {ADD_USAGE}.")
    for name in names:
        _add_name(case, look_up(case, name))
    return case.say(f"On the list: {listing([without_ping(name) for name in names])}.")


def remove(case: Case, command: Command) -> Outcome:
    """Take somebody off the list."""
    name = prose(as_named(command.text), usage="!ir remove NAME")
    found = named_place(case, name) or on_list(case, look_up(case, name))
    if found is None:
        raise RefusedError(f"{without_ping(name[:LONGEST_NAME])} is not on the list: !ir who shows who is.")
    team.set_participant(case.session, case.trail, found.number, removed=True, granted=False)
    return case.say(f"{without_ping(found.name)} is off the list.")


def others(case: Case, command: Command) -> Outcome:
    """Set the remark behind the list of responders, literally."""
    text = clean(command.text)
    before = parts.fields(case.session, case.number).get("others")
    if not text:
        said = f"Behind the list stands “{before}”" if before else "Nothing stands behind the list"
        return case.say(f"{said}: !ir others TEXT sets it.")
    value = None if text in EMPTYING else text
    parts.set_field(case.session, case.trail, "others", value)
    was = f" (was: “{before}”)" if before and before != value else ""
    return case.say(f"{f'Behind the list stands “{value}”' if value else 'Nothing stands behind the list'} now{was}.")


def put_on_list(case: Case, somebody: Somebody, *, focus: str | None = None) -> None:
    """Let somebody work on it, in the place kept for their name where there is one."""
    joined_at = case.turn.request.said_at if somebody.person is not None else None
    values = {"person": somebody.person, "nick": somebody.nick, "account": somebody.account, "focus": focus}
    kept = named_place(case, somebody.name, somebody.nick, somebody.account)
    if kept is not None and kept.person is None:
        values["focus"] = focus or kept.focus
        team.set_participant(case.session, case.trail, kept.number, **values, joined_at=joined_at)
    else:
        team.add_participant(case.session, case.trail, {**values, "name": somebody.name, "joined_at": joined_at})


def _add_name(case: Case, somebody: Somebody) -> None:
    listed = team.participants(case.session, case.number)
    order = 1 + max((each.added or 0 for each in listed), default=0)
    found = on_list(case, somebody)
    # Rights go to whom the bot knows, never to a mere name that anybody may take.
    granted = case.standing >= Standing.RESPONDER and somebody.person is not None
    known = {"person": somebody.person, "nick": somebody.nick, "account": somebody.account}
    if found is None:
        values = {**known, "name": somebody.name, "added": order, "granted": granted}
        team.add_participant(case.session, case.trail, values)
        return
    same = found.person is None or found.person == somebody.person
    values = {"name": somebody.name, "added": found.added or order, "granted": found.granted or (granted and same)}
    if found.person is None and somebody.person is not None:
        values |= known
    team.set_participant(case.session, case.trail, found.number, **values)


def _present(case: Case, refusal: str) -> Participant:
    own = own_place(case, case.turn.person)
    if own is None or own.left_at is not None:
        raise RefusedError(refusal.format(number=case.number))
    return own


def _is_serving(case: Case, own: Participant) -> bool:
    return coordinates(serving(case), own)


def _described(each: Participant, term: Term | None) -> str:
    signs: list[Any] = ["coordinator"] if coordinates(term, each) else []
    signs += ["left"] if each.left_at else []
    signs += [each.focus] if each.focus else []
    return without_ping(each.name) + (f" ({', '.join(signs)})" if signs else "")


def _on(focus: str | None) -> str:
    return f": {focus}" if focus else ""
