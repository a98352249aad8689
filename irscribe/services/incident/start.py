"""Opens an incident, and chooses the current one of a channel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from irscribe.commands import NOTHING, About, BareNumber, Command, Group, Verb
from irscribe.domain import when
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.moment import Moment
from irscribe.domain.permission import Standing
from irscribe.domain.prose import plural
from irscribe.domain.record import Incident
from irscribe.domain.report import DocumentStatus, Kind, State, Status
from irscribe.domain.request import fold
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.spelling import label
from irscribe.domain.text import clean
from irscribe.domain.time_resolution import Context, is_retrospective, resolve
from irscribe.services.context import target
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.context.wording import DASHES
from irscribe.services.document.fields import is_private_channel, severity, task_id
from irscribe.services.timeline.notes import KEPT_FOR
from models import entries, incidents, lines, parts, team
from models.changes import AuditContext
from models.entries import Writing

USAGE = sentence("{ir} start [WHEN] [--private] [--drill] [--sev N] [--task TASK] [TITLE]")
LONGEST_TITLE = 200
"""In bytes. The name of a wiki page may have 255, with its prefix."""
OPENED = "Incident opened."
IN_ITS_CHANNEL = "Open it in its channel, so that everybody there knows."
SECOND = sentence("{ir} start! TITLE to open a second one")


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The arguments of ``start``."""

    moment: Moment
    title: str | None
    private: bool = False
    drill: bool = False
    severity: int | None = None
    task: str | None = None


@Verb(
    "start",
    "[WHEN] [--private] [--drill] [--sev N] [--task TASK] [TITLE]",
    does="opens an incident; start! opens a second one",
    example="start API returns 500",
    group=Group.INCIDENT,
    meant_by=("open", "new", "create", "begin"),
    forced=True,
    about=About.NONE,
)
def start(ctx: CommandContext, command: Command) -> Outcome:
    """Open an incident in this channel.

    Raises RefusedError while another is open, unless forced.
    """
    channel = _channel(ctx)
    opening = _read(ctx, command.text)
    if not command.forced:
        _refuse_second(ctx, channel)
    number = _add(ctx, opening, channel)
    incidents.make_current(ctx.session, ctx.request.network, fold(channel), number)
    about = target.context_of(ctx, target.visible(ctx, number))
    _set_up(about, opening)
    return about.say(_opened(about, opening))


@Verb(
    "switch",
    "N",
    does="makes incident N the current one here",
    example="switch 12",
    group=Group.INCIDENT,
    about=About.NUMBER,
)
def switch(ctx: CommandContext, command: Command) -> Outcome:
    """Make another incident the current one of its channel."""
    number = target.number_in(command, usage=sentence("{ir} switch N"))
    incident = target.find(ctx, number)
    incidents.make_current(ctx.session, incident.network, incident.channel, number)
    return [ctx.reply(f"Incident {incident.name} is the current one here now: {_where_notes_go(incident)}.")]


def _where_notes_go(incident: Incident) -> str:
    if incident.document_status is DocumentStatus.FINAL:
        return "its report is final and takes no notes"
    if not incident.open:
        return f"it is {incident.state}, and takes notes that begin with a time"
    return "notes go there"


@Verb(
    "title",
    "TEXT",
    does="names the incident",
    example="title API returns 500",
    group=Group.INCIDENT,
    bare_number=BareNumber.UNCLEAR_ALONE,
    standing=Standing.JOINED,
    final_takes=(NOTHING,),
)
def retitle(ctx: IncidentContext, command: Command) -> Outcome:
    """Set or show the title."""
    name = title(command.text)
    if name is None:
        return ctx.inform(sentence("Incident {}. {ir} title TEXT names it.", ctx.incident.name))
    parts.set_head(ctx.session, ctx.audit, title=name)
    was = f" (was: “{ctx.incident.title}”)" if ctx.incident.title and ctx.incident.title != name else ""
    return ctx.say(f"Incident {ctx.number} is “{name}” now{was}.")


def title(typed: str) -> str | None:
    """Clean a title; None if nothing was typed.

    Raises RefusedError for one that is invisible, or too long for the name of a page.
    """
    if not typed.strip():
        return None
    text = clean(typed)
    if not text:
        raise RefusedError("That title shows nothing: type words.")
    if text in DASHES:
        raise RefusedError(sentence("A title has words: type {ir} title TEXT."))
    size = len(text.encode())
    if size > LONGEST_TITLE:
        raise RefusedError(
            sentence(
                "That title has {} bytes, and {} is the most: shorten it, and say more in {ir} summary.",
                size,
                LONGEST_TITLE,
            )
        )
    return text


def _refuse_second(ctx: CommandContext, channel: str) -> None:
    current = target.current(ctx, channel)
    if current is not None and current.open:
        raise RefusedError(sentence("Incident {} is open here: {ir} join to take part, {}.", current.name, SECOND))
    for other in incidents.open_in(ctx.session, ctx.request.network, fold(channel)):
        if not ctx.may_see(other):
            raise RefusedError(IN_ITS_CHANNEL)
        raise RefusedError(_beside(other))


def _beside(other: Incident) -> Speech:
    """The refusal while an incident is open that is not the current one."""
    return sentence(
        "Incident {} is open here: {ir} join @{} to take part, {ir} switch {} to make it the current one, {}.",
        other.name,
        other.number,
        other.number,
        SECOND,
    )


def _channel(ctx: CommandContext) -> str:
    if ctx.request.channel is not None:
        return ctx.request.channel
    if len(ctx.request.shared) != 1:
        raise RefusedError(IN_ITS_CHANNEL)
    return ctx.request.shared[0]


def _read(ctx: CommandContext, typed: str) -> Opening:
    blank = Opening(moment=_now(ctx), title=None)
    opening, rest = _read_options(blank, typed.strip())
    parsed = when.parse(rest)
    if parsed.when is not None:
        moment = resolve(parsed.when, context=Context(said_at=ctx.request.said_at))
        if moment.at is None:
            raise RefusedError("An incident needs a time it was opened at: type one, or none for now.")
        opening, rest = _read_options(replace(opening, moment=moment), parsed.rest)
    if rest.startswith(DASHES):
        raise RefusedError(sentence("I do not know {}: type {}.", clean(rest.split()[0]), USAGE))
    return replace(opening, title=title(rest))


def _read_options(opening: Opening, rest: str) -> tuple[Opening, str]:
    while rest.startswith("--"):
        option, _, rest = rest.partition(" ")
        value, _, behind = rest.strip().partition(" ")
        match option:
            case "--private":
                opening, rest = replace(opening, private=True), rest.strip()
            case "--drill":
                opening, rest = replace(opening, drill=True), rest.strip()
            case "--sev":
                opening, rest = replace(opening, severity=severity(value)), behind.strip()
            case "--task":
                opening, rest = replace(opening, task=task_id(value)), behind.strip()
            case _:
                raise RefusedError(sentence("I do not know {}: type {}.", option, USAGE))
    return opening, rest


def _now(ctx: CommandContext) -> Moment:
    return resolve(None, context=Context(said_at=ctx.request.said_at))


def _add(ctx: CommandContext, opening: Opening, channel: str) -> int:
    opened_at: datetime = opening.moment.at or ctx.now
    return incidents.add(
        ctx.session,
        {
            "number": _next_number(ctx),
            "network": ctx.request.network,
            "channel": fold(channel),
            "channel_name": channel,
            "opener": ctx.person,
            "line": ctx.line,
            "title": opening.title,
            "state": State.OPEN.value,
            "status": Status.INVESTIGATING.value,
            "document_status": DocumentStatus.DRAFT.value,
            "severity": opening.severity,
            "private": opening.private or is_private_channel(ctx.application.config, channel),
            "drill": opening.drill,
            "retrospective": is_retrospective(opening.moment, ctx.request.said_at),
            "opened_at": opened_at,
        },
    )


def _next_number(ctx: CommandContext) -> int:
    number = incidents.next_number(ctx.session)
    if number > incidents.HIGHEST_NUMBER:
        raise RefusedError(f"There is no number behind {incidents.HIGHEST_NUMBER}, which one has: I can open no other.")
    return number


def _set_up(ctx: IncidentContext, opening: Opening) -> None:
    who = ctx.request.person
    # These changes belong to the opening, which `cancel` takes back, not `undo`.
    audit = AuditContext(incident=ctx.number, line=None, person=None, nick=who.nick, at=ctx.audit.at)
    team.add_responder(
        ctx.session,
        audit,
        {
            "person": ctx.person,
            "name": who.nick,
            "nick": who.nick,
            "account": who.account,
            "joined_at": ctx.request.said_at,
            "granted": True,
        },
    )
    if opening.task:
        parts.set_field(ctx.session, audit, "task", opening.task)
    if not ctx.afterwards:
        writing = Writing(moment=opening.moment, text=OPENED, kind=Kind.LIFECYCLE)
        entries.add(ctx.session, audit, writing, by=ctx.typist)


def _opened(ctx: IncidentContext, opening: Opening) -> Speech:
    today = ctx.incident.opened_at.date() == ctx.now.date()
    at = label(opening.moment, day_shown=ctx.incident.retrospective or not today)
    kinds = [name for name in ("private", "drill") if getattr(ctx.incident, name)]
    note = f" ({', '.join(kinds)})" if kinds else ""
    opened = f"Incident {ctx.incident.name} has been open since {at}{note}."
    entry = "" if ctx.afterwards else f" #1 {at} logged."
    example: Speech = sentence("{log} 15:40 TEXT") if ctx.afterwards else sentence("{log} TEXT")
    waiting = lines.count_waiting(ctx.session, ctx.incident.network, ctx.incident.channel, since=ctx.now - KEPT_FOR)
    waits, them = ("waits", "it") if waiting == 1 else ("wait", "them")
    wait = sentence(" {} from before {}: {ir} adopt takes {} in.", plural(waiting, "note"), waits, them)
    return sentence("{}{} {} writes the timeline.{}", opened, entry, example, wait if waiting else "")
