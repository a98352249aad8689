"""The coordinator of an incident: shows, takes and hands on the role."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from irscribe.commands import NOTHING, BareNumber, Command, Group, Verb
from irscribe.domain.errors import ForbiddenError, RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.prose import without_ping
from irscribe.domain.record import Term
from irscribe.domain.report import Kind
from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean
from irscribe.domain.time_resolution import resolve
from irscribe.services.context import finality, permission
from irscribe.services.context.acknowledgement import acknowledge
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.names import (
    Somebody,
    coordinates,
    is_away,
    person_called,
    serving,
    typist,
)
from irscribe.services.context.wording import context
from irscribe.services.document.fields import not_none, say_none
from irscribe.services.incident.lookup import recap_lines
from irscribe.services.incident.start import OPENED
from irscribe.services.people.holders import as_listed, ask_back, one_nick
from irscribe.services.timeline.notes import amend, enter
from models import entries, parts, persons, team
from models.visibility import is_public

SAME_ENTRY_WITHIN = timedelta(minutes=2)
"""A first coordinator up to this long after the opening is added to the opening's entry."""
USAGE = sentence("{ir} ic NICK, {ir} ic me or {ir} ic none")
OFFERED = "handoff"
"""The field with the number of the person to whom the role is offered, and ``BY_TRUSTED`` behind it."""
BY_TRUSTED = " trusted"
"""Marks an offer by a trusted person."""


@Verb(
    "ic",
    "[me|NICK|none]",
    does="says who coordinates, takes the role or gives it; ic! NICK gives it to somebody who is not here",
    example="ic me",
    group=Group.PEOPLE,
    meant_by=(
        "coordinator",
        "commander",
        "lead",
        "captain",
        "owner",
        "set-coordinator",
    ),
    forced=True,
    bare_number=BareNumber.UNCLEAR_ALONE,
    free_text=False,
    final_takes=(NOTHING,),
    undone_without_standing=True,
)
def coordinator(ctx: IncidentContext, command: Command) -> Outcome:
    """Show the coordinator, take the role, give it to somebody, or give it up."""
    typed = clean(command.text)
    term = serving(ctx)
    if not typed and term is not None and coordinates(term, typist(ctx)):
        return ctx.inform(f"You are the coordinator of {ctx.number}.")
    if not typed and term is not None:
        return ctx.inform(_who_coordinates(ctx, command.verb, term))
    permission.require(ctx, command.verb, standing=Standing.RESPONDER, spoken="The coordinator's role")
    if typed.lower() == "none":
        return _resign(ctx, term)
    finality.require_notes_taken(ctx)
    if typed.lower() in ("", "me"):
        return _serve(ctx, term, typist(ctx))
    somebody = person_called(ctx, one_nick(typed, usage=USAGE))
    if not command.forced:
        ask_back(ctx, somebody, insisting="ic!")
    return _serve(ctx, term, somebody)


@Verb(
    "handoff",
    "NICK",
    does="offers the coordinator's role to NICK, with the recap",
    example="handoff andrew",
    group=Group.PEOPLE,
    meant_by=("handover", "hand-off", "pass"),
    bare_number=BareNumber.UNCLEAR_ALONE,
    free_text=False,
    standing=Standing.RESPONDER,
    undone_without_standing=True,
)
def hand_off(ctx: IncidentContext, command: Command) -> Outcome:
    """Offer the role to a person in the channel, who gets the recap at once."""
    typed = clean(command.text)
    if not typed:
        raise RefusedError(sentence("To whom? Type {ir} handoff NICK."))
    if not ctx.incident.open:
        raise RefusedError(
            sentence("Incident {} is not open: {ir} ic NICK says who coordinated it, {ir} reopen opens it.", ctx.number)
        )
    somebody = person_called(ctx, one_nick(typed, usage=USAGE))
    if somebody.person is None or somebody.nick is None or is_away(ctx, somebody):
        raise RefusedError(
            sentence("I do not see {} here: {ir} ic! {} gives the role without asking.", somebody.name, somebody.name)
        )
    if coordinates(serving(ctx), somebody):
        raise RefusedError(f"{without_ping(somebody.nick)} is the coordinator already.")
    if somebody.person == ctx.person:
        raise RefusedError(sentence("That is you: {ir} ic me takes the role."))
    parts.set_field(ctx.session, ctx.audit, OFFERED, f"{somebody.person}{BY_TRUSTED if _is_trusted(ctx) else ''}")
    giver = ctx.request.person.nick
    # A person who is not on the list of a private incident yet can see it only in its channel.
    where = f"@{ctx.number}" if is_public(ctx.incident) else f"in {ctx.incident.channel_name}"
    offer = sentence(
        "{} hands the coordination of {} over to you: {ir} accept {} takes it.", giver, ctx.incident.name, where
    )
    recipient_keys = persons.keys_of(ctx.session, somebody.person)
    recap = ctx.look_up(
        partial(_recap, nick=somebody.nick, recipient_keys=recipient_keys),
        if_unread=sentence("I could not read the recap for {}: {ir} recap sends it.", without_ping(somebody.nick)),
    )
    return [
        ctx.reply(
            sentence("Offered to {}, who takes the coordination of {} with {ir} accept.", somebody.nick, ctx.number)
        ),
        Reply(to=somebody.nick, text=offer, recipient_keys=recipient_keys),
        recap,
    ]


@Verb(
    "accept",
    does="takes the role that was offered to you",
    example="accept",
    group=Group.PEOPLE,
    bare_number=BareNumber.INCIDENT,
)
def accept(ctx: IncidentContext, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Take the role that was offered."""
    offered = parts.fields(ctx.session, ctx.number).get(OFFERED)
    if offered is None or not ctx.incident.open:
        raise RefusedError(
            sentence(
                "Nobody hands the coordination of {} over to you: ask for {ir} handoff {}.",
                ctx.number,
                ctx.request.person.nick,
            )
        )
    person = int(offered.removesuffix(BY_TRUSTED))
    if person != ctx.person:
        nick = without_ping(persons.nick_of(ctx.session, person))
        raise ForbiddenError(
            sentence("The coordination of {} is offered to {}: {ir} handoff NICK offers it anew.", ctx.number, nick)
        )
    return _serve(ctx, serving(ctx), typist(ctx), offered_by_trusted=offered.endswith(BY_TRUSTED))


def _who_coordinates(ctx: IncidentContext, verb: Verb, term: Term) -> Speech:
    """Name the coordinator, and the way to the role that is open to the person who asks."""
    name = without_ping(term.name)
    if permission.is_allowed(ctx, verb, standing=Standing.RESPONDER):
        return sentence("{} is the coordinator of {}: {ir} ic me takes over.", name, ctx.number)
    return sentence(
        "{} is the coordinator of {}: ask for {ir} handoff {}, then {ir} accept takes over.",
        name,
        ctx.number,
        ctx.request.person.nick,
    )


def _recap(ctx: IncidentContext, *, nick: str, recipient_keys: frozenset[str]) -> Outcome:
    return [
        Reply(to=nick, text=line, urgent=False, recipient_keys=recipient_keys, informs=True)
        for line in recap_lines(ctx)
    ]


def _serve(ctx: IncidentContext, term: Term | None, somebody: Somebody, *, offered_by_trusted: bool = False) -> Outcome:
    shown = as_listed(ctx, somebody)
    if term is not None and coordinates(term, shown):
        return _confirm(ctx, term)
    if term is not None:
        team.end_term(ctx.session, ctx.audit, term.number)
    begins = {"person": shown.person, "name": shown.name, "since": ctx.request.said_at, "until": None}
    team.add_term(ctx.session, ctx.audit, begins)
    _set_confirmed(ctx, serving(ctx) if offered_by_trusted or _is_trusted(ctx) else None)
    not_none(ctx, "ic")
    parts.set_field(ctx.session, ctx.audit, OFFERED, None)
    return _announce(ctx, f"{somebody.nick or somebody.name} becomes IC.", first=term is None)


def _confirm(ctx: IncidentContext, term: Term) -> Outcome:
    """Confirm the coordinator in the role: only a trusted person can, and once."""
    name = without_ping(term.name)
    if not _is_trusted(ctx) or permission.is_confirmed(ctx, term):
        raise RefusedError(f"{name} is the coordinator already.")
    _set_confirmed(ctx, term)
    return ctx.say(sentence("{} is confirmed as the coordinator of {}, and may use {ir} announce.", name, ctx.number))


def _set_confirmed(ctx: IncidentContext, term: Term | None) -> None:
    parts.set_field(ctx.session, ctx.audit, permission.CONFIRMED, None if term is None else str(term.number))


def _is_trusted(ctx: IncidentContext) -> bool:
    return ctx.standing is Standing.TRUSTED


def _resign(ctx: IncidentContext, term: Term | None) -> Outcome:
    say_none(ctx, "ic")
    parts.set_field(ctx.session, ctx.audit, OFFERED, None)
    if term is None:
        return ctx.say(f"Noted: {ctx.number} has no coordinator.")
    team.end_term(ctx.session, ctx.audit, term.number)
    return _announce(ctx, f"{term.name} is no longer IC.", first=False)


def _announce(ctx: IncidentContext, text: str, *, first: bool) -> Outcome:
    if ctx.afterwards:
        return ctx.say(text)
    if first and _has_just_opened(ctx):
        amend(ctx, 1, f"{OPENED} {text}")
        opened = entries.get(ctx.session, ctx.number, 1)
        if opened is not None:
            return acknowledge(ctx, 1, opened.current.moment, what=text)
    moment = resolve(None, context=context(ctx))
    return acknowledge(ctx, enter(ctx, moment, text, kind=Kind.ROLE), moment, what=text)


def _has_just_opened(ctx: IncidentContext) -> bool:
    opened = entries.get(ctx.session, ctx.number, 1)
    if opened is None or opened.current.text != OPENED or not opened.current.standing:
        return False
    at = opened.current.moment.at
    if at is None or abs(ctx.request.said_at - at) > SAME_ENTRY_WITHIN:
        return False
    return ctx.request.heard_at - opened.recorded_at <= SAME_ENTRY_WITHIN
