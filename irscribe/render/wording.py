"""The words that the reports of every format share: times, people, notices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from irscribe.domain.duration import spell_minutes
from irscribe.domain.outages import partial_ends
from irscribe.domain.prose import listing
from irscribe.domain.record import Version
from irscribe.domain.report import Entry, Gap, Kind, Metadata, Outage, Report, Responder, State
from irscribe.domain.spelling import show

UNKNOWN = "??:??"

_SAYS_DECIDED = re.compile(r"\W*decided\b", re.IGNORECASE)
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
    """Whether a part is missing, as opposed to said to be none; it may go by its command's name."""
    return part in report.missing or _TYPED_AS.get(part) in report.missing


def is_dated(report: Report) -> bool:
    """Whether the timeline leaves the day in the incident's name, so that its times need their dates."""
    return len({report.incident.opened_at.date(), *_days(report)}) > 1


def _days(report: Report) -> Iterator[date]:
    for entry in report.timeline:
        yield from (moment.date() for moment in (entry.at, entry.until) if moment)


def clock(entry: Entry, *, dated: bool) -> str:
    """When an entry was, as people write it in UTC; a range that ends on another day says so."""
    if entry.at is None:
        return UNKNOWN
    begin = show(entry.at, entry.precision, day_shown=dated)
    if entry.until is not None:
        other_day = entry.until.date() != entry.at.date()
        begin = f"{begin} – {show(entry.until, entry.precision, day_shown=other_day)}"
    return f"{begin} (approximately)" if entry.approximate else begin


def said(entry: Entry | Version) -> str:
    """The text of an entry; a quote stands behind its speaker's ``<nick>``, a decision behind ``Decided:``."""
    if entry.kind is Kind.DECISION and not _SAYS_DECIDED.match(entry.text):
        return f"Decided: {entry.text}"
    nick = f"<{entry.speaker}>"
    if entry.speaker is None or entry.text.startswith(nick):
        return entry.text
    return f"{nick} {entry.text}"


def second(moment: datetime | None) -> str:
    """A moment as metadata tables write it; nothing for none."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def people(metadata: Metadata) -> str:
    """The responders: how many, who, and the remark behind them; nothing for nobody."""
    counted = f"{len(metadata.responders)}: " if metadata.responders else ""
    return counted + names(metadata)


def names(metadata: Metadata) -> str:
    """The responders by name, and the remark behind them; nothing for nobody."""
    known = ", ".join(responder.name for responder in metadata.responders)
    if not metadata.others:
        return known
    return f"{known} ({metadata.others})" if known else metadata.others


def paged(metadata: Metadata) -> str:
    """How many people were paged, as typed; nothing when nobody said."""
    return metadata.people_paged.text or ""


def coordinators(report: Report) -> str:
    """Who coordinated, in order; that there was nobody is only said when somebody said so."""
    if report.metadata.coordinators:
        return ", ".join(report.metadata.coordinators)
    return "" if lacks(report, "coordinators") else "No ICs"


def work(responder: Responder) -> str:
    """What a responder was on and when they left; nothing when nobody said."""
    left = f"left {responder.left_at:%Y-%m-%d %H:%M}" if responder.left_at else ""
    return ", ".join(part for part in (responder.focus, left) if part)


def gap(deaf: Gap) -> str:
    """A sentence about a time in which the timeline may lack something."""
    begin = f"The bot could not hear the channel from {deaf.begins:%Y-%m-%d %H:%M}"
    if deaf.ends is None:
        return f"{begin} on: what has been said there since may be missing here."
    return f"{begin} to {_moment(deaf.ends, after=deaf.begins)}: what was said there then may be missing here."


def outages(report: Report) -> Iterator[str]:
    """A sentence per outage; begin and end are in the timeline."""
    for outage in report.durations.outages:
        name = f"Outage {outage.scope}" if outage.scope else "Outage"
        until = f"{outage.ends:%Y-%m-%d %H:%M}" if outage.ends else "not ended"
        length = f", {spell_minutes(outage.minutes)}" if outage.minutes is not None else ""
        parts = listing(over_for_parts(report, outage))
        sooner = f" (over at {parts})" if parts else ""
        yield f"{name}: {outage.begins:%Y-%m-%d %H:%M} – {until}{length}{sooner}"


def over_for_parts(report: Report, outage: Outage) -> list[str]:
    """When an outage was over for parts of what was out: ``16:30 for most VMs``."""
    return [f"{_moment(each.at, after=outage.begins)} {each.scope}" for each in partial_ends(report.timeline, outage)]


def _moment(moment: datetime, *, after: datetime) -> str:
    """A moment with its date, if it has another one than the moment before it."""
    return f"{moment:%H:%M}" if moment.date() == after.date() else f"{moment:%Y-%m-%d %H:%M}"


def notices(report: Report) -> Iterator[str]:
    """Sentences that a reader must not miss, most important first."""
    incident = report.incident
    if incident.private:
        yield "This incident is private. Do not publish this report."
    if incident.drill:
        yield "This was a drill."
    if incident.state is State.CANCELLED:
        yield "This incident was cancelled."
    if incident.state is State.OPEN:
        yield f"This incident is still open; its status is: {incident.status}."
