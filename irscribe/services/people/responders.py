"""The responders of an incident and their focus."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from irscribe.commands import ANYTHING, NOTHING, BareNumber, Command, Group, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing, without_ping
from irscribe.domain.record import ListedResponder, Term
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.names import (
    LONGEST_NAME,
    Somebody,
    coordinates,
    had_since,
    held,
    named_place,
    on_list,
    own_place,
    people_called,
    person_called,
    serving,
    typist,
)
from irscribe.services.context.target import open_beside
from irscribe.services.context.wording import DASHES, prose
from irscribe.services.people.adding import put_by_name
from models import parts, roles, team

ADD_USAGE = sentence("{ir} add NAME, NAME (each of at most {} letters)", LONGEST_NAME)
EMPTYING = ("-", "none")
NO_NAME = re.compile(r"\s*(?:a\s+)?(?:note|event|timeline|entry|action|task|follow-?up)s?\s+\S", re.IGNORECASE)
"""The beginning of a text behind ``add`` that is no name: other tools add notes and tasks."""
NO_ACK = sentence("{ir} acknowledges no pages: !ack does; {ir} join [FOCUS] puts you on the incident.")


@Verb(
    "join",
    "[FOCUS]",
    does="puts you on the incident, with what you are on",
    example="join looking at the database",
    group=Group.PEOPLE,
    meant_by=("im", "i'm", "looking", "working", "taking"),
    refused=dict.fromkeys(("ack", "acknowledge"), NO_ACK),
    bare_number=BareNumber.UNCLEAR_ALONE,
)
def join(ctx: IncidentContext, command: Command) -> Outcome:
    """Put the person on the list of responders."""
    focus = prose(command.text, usage=sentence("{ir} join FOCUS")) if command.text.strip() else None
    own = own_place(ctx, ctx.person)
    if own is None:
        put_on_list(ctx, typist(ctx), focus=focus)
    elif own.left_at is None and own.joined_at is not None and focus in (None, own.focus):
        raise RefusedError(
            sentence("You are on {} already{}; {ir} focus TEXT changes that.", ctx.number, _on(own.focus))
        )
    else:
        focus = focus or own.focus
        joined_at = own.joined_at or ctx.request.said_at
        team.set_responder(ctx.session, ctx.audit, own.number, joined_at=joined_at, left_at=None, focus=focus)
    return ctx.say(sentence("You are on {}{}.{}", ctx.number, _on(focus), _open_beside(ctx)))


@Verb(
    "leave",
    does="takes you off it again",
    example="leave",
    group=Group.PEOPLE,
    bare_number=BareNumber.INCIDENT,
    undone_without_standing=True,
)
def leave(ctx: IncidentContext, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Record that the person has left."""
    own = _present(ctx)
    team.set_responder(ctx.session, ctx.audit, own.number, left_at=ctx.request.said_at)
    still: Speech = (
        sentence(" You are still the coordinator: {ir} handoff NICK gives that on.") if _is_serving(ctx, own) else ""
    )
    return ctx.say(sentence("You have left {}.{}", ctx.number, still))


@Verb(
    "focus",
    "TEXT",
    does="says what you are on",
    example="focus restarting neutron",
    group=Group.PEOPLE,
    bare_number=BareNumber.UNCLEAR_ALONE,
)
def focus(ctx: IncidentContext, command: Command) -> Outcome:
    """Set the person's focus."""
    own = _present(ctx, sentence(": {ir} join TEXT puts you there, with what you are on."))
    typed = command.text.strip()
    text = None if typed in EMPTYING else prose(typed, usage=sentence("{ir} focus TEXT"))
    team.set_responder(ctx.session, ctx.audit, own.number, focus=text)
    return ctx.say(f"You are on {ctx.number}{_on(text)}.")


@Verb(
    "who",
    does="says who is on what",
    example="who",
    group=Group.PEOPLE,
    meant_by=("responders", "people", "roster", "participants", "list-participants", "team"),
    bare_number=BareNumber.INCIDENT,
    reads_only=(ANYTHING,),
    final_takes=(ANYTHING,),
)
def who(ctx: IncidentContext, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """List the responders with their focus; the names highlight nobody."""
    term = serving(ctx)
    terms = list(roles.serving(ctx.session, ctx.number).values())
    people = team.responders(ctx.session, ctx.number)
    listed = [_described(ctx, each, term, terms) for each in people]
    listed += [held(each, ctx.now) for each in terms if not any(coordinates(each, one) for one in people)]
    if not listed:
        return ctx.inform(sentence("Nobody is on {} yet: {ir} join.", ctx.number))
    others = parts.fields(ctx.session, ctx.number).get("others")
    return ctx.answer_flowing(
        f"On {ctx.number}: ",
        "; ".join(listed) + (f" {others}" if others else "") + ".",
        about=f"Who is on {ctx.number}",
    )


@Verb(
    "add",
    "NAME[, NAME…]",
    does="puts people on the list",
    example="add Andrew, Jason",
    group=Group.PEOPLE,
    bare_number=BareNumber.UNCLEAR_ALONE,
    standing=Standing.JOINED,
)
def add(ctx: IncidentContext, command: Command) -> Outcome:
    """Put people on the list by name, or set the names shown for those on it."""
    if NO_NAME.match(command.text):
        raise RefusedError(
            sentence("{ir} add puts people on the list; {log} TEXT writes a note, {ir} action TEXT a follow-up.")
        )
    names = list(dict.fromkeys(name for name in map(clean, command.text.split(",")) if name))
    if not names:
        raise RefusedError(sentence("Whom? Type {}.", ADD_USAGE))
    wrong = next((name for name in names if len(name) > LONGEST_NAME or name.startswith(DASHES)), None)
    if wrong:
        raise RefusedError(sentence("“{}” is no name: type {}.", cut(wrong, LONGEST_NAME), ADD_USAGE))
    put_by_name(ctx, people_called(ctx, names))
    return ctx.say(f"On the list: {listing([without_ping(name) for name in names])}.")


@Verb(
    "remove",
    "NAME",
    does="takes somebody off the list",
    example="remove Jason",
    group=Group.PEOPLE,
    standing=Standing.RESPONDER,
    undone_without_standing=True,
)
def remove(ctx: IncidentContext, command: Command) -> Outcome:
    """Take a person off the list."""
    name = prose(command.text, usage=sentence("{ir} remove NAME"))
    found = named_place(ctx, name) or on_list(ctx, person_called(ctx, name))
    if found is None:
        raise RefusedError(sentence("{} is not on the list: {ir} who shows who is.", without_ping(name[:LONGEST_NAME])))
    team.set_responder(ctx.session, ctx.audit, found.number, removed=True, granted=False)
    return ctx.say(f"{without_ping(found.name)} is off the list.")


@Verb(
    "others",
    "TEXT",
    does="sets a remark behind the list of responders",
    example="others + volunteers reporting on IRC",
    group=Group.PEOPLE,
    bare_number=BareNumber.UNCLEAR_ALONE,
    reads_only=(NOTHING,),
    standing=Standing.JOINED,
    final_takes=(NOTHING,),
)
def others(ctx: IncidentContext, command: Command) -> Outcome:
    """Show or set the remark behind the list of responders."""
    text = clean(command.text)
    before = parts.fields(ctx.session, ctx.number).get("others")
    if not text:
        said = f"Behind the list stands “{before}”" if before else "Nothing stands behind the list"
        return ctx.inform(sentence("{}: {ir} others TEXT sets it.", said))
    value = None if text in EMPTYING else text
    parts.set_field(ctx.session, ctx.audit, "others", value)
    was = f" (was: “{before}”)" if before and before != value else ""
    return ctx.say(f"{f'Behind the list stands “{value}”' if value else 'Nothing stands behind the list'} now{was}.")


def put_on_list(ctx: IncidentContext, somebody: Somebody, *, focus: str | None = None) -> None:
    """Put a person on the list, in the place of their name if it is there already."""
    joined_at = ctx.request.said_at if somebody.person is not None else None
    values = {"person": somebody.person, "nick": somebody.nick, "account": somebody.account, "focus": focus}
    kept = named_place(ctx, somebody.name, somebody.nick, somebody.account)
    if kept is not None and kept.person is None:
        values["focus"] = focus or kept.focus
        team.set_responder(ctx.session, ctx.audit, kept.number, **values, joined_at=joined_at)
    else:
        team.add_responder(ctx.session, ctx.audit, {**values, "name": somebody.name, "joined_at": joined_at})


def _present(ctx: IncidentContext, hint: Speech = ".") -> ListedResponder:
    own = own_place(ctx, ctx.person)
    if own is None or own.left_at is not None:
        raise RefusedError(f"You are not on {ctx.number}" + hint)
    return own


def _is_serving(ctx: IncidentContext, own: ListedResponder) -> bool:
    return coordinates(serving(ctx), own)


def _described(ctx: IncidentContext, each: ListedResponder, term: Term | None, terms: Sequence[Term]) -> str:
    signs: list[Any] = ["coordinator"] if coordinates(term, each) else []
    signs += [f"{one.role}{had_since(one, ctx.now)}" for one in terms if coordinates(one, each)]
    signs += ["left"] if each.left_at else []
    signs += [each.focus] if each.focus else []
    return without_ping(each.name) + (f" ({', '.join(signs)})" if signs else "")


def _open_beside(ctx: IncidentContext) -> Speech:
    """A hint for a person who joins an incident that is over while another one is open in the channel."""
    beside = open_beside(ctx, ctx.incident)
    if beside is None:
        return ""
    said = f" {ctx.number} is {ctx.incident.state}; {beside.name} is open here"
    return sentence("{}: {ir} join @{}.", said, beside.number)


def _on(focus: str | None) -> str:
    return f": {focus}" if focus else ""
