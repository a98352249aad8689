"""Ending an incident, taking that back, and the status of its document."""

from __future__ import annotations

from irscribe.commands import Command
from irscribe.domain.dayrule import resolve
from irscribe.domain.duration import spell_minutes
from irscribe.domain.errors import RefusedError
from irscribe.domain.missing import phrase
from irscribe.domain.moment import Moment, Precision
from irscribe.domain.outages import minutes_between
from irscribe.domain.prose import listing, without_ping
from irscribe.domain.report import DocumentStatus, Kind, Report, State, Status
from irscribe.domain.spelling import label
from irscribe.domain.text import clean, cut
from irscribe.services import addressing, filing, questioning
from irscribe.services.noting import enter
from irscribe.services.reporting import report_of
from irscribe.services.roster import named_place, own_place
from irscribe.services.turn import Case, Outcome
from irscribe.services.wording import context, moment, prose
from models import changes, entries, incidents, parts, scores
from models.parts import set_head
from models.tables import incident

EARLIER = "It ends now; if it ended before: !ir undo, then !ir close WHEN."
INSISTED = "insisted"
"""The field that holds why a report is final although parts are missing."""
NAMED = 300
"""Bytes of names that a sentence may hold."""
UNTYPED = (Kind.LIFECYCLE, Kind.ROLE, Kind.ALERT)
"""Kinds of entries that nobody typed as a note."""

SPOKEN = {DocumentStatus.DRAFT: "a draft", DocumentStatus.REVIEW: "up for review", DocumentStatus.FINAL: "final"}


def close(case: Case, command: Command) -> Outcome:
    """End the incident, say what the report lacks, and begin the scorecard."""
    _must_be_open(case)
    at = moment(case, command.text, usage="!ir close [WHEN]") if command.text.strip() else _now(case)
    if at.at is None:
        raise RefusedError("The end needs a time that is known: type !ir close WHEN, or !ir close for now.")
    if at.at < case.incident.opened_at:
        raise RefusedError(f"It was opened at {case.incident.opened_at:%Y-%m-%d %H:%M}: it cannot end before that.")
    entry = _entered(case, at, "Incident closed.")
    set_head(case.session, case.trail, state=State.CLOSED.value, status=Status.RESOLVED.value, closed_at=at.at)
    asks, told = questioning.begin(_again(case))
    return [case.turn.say(_closed(_again(case), at, entry=entry, asks=asks)), *told, *filing.tell_task(case)]


def reopen(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Open the incident again."""
    if case.incident.open:
        raise RefusedError(f"Incident {case.incident.name} is open.")
    status = _status_before_the_end(case)
    set_head(
        case.session,
        case.trail,
        state=State.OPEN.value,
        status=status.value,
        document_status=DocumentStatus.DRAFT.value,
        closed_at=None,
    )
    scores.stop_about(case.session, case.number)
    incidents.make_current(case.session, case.incident.network, case.incident.channel, case.number)
    entry = _entered(_again(case), _now(case), "Incident reopened.")
    return [case.turn.say(f"Incident {case.incident.name} is open again, {status}.{entry}"), *filing.tell_task(case)]


def cancel(case: Case, command: Command) -> Outcome:
    """Say that it was no incident."""
    _must_be_open(case)
    reason = prose(command.text, usage="!ir cancel REASON")
    at = _now(case)
    entry = _entered(case, at, f"Incident cancelled: {reason}")
    set_head(case.session, case.trail, state=State.CANCELLED.value, closed_at=at.at)
    said = f"Incident {case.incident.name} is cancelled.{entry} If it was the wrong one: !ir undo."
    return [case.turn.say(said), *filing.tell_task(case)]


def document(case: Case, command: Command) -> Outcome:
    """Say that the report is a draft again, or ready to be reviewed."""
    return _set_document(case, DocumentStatus(command.verb.name))


def final(case: Case, command: Command) -> Outcome:
    """Say that the report is done.

    Raises RefusedError while the incident is open, or parts are missing and nobody insists with a reason.
    """
    if case.incident.open:
        raise RefusedError(f"Incident {case.incident.name} is open: !ir close ends it first.")
    lacking = report_of(case.session, case.turn.house, case.number).missing
    reason = clean(command.text)
    if lacking and not (command.forced and reason):
        raise RefusedError(f"Not final, {phrase(lacking)}. !ir final! REASON insists.")
    if lacking:
        parts.set_field(case.session, case.trail, INSISTED, reason)
    return _set_document(case, DocumentStatus.FINAL, why=f", {phrase(lacking)} ({reason})" if lacking else "")


def _set_document(case: Case, status: DocumentStatus, *, why: str = "") -> Outcome:
    if not set_head(case.session, case.trail, document_status=status.value):
        raise RefusedError(f"The report of {case.number} is {SPOKEN[status]} already.")
    return case.say(f"The report of {case.incident.name} is {SPOKEN[status]} now{why}.")


def _status_before_the_end(case: Case) -> Status:
    """The status that the end replaced; of an incident that was imported as ended nobody knows it."""
    found = changes.of_table(case.session, case.number, incident)
    endings = [each for each in found if (each.new or {}).get("state", State.OPEN) != State.OPEN and each.old]
    before = {"status": case.incident.status, **(endings[-1].old or {})} if endings else {}
    return Status(before.get("status", Status.INVESTIGATING))


def _must_be_open(case: Case) -> None:
    incident = case.incident
    if not incident.open:
        at = incident.closed_at
        standing = f"has been {incident.state} since {at:%Y-%m-%d %H:%M}" if at else f"is {incident.state}"
        raise RefusedError(f"Incident {incident.name} {standing}: !ir reopen opens it again.")


def _now(case: Case) -> Moment:
    return resolve(None, context=context(case))


def _entered(case: Case, at: Moment, text: str) -> str:
    if case.incident.retrospective:
        return ""
    number = enter(case, at, text, kind=Kind.LIFECYCLE)
    return f" #{number} {label(at, day_shown=False)} logged."


def _again(case: Case) -> Case:
    return addressing.case_of(case.turn, addressing.visible(case.turn, case.number))


def _closed(case: Case, at: Moment, *, entry: str, asks: str) -> str:
    report = report_of(case.session, case.turn.house, case.number)
    still = [part for part in report.missing if part != "scorecard"]
    outage = _outage(report)
    sentences = [
        f"Incident {case.incident.name} is closed{_since_opened(case, at)}{f' ({outage})' if outage else ''}.{entry}",
        EARLIER if case.incident.retrospective and at.precision is Precision.SECOND else "",
        f"{phrase(still).capitalize()}." if still else "",
        _unlisted(case),
        asks,
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _since_opened(case: Case, at: Moment) -> str:
    """How long it was open; of one written down afterwards when it ended, where that was typed."""
    if case.incident.retrospective:
        return "" if at.precision is Precision.SECOND else f" as of {label(at, day_shown=True)}"
    lasted = minutes_between(case.incident.opened_at, at.at)
    return f" after {spell_minutes(lasted)}" if lasted else ""


def _outage(report: Report) -> str:
    """How long the outage lasted that the timeline marks."""
    minutes = report.durations.outage_minutes if report.durations.outages else None
    return f"outage: {spell_minutes(minutes)}" if minutes else ""


def _unlisted(case: Case) -> str:
    """Who typed a line of the timeline and is not on the list; machines and who only closed it are nobody to name."""
    recorded = entries.all_of(case.session, case.number)
    typed = [each for each in recorded if each.current.standing and each.current.kind not in UNTYPED]
    loose = dict.fromkeys(
        without_ping(each.nick)
        for each in typed
        if own_place(case, each.person) is None and named_place(case, each.nick, each.account) is None
    )
    return f"Logged but not on the list: {cut(listing(list(loose)), NAMED)} (!ir add NAME)." if loose else ""
