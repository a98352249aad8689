"""Ends an incident, reopens it, and sets the status of its document."""

from __future__ import annotations

from irscribe.commands import ANYTHING, BareNumber, Command, Group, Verb
from irscribe.domain.duration import spell_minutes
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import OutboxFilled, Outcome
from irscribe.domain.missing import phrase
from irscribe.domain.moment import Moment, Precision
from irscribe.domain.outages import minutes_between
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing, without_ping
from irscribe.domain.report import DocumentStatus, Kind, Report, State, Status
from irscribe.domain.sanity import phrase_checks
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.domain.spelling import label
from irscribe.domain.text import clean, cut
from irscribe.domain.time_resolution import resolve
from irscribe.services.alerts.entering import enter_waiting
from irscribe.services.alerts.recording import take_held
from irscribe.services.context import target
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.finality import SPOKEN
from irscribe.services.context.names import named_place, own_place
from irscribe.services.context.wording import context, moment, prose
from irscribe.services.filing.page_commands import older_page, tell_page
from irscribe.services.report.assembly import outline_of
from irscribe.services.scorecard import dialogue
from irscribe.services.scorecard.answers import keep
from irscribe.services.timeline.notes import enter
from models import authors, changes, incidents, nudges, parts, scores
from models.parts import set_head
from models.tables import incident

EARLIER = sentence("It ends now; if it ended before: {ir} undo, then {ir} close WHEN.")
NOT_LOOKED_UP = sentence("I could not look up just now what its report still lacks: {ir} missing says it.")
INSISTED = "insisted"
"""The field with the reason why a report is final although parts are missing."""
NAMES_BYTES = 300
"""The most bytes of names in a sentence."""
UNTYPED = (Kind.LIFECYCLE, Kind.ROLE, Kind.ALERT)
"""Kinds of entries that people do not type as notes."""


@Verb(
    "close",
    "[WHEN]",
    does="ends the incident and starts the scorecard",
    example="close",
    group=Group.INCIDENT,
    meant_by=("end", "done", "stop", "finish"),
    bare_number=BareNumber.INCIDENT_ALONE,
    free_text=False,
    standing=Standing.RESPONDER,
    final_takes=(ANYTHING,),
    undone_in_final=False,
)
def close(ctx: IncidentContext, command: Command) -> Outcome:
    """End the incident and begin the scorecard; then a lookup names the missing parts of its report."""
    _must_be_open(ctx)
    at = moment(ctx, command.text, usage=sentence("{ir} close [WHEN]")) if command.text.strip() else _now(ctx)
    if at.at is None:
        raise RefusedError(sentence("The end needs a time that is known: type {ir} close WHEN, or {ir} close for now."))
    if at.at < ctx.incident.opened_at:
        raise RefusedError(f"It was opened at {ctx.incident.opened_at:%Y-%m-%d %H:%M}: it cannot end before that.")
    enter_waiting(ctx.session, ctx.incident, now=ctx.now)
    entry = _entered(ctx, at, "Incident closed.")
    set_head(ctx.session, ctx.audit, state=State.CLOSED.value, status=Status.RESOLVED.value, closed_at=at.at)
    nudges.care_for(ctx.session, ctx.number, person=ctx.person, since=ctx.now)
    closed = target.read_again(ctx)
    keep(closed)
    report = outline_of(ctx.session, ctx.application, ctx.number)
    asks, told = dialogue.begin(closed, report)
    said = _closed(closed, at, report=report, entry=entry, asks=asks)
    more = ctx.look_up(_say_what_is_left, if_unread=NOT_LOOKED_UP)
    return [ctx.reply(said), *told, more, OutboxFilled(), *tell_page(ctx)]


@Verb(
    "reopen",
    does="opens it again",
    example="reopen",
    group=Group.INCIDENT,
    bare_number=BareNumber.INCIDENT,
    standing=Standing.RESPONDER,
    final_takes=(ANYTHING,),
    undone_in_final=False,
)
def reopen(ctx: IncidentContext, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Open the incident again."""
    if ctx.incident.open:
        raise RefusedError(f"Incident {ctx.incident.name} is open.")
    status = _status_before_the_end(ctx)
    set_head(
        ctx.session,
        ctx.audit,
        state=State.OPEN.value,
        status=status.value,
        document_status=DocumentStatus.DRAFT.value,
        closed_at=None,
    )
    scores.stop_about(ctx.session, ctx.number)
    incidents.make_current(ctx.session, ctx.incident.network, ctx.incident.channel, ctx.number)
    opened = target.read_again(ctx)
    entry = _entered(opened, _now(ctx), "Incident reopened.")
    take_held(opened)
    said = f"Incident {ctx.incident.name} is open again, {status}.{entry}"
    return [ctx.reply(said), OutboxFilled(), *tell_page(ctx)]


@Verb(
    "cancel",
    "REASON",
    does="ends what was no incident, and says why",
    example="cancel a test gone astray",
    group=Group.INCIDENT,
    bare_number=BareNumber.UNCLEAR,
    text_ends_entry=True,
    standing=Standing.TRUSTED,
    lone_opener=True,
    final_takes=(ANYTHING,),
    undone_in_final=False,
)
def cancel(ctx: IncidentContext, command: Command) -> Outcome:
    """Cancel the incident: it was none."""
    _must_be_open(ctx)
    reason = prose(command.text, usage=sentence("{ir} cancel REASON"))
    at = _now(ctx)
    entry = _entered(ctx, at, f"Incident cancelled: {reason}")
    set_head(ctx.session, ctx.audit, state=State.CANCELLED.value, closed_at=at.at)
    said = sentence("Incident {} is cancelled.{} If it was the wrong one: {ir} undo.", ctx.incident.name, entry)
    return [ctx.reply(said), *_told_beyond(ctx)]


@Verb(
    "draft",
    does="makes the report a draft again",
    example="draft",
    group=Group.REPORT,
    bare_number=BareNumber.INCIDENT,
    standing=Standing.RESPONDER,
    final_takes=(ANYTHING,),
)
@Verb(
    "review",
    does="says the report is ready to be reviewed",
    example="review",
    group=Group.REPORT,
    bare_number=BareNumber.INCIDENT,
    standing=Standing.RESPONDER,
    final_takes=(ANYTHING,),
)
def document(ctx: IncidentContext, command: Command) -> Outcome:
    """Make the report a draft again, or put it up for review."""
    return _set_document(ctx, DocumentStatus(command.verb.name))


@Verb(
    "final",
    "[REASON]",
    does="says the report is done; final! REASON insists while parts are missing",
    example="final",
    group=Group.REPORT,
    meant_by=("approve", "approved"),
    forced=True,
    bare_number=BareNumber.UNCLEAR,
    standing=Standing.TRUSTED,
    final_takes=(ANYTHING,),
)
def final(ctx: IncidentContext, command: Command) -> Outcome:
    """Make the report final.

    Raises RefusedError while the incident is open, or if parts are missing and no reason is given with ``final!``.
    """
    if ctx.incident.open:
        raise RefusedError(sentence("Incident {} is open: {ir} close ends it first.", ctx.incident.name))
    report = outline_of(ctx.session, ctx.application, ctx.number)
    lacking, checks = report.missing, _behind(phrase_checks(report.warnings))
    reason = clean(command.text)
    if lacking and not (command.forced and reason):
        raise RefusedError(sentence("Not final, {}. {ir} final! REASON insists.{}", phrase(lacking), checks))
    if lacking:
        parts.set_field(ctx.session, ctx.audit, INSISTED, reason)
    why = f", {phrase(lacking)} ({reason})" if lacking else ""
    return _set_document(ctx, DocumentStatus.FINAL, why=why, checks=checks)


def _told_beyond(ctx: IncidentContext) -> Outcome:
    """Have task and page brought up to date."""
    return [OutboxFilled(), *tell_page(ctx)]


def _behind(said: Speech) -> Speech:
    return sentence(" {}", said) if said else ""


def _set_document(ctx: IncidentContext, status: DocumentStatus, *, why: str = "", checks: Speech = "") -> Outcome:
    if not set_head(ctx.session, ctx.audit, document_status=status.value):
        raise RefusedError(f"The report of {ctx.number} is {SPOKEN[status]} already.")
    older = _behind("" if status is DocumentStatus.DRAFT else older_page(ctx))
    said = sentence("The report of {} is {} now{}.{}{}", ctx.incident.name, SPOKEN[status], why, checks, older)
    return [ctx.reply(said), *tell_page(ctx)]


def _status_before_the_end(ctx: IncidentContext) -> Status:
    """The status before the incident ended; that of an imported one is not known."""
    found = changes.of_table(ctx.session, ctx.number, incident)
    endings = [each for each in found if (each.new or {}).get("state", State.OPEN) != State.OPEN and each.old]
    before = {"status": ctx.incident.status, **(endings[-1].old or {})} if endings else {}
    return Status(before.get("status", Status.INVESTIGATING))


def _must_be_open(ctx: IncidentContext) -> None:
    incident = ctx.incident
    if not incident.open:
        at = incident.closed_at
        standing = f"has been {incident.state} since {at:%Y-%m-%d %H:%M}" if at else f"is {incident.state}"
        raise RefusedError(sentence("Incident {} {}: {ir} reopen opens it again.", incident.name, standing))


def _now(ctx: IncidentContext) -> Moment:
    return resolve(None, context=context(ctx))


def _entered(ctx: IncidentContext, at: Moment, text: str) -> str:
    if ctx.incident.retrospective:
        return ""
    number = enter(ctx, at, text, kind=Kind.LIFECYCLE)
    return f" #{number} {label(at, day_shown=False)} logged."


def _closed(ctx: IncidentContext, at: Moment, *, report: Report, entry: str, asks: Speech) -> Speech:
    told: list[Speech] = [
        f"Incident {ctx.incident.name} is closed{_lengths(ctx, at, report)}.{entry}",
        EARLIER if ctx.incident.retrospective and at.precision is Precision.SECOND else "",
        asks,
    ]
    return joined(" ", filter(None, told))


def _say_what_is_left(ctx: IncidentContext) -> Outcome:
    """Say what the report still lacks, what contradicts itself, who logged unlisted, and that the page is older."""
    report = outline_of(ctx.session, ctx.application, ctx.number)
    still = [part for part in report.missing if part != "scorecard"]
    told: list[Speech] = [
        f"{phrase(still).capitalize()}." if still else "",
        phrase_checks(report.warnings),
        _unlisted(ctx),
        older_page(ctx),
    ]
    said = joined(" ", filter(None, told))
    about = f"Incident {ctx.number}: " if ctx.incident.open_here else ""
    return ctx.say(about + said) if said else []


def _since_opened(ctx: IncidentContext, at: Moment) -> str:
    """Say how long the incident was open; of a retrospective one, say when it ended if that was typed."""
    if ctx.incident.retrospective:
        return "" if at.precision is Precision.SECOND else f" as of {label(at, day_shown=True)}"
    lasted = minutes_between(ctx.incident.opened_at, at.at)
    return f" after {spell_minutes(lasted)}" if lasted else ""


def _lengths(ctx: IncidentContext, at: Moment, report: Report) -> str:
    """Say how long the incident was open, unless the outage was longer, and how long the outage lasted."""
    durations = report.durations
    if not durations.outages or durations.outage_minutes is None:
        return _since_opened(ctx, at)
    longer = not ctx.incident.retrospective and durations.outage_minutes > (durations.open_minutes or 0)
    return f"{'' if longer else _since_opened(ctx, at)} (outage: {spell_minutes(durations.outage_minutes)})"


def _unlisted(ctx: IncidentContext) -> Speech:
    """Name the people who typed notes and are not on the list, without relays and those who only closed it."""
    loose = dict.fromkeys(
        without_ping(nick)
        for person, nick, account in authors.authors(ctx.session, ctx.number, besides=UNTYPED)
        if own_place(ctx, person) is None and named_place(ctx, nick, account) is None
    )
    return (
        sentence("Logged but not on the list: {} ({ir} add NAME).", cut(listing(list(loose)), NAMES_BYTES))
        if loose
        else ""
    )
