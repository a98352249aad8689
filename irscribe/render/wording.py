"""The words that the reports of every format share: times, people, notices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from irscribe.domain.duration import spell_minutes
from irscribe.domain.outages import partial_ends
from irscribe.domain.prose import listing
from irscribe.domain.record import Version
from irscribe.domain.report import Actionable, Entry, Gap, Kind, Metadata, Outage, Report, Responder, State
from irscribe.domain.spelling import show

UNKNOWN = "??:??"

_SAYS_DECIDED = re.compile(r"\W*decided\b", re.IGNORECASE)
_SAYS_THEORY = re.compile(r"\W*theory\b", re.IGNORECASE)
_TYPED_AS = {
    "coordinators": "ic",
    "people_paged": "paged",
    "went_well": "well",
    "went_poorly": "poorly",
    "got_lucky": "lucky",
    "links": "link",
    "actionables": "action",
}


def lacks(report: Report, part: str) -> bool:
    """True if a part is missing, and was not said to be none; it may have the name of its command."""
    return part in report.missing or _TYPED_AS.get(part) in report.missing


def is_dated(report: Report) -> bool:
    """True if the timeline has another day than the opening, so that its times need their dates."""
    return len({report.incident.opened_at.date(), *_days(report)}) > 1


def _days(report: Report) -> Iterator[date]:
    for entry in report.timeline:
        yield from (moment.date() for moment in (entry.at, entry.until) if moment)


def clock(entry: Entry, *, dated: bool) -> str:
    """Spell the time of an entry as people write it, in UTC; a range that ends on another day names that day."""
    if entry.at is None:
        return UNKNOWN
    begin = show(entry.at, entry.precision, day_shown=dated)
    if entry.until is not None:
        other_day = entry.until.date() != entry.at.date()
        begin = f"{begin} – {show(entry.until, entry.precision, day_shown=other_day)}"
    return f"{begin} (approximately)" if entry.approximate else begin


def said(entry: Entry | Version) -> str:
    """Give the text of an entry: a quote behind its speaker, a decision behind ``Decided:``.

    An entry about a theory says so by itself, unless somebody has typed its text anew.
    """
    if entry.kind is Kind.DECISION and not _SAYS_DECIDED.match(entry.text):
        return f"Decided: {entry.text}"
    if entry.kind is Kind.THEORY and not _SAYS_THEORY.match(entry.text):
        return f"Theory: {entry.text}"
    nick = f"<{entry.speaker}>"
    if entry.speaker is None or entry.text.startswith((nick, f"* {entry.speaker} ")):
        return entry.text
    return f"{nick} {entry.text}"


def second(moment: datetime | None) -> str:
    """Spell a moment for a metadata table; empty for none."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def people(metadata: Metadata) -> str:
    """List the responders: their number, their names and the remark on others; empty for nobody."""
    counted = f"{len(metadata.responders)}: " if metadata.responders else ""
    return counted + names(metadata)


def names(metadata: Metadata) -> str:
    """List the responders by name, and the remark on others; empty for nobody."""
    known = ", ".join(responder.name for responder in metadata.responders)
    if not metadata.others:
        return known
    return f"{known} ({metadata.others})" if known else metadata.others


def paged(metadata: Metadata) -> str:
    """The number of people paged, as typed; empty if it is not known."""
    return metadata.people_paged.text or ""


def coordinators(report: Report) -> str:
    """List the coordinators in order; ``No ICs`` only if a person said so."""
    if report.metadata.coordinators:
        return ", ".join(report.metadata.coordinators)
    return "" if lacks(report, "coordinators") else "No ICs"


def work(responder: Responder) -> str:
    """The focus of a responder and the time they left; empty if neither is known."""
    left = f"left {responder.left_at:%Y-%m-%d %H:%M}" if responder.left_at else ""
    return ", ".join(part for part in (responder.focus, left) if part)


def due(action: Actionable) -> str:
    """Say by which day a follow-up is to be done; empty if that is not known, or it is done."""
    return f"due {action.due}" if action.due and not action.done else ""


def gap(missed: Gap) -> str:
    """Give the sentence about a gap, in which the timeline may lack something."""
    begin = f"The bot could not hear the channel from {missed.begins:%Y-%m-%d %H:%M}"
    if missed.ends is None:
        return f"{begin} on: what has been said there since may be missing here."
    return f"{begin} to {_moment(missed.ends, after=missed.begins)}: what was said there then may be missing here."


def outages(report: Report) -> Iterator[str]:
    """Give a sentence for each outage; its begin and end are in the timeline."""
    for outage in report.durations.outages:
        name = f"Outage {outage.scope}" if outage.scope else "Outage"
        until = f"{outage.ends:%Y-%m-%d %H:%M}" if outage.ends else "not ended"
        length = f", {spell_minutes(outage.minutes)}" if outage.minutes is not None else ""
        parts = listing(over_for_parts(report, outage))
        sooner = f" (over at {parts})" if parts else ""
        yield f"{name}: {outage.begins:%Y-%m-%d %H:%M} – {until}{length}{sooner}"


def over_for_parts(report: Report, outage: Outage) -> list[str]:
    """Spell the partial ends of an outage: ``16:30 for most VMs``."""
    return [f"{_moment(each.at, after=outage.begins)} {each.scope}" for each in partial_ends(report.timeline, outage)]


def _moment(moment: datetime, *, after: datetime) -> str:
    """Spell a moment, with its date if the moment before it has another one."""
    return f"{moment:%H:%M}" if moment.date() == after.date() else f"{moment:%Y-%m-%d %H:%M}"


def notices(report: Report) -> Iterator[str]:
    """The sentences that a reader must not miss, the most important one first."""
    incident = report.incident
    if incident.private:
        yield "This incident is private. Do not publish this report."
    if incident.drill:
        yield "This was a drill."
    if incident.state is State.CANCELLED:
        yield "This incident was cancelled."
    if incident.state is State.OPEN:
        yield f"This incident is still open; its status is: {incident.status}."
