"""Opens an incident, and chooses the current one of a channel."""

from __future__ import annotations

from datetime import datetime

from irscribe.commands import NOTHING, About, BareNumber, Command, Group, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.prose import plural
from irscribe.domain.record import Incident
from irscribe.domain.report import DocumentStatus, Kind, State, Status
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.domain.spelling import label
from irscribe.domain.time_resolution import is_retrospective
from irscribe.services.alerts.recording import take_held
from irscribe.services.context import target
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.filing.filing_commands import would_change
from irscribe.services.incident.opening import Opening, read_opening, title
from irscribe.services.incident.privacy import is_private_channel
from irscribe.services.talk import listening
from irscribe.services.timeline.notes import KEPT_FOR
from models import entries, incidents, lines, parts, team
from models.changes import AuditContext
from models.entries import Writing

OPENED = "Incident opened."
IN_ITS_CHANNEL = "Open it in its channel, so that everybody there knows."
SECOND = sentence("{ir} start! TITLE to open a second one")


@Verb(
    "start",
    "[WHEN] [--private] [--drill] [--sev N] [--task TASK] [TITLE]",
    does="opens an incident; start! opens a second one",
    example="start API returns 500",
    group=Group.INCIDENT,
    aliases=("new", "open", "create", "declare"),
    meant_by=("begin", "raise", "trigger", "track", "backfill", "report-incident"),
    forced=True,
    about=About.NONE,
)
def start(ctx: CommandContext, command: Command) -> Outcome:
    """Open an incident in this channel.

    Raises RefusedError while another is open, unless forced.
    """
    channel = _channel(ctx)
    opening = read_opening(ctx, command)
    if not command.forced:
        _refuse_second(ctx, channel, title=opening.title)
    number = _add(ctx, opening, channel)
    incidents.make_current(ctx.session, ctx.request.network, ctx.casemapping.fold(channel), number)
    about = target.context_of(ctx, target.visible(ctx, number))
    _set_up(about, opening)
    take_held(about)
    change = would_change(about) if opening.task else ""
    return about.say(joined(" ", [each for each in (_opened(about, opening), change) if each]))


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
    incidents.make_current(ctx.session, incident.network, ctx.channel or incident.channel, number)
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
    meant_by=("rename", "name", "subject"),
    bare_number=BareNumber.UNCLEAR_ALONE,
    reads_only=(NOTHING,),
    standing=Standing.JOINED,
    final_takes=(NOTHING,),
)
def retitle(ctx: IncidentContext, command: Command) -> Outcome:
    """Set or show the title."""
    name = title(command.text, behind=sentence("{ir} title "))
    if name is None:
        return ctx.inform(sentence("Incident {}. {ir} title TEXT names it.", ctx.incident.name))
    parts.set_head(ctx.session, ctx.audit, title=name)
    was = f" (was: “{ctx.incident.title}”)" if ctx.incident.title and ctx.incident.title != name else ""
    return ctx.say(f"Incident {ctx.number} is “{name}” now{was}.")


def _refuse_second(ctx: CommandContext, channel: str, *, title: str | None) -> None:
    current = target.current(ctx, channel)
    if current is not None and current.open:
        raise RefusedError(
            sentence(
                "Incident {} is open here: {}{ir} join to take part, {}.",
                current.name,
                _name_it(current, title),
                SECOND,
            )
        )
    for other in incidents.open_in(ctx.session, ctx.request.network, ctx.casemapping.fold(channel)):
        if not ctx.may_see(other):
            raise RefusedError(IN_ITS_CHANNEL)
        raise RefusedError(_beside(other, title))


def _name_it(incident: Incident, title: str | None, address: str = "") -> Speech:
    """Offer the title that was typed to an incident that has none."""
    return sentence("{ir} title {}{} names it, ", address, title) if title and not incident.title else ""


def _beside(other: Incident, title: str | None) -> Speech:
    """The refusal while an incident is open that is not the current one."""
    if title and not other.title:
        naming = _name_it(other, title, f"@{other.number} ")
        return sentence(
            "Incident {} is open here: {}{ir} join @{} to take part, {}.", other.name, naming, other.number, SECOND
        )
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


def _add(ctx: CommandContext, opening: Opening, channel: str) -> int:
    opened_at: datetime = opening.moment.at or ctx.now
    return incidents.add(
        ctx.session,
        {
            "number": _next_number(ctx),
            "network": ctx.request.network,
            "channel": ctx.casemapping.fold(channel),
            "channel_name": channel,
            "opener": ctx.person,
            "line": ctx.line,
            "title": opening.title,
            "state": State.OPEN.value,
            "status": Status.INVESTIGATING.value,
            "document_status": DocumentStatus.DRAFT.value,
            "severity": opening.severity,
            "private": opening.private or is_private_channel(ctx, channel),
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
    kinds = [f"severity {opening.severity}"] if opening.severity is not None else []
    kinds += [name for name in ("private", "drill") if getattr(ctx.incident, name)]
    note = f" ({', '.join(kinds)})" if kinds else ""
    opened = f"Incident {ctx.incident.name} has been open since {at}{note}."
    entry = "" if ctx.afterwards else f" #1 {at} logged."
    example: Speech = sentence("{log} 15:40 TEXT") if ctx.afterwards else sentence("{log} TEXT")
    waiting = lines.count_waiting(ctx.session, ctx.incident.network, ctx.incident.channel, since=ctx.now - KEPT_FOR)
    waits, them = ("waits", "it") if waiting == 1 else ("wait", "them")
    wait = sentence(" {} from before {}: {ir} adopt takes {} in.", plural(waiting, "note"), waits, them)
    listens = listening.begin(ctx)
    return sentence("{}{} {} writes the timeline.{}{}", opened, entry, example, listens, wait if waiting else "")
