"""The words that the reports of every format share: times, people, notices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from irscribe.domain.duration import spell_minutes
from irscribe.domain.missing import SPOKEN
from irscribe.domain.report import Entry, Gap, Metadata, Report, Responder, State
from irscribe.domain.spelling import show

UNKNOWN = "??:??"

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


def said(entry: Entry) -> str:
    """The text of an entry; a quote stands behind its speaker's ``<nick>``."""
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
    begin = f"{deaf.begins:%Y-%m-%d %H:%M}"
    if deaf.ends is None:
        return f"No ears from {begin}: what has been said in the channel since may be missing here."
    pattern = "%H:%M" if deaf.ends.date() == deaf.begins.date() else "%Y-%m-%d %H:%M"
    return f"No ears {begin} – {deaf.ends:{pattern}}: what was said in the channel then may be missing here."


def outages(report: Report) -> Iterator[str]:
    """A sentence per outage; begin and end are in the timeline."""
    for outage in report.durations.outages:
        name = f"Outage {outage.scope}" if outage.scope else "Outage"
        until = f"{outage.ends:%Y-%m-%d %H:%M}" if outage.ends else "not ended"
        length = f", {spell_minutes(outage.minutes)}" if outage.minutes is not None else ""
        yield f"{name}: {outage.begins:%Y-%m-%d %H:%M} – {until}{length}"


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


def missing(report: Report) -> str:
    """What the report still lacks, in words; nothing when it is complete."""
    return ", ".join(SPOKEN.get(part, part) for part in report.missing)
