"""Who coordinates an incident: said, taken, given on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from irscribe.commands import Command
from irscribe.domain.dayrule import resolve
from irscribe.domain.errors import ForbiddenError, RefusedError
from irscribe.domain.nearest import nearest
from irscribe.domain.permission import Standing
from irscribe.domain.prose import as_named, without_ping
from irscribe.domain.record import Term
from irscribe.domain.report import Kind
from irscribe.domain.request import Reply, fold
from irscribe.domain.text import clean
from irscribe.services import finality, permitting
from irscribe.services.acknowledging import acknowledge
from irscribe.services.fields import not_none, say_none
from irscribe.services.looking import recap_lines
from irscribe.services.noting import amend, enter
from irscribe.services.opening import OPENED
from irscribe.services.people import put_on_list
from irscribe.services.roster import (
    LONGEST_NAME,
    Somebody,
    coordinates,
    is_away,
    look_up,
    on_list,
    serving,
    typist,
)
from irscribe.services.turn import Case, Outcome
from irscribe.services.wording import DASHES, context
from models import entries, parts, persons, team

TOGETHER = timedelta(minutes=2)
"""How long after the opening, typed and meant, the first coordinator still joins its entry."""
OFFERED = "handoff"
"""The field that holds the number of the person the role is offered to."""


def coordinator(case: Case, command: Command) -> Outcome:
    """Say who coordinates, take it, give it on, or say that nobody does."""
    typed = clean(as_named(command.text))
    term = serving(case)
    if not typed and term is not None:
        return case.say(f"{without_ping(term.name)} is the coordinator of {case.number}: !ir ic me takes over.")
    permitting.require(case, "ic", Standing.RESPONDER, spoken="The coordinator's role")
    if typed.lower() == "none":
        return _resign(case, term)
    finality.require_notes_taken(case)
    if typed.lower() in ("", "me"):
        return _serve(case, term, typist(case))
    somebody = look_up(case, _one_nick(typed))
    if not command.forced:
        _ask_back(case, somebody)
    return _serve(case, term, somebody)


def hand_off(case: Case, command: Command) -> Outcome:
    """Offer the role to somebody in the channel, who gets the recap at once."""
    typed = clean(as_named(command.text))
    if not typed:
        raise RefusedError("To whom? Type !ir handoff NICK.")
    somebody = look_up(case, _one_nick(typed))
    if somebody.person is None or somebody.nick is None or is_away(case, somebody):
        raise RefusedError(f"I do not see {somebody.name} here: !ir ic! {somebody.name} gives the role without asking.")
    if coordinates(serving(case), somebody):
        raise RefusedError(f"{without_ping(somebody.nick)} is the coordinator already.")
    parts.set_field(case.session, case.trail, OFFERED, str(somebody.person))
    giver = case.turn.request.person.nick
    # A private incident does not exist elsewhere for somebody who is not on its list yet.
    where = f"in {case.incident.channel_name}" if case.incident.private else f"@{case.number}"
    offer = f"{giver} hands the coordination of {case.incident.name} over to you: !ir accept {where} takes it."
    whom = persons.keys_of(case.session, somebody.person)
    return [
        case.turn.say(f"Offered to {somebody.nick}, who takes the coordination of {case.number} with !ir accept."),
        Reply(to=somebody.nick, text=offer, whom=whom),
        *(Reply(to=somebody.nick, text=line, urgent=False, whom=whom) for line in recap_lines(case)),
    ]


def accept(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Take the role that was offered."""
    offered = parts.fields(case.session, case.number).get(OFFERED)
    if offered is None or not case.incident.open:
        raise RefusedError(f"Nobody hands the coordination of {case.number} over: !ir handoff NICK does.")
    if int(offered) != case.turn.person:
        nick = without_ping(persons.nick_of(case.session, int(offered)))
        raise ForbiddenError(
            f"The coordination of {case.number} is offered to {nick}: !ir handoff NICK offers it anew."
        )
    return _serve(case, serving(case), typist(case))


def _one_nick(typed: str) -> str:
    nick = typed.removeprefix("@").rstrip(",:")
    if len(nick) > LONGEST_NAME or " " in nick or not nick or nick.startswith(DASHES):
        raise RefusedError("Who? Type !ir ic NICK, !ir ic me or !ir ic none.")
    return nick


def _ask_back(case: Case, somebody: Somebody) -> None:
    """Refuse a name that is nobody's here: it may be mistyped."""
    if on_list(case, somebody) is not None or not is_away(case, somebody):
        return
    listed = {fold(each.name): each.name for each in team.participants(case.session, case.number)}
    close = nearest(fold(somebody.name), listed)
    hint = f"did you mean {without_ping(listed[close])}? " if close else ""
    name = somebody.name
    raise RefusedError(f"I see nobody here called {name}: {hint}!ir ic! {name} gives the role all the same.")


def _serve(case: Case, term: Term | None, somebody: Somebody) -> Outcome:
    listed = on_list(case, somebody)
    if listed is None:
        somebody = replace(somebody, name=somebody.nick or somebody.name)
        put_on_list(case, somebody)
    shown = replace(somebody, name=listed.name if listed else somebody.name)
    if coordinates(term, shown):
        raise RefusedError(f"{without_ping(shown.name)} is the coordinator already.")
    if term is not None:
        team.end_term(case.session, case.trail, term.number)
    begins = {"person": shown.person, "name": shown.name, "since": case.turn.request.said_at, "until": None}
    team.add_term(case.session, case.trail, begins)
    not_none(case, "ic")
    parts.set_field(case.session, case.trail, OFFERED, None)
    return _announce(case, f"{somebody.nick or somebody.name} becomes IC.", first=term is None)


def _resign(case: Case, term: Term | None) -> Outcome:
    say_none(case, "ic")
    parts.set_field(case.session, case.trail, OFFERED, None)
    if term is None:
        return case.say(f"Noted: {case.number} has no coordinator.")
    team.end_term(case.session, case.trail, term.number)
    return _announce(case, f"{term.name} is no longer IC.", first=False)


def _announce(case: Case, text: str, *, first: bool) -> Outcome:
    if case.afterwards:
        return case.say(text)
    if first and _has_just_opened(case):
        amend(case, 1, f"{OPENED} {text}")
        opened = entries.get(case.session, case.number, 1)
        if opened is not None:
            return acknowledge(case, 1, opened.current.moment, what=text)
    moment = resolve(None, context=context(case))
    return acknowledge(case, enter(case, moment, text, kind=Kind.ROLE), moment, what=text)


def _has_just_opened(case: Case) -> bool:
    opened = entries.get(case.session, case.number, 1)
    if opened is None or opened.current.text != OPENED or not opened.current.standing:
        return False
    at = opened.current.moment.at
    if at is None or abs(case.turn.request.said_at - at) > TOGETHER:
        return False
    return case.turn.request.heard_at - opened.recorded_at <= TOGETHER
