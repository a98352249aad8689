"""The moments that the axis of the drawing has to show."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from irscribe.domain.moment import Precision
from irscribe.domain.report import Entry, Gap, Report
from irscribe.render.stretches import SHORTEST_QUIET

_DAY = timedelta(days=1)


def moments(report: Report) -> Sequence[datetime]:
    """The moments that the axis has to show, sorted.

    A gap counts as far as it is near to what happened; a short one does not interrupt a quiet time.
    """
    activity = sorted(_activity(report))
    known = sorted((*activity, *_ends(report)))
    core = sorted((*known, *_lone_days(report, known)))
    return sorted((*core, *_near(report, core, activity or core)))


def lasts(entry: Entry, begins: datetime) -> tuple[datetime, datetime]:
    """The begin and the end of an entry; a day ends at midnight."""
    ends = entry.until or begins
    return begins, ends + _DAY if entry.precision is Precision.DAY else ends


def _activity(report: Report) -> Iterator[datetime]:
    """The exact times of entries, the outages and the alerts."""
    for entry in report.timeline:
        if entry.at and entry.precision is not Precision.DAY:
            yield entry.at
            if entry.until:
                yield entry.until
    for outage in report.durations.outages:
        yield from (moment for moment in (outage.begins, outage.ends) if moment)
    for alert in report.alerts:
        yield from (moment for moment in (alert.first_at, alert.last_at, alert.over_at) if moment)


def _ends(report: Report) -> Iterator[datetime]:
    """Begin and end of the incident and of its record."""
    incident, metadata = report.incident, report.metadata
    for moment in (incident.opened_at, incident.closed_at, metadata.start, metadata.end):
        if moment:
            yield moment


def _lone_days(report: Report, core: Sequence[datetime]) -> Iterator[datetime]:
    """The begins of the entries known to the day, if nothing else happened on that day.

    The rest of such a day is drawn as far as there is room: at which time of the day it was, nobody knows.
    """
    for entry in report.timeline:
        if entry.at and entry.precision is Precision.DAY:
            begins, ends = lasts(entry, entry.at)
            following = bisect_left(core, begins)
            if following == len(core) or core[following] > ends:
                yield begins


def _near(report: Report, core: Sequence[datetime], active: Sequence[datetime]) -> Iterator[datetime]:
    """The begins and ends of gaps, and the ends of days, that are near to what happened."""
    reach = max(active[-1] - active[0], SHORTEST_QUIET)
    for moment in (*_of_gaps(report, core), *_ends_of_days(report, core)):
        if active[0] - reach <= moment <= active[-1] + reach:
            yield moment


def _of_gaps(report: Report, core: Sequence[datetime]) -> Iterator[datetime]:
    for gap in report.gaps:
        ends = [moment for moment in (gap.begins, gap.ends) if moment]
        yield from ends if _is_long(gap) else (each for each in ends if not core[0] < each < core[-1])


def _is_long(gap: Gap) -> bool:
    return gap.ends is not None and gap.ends - gap.begins >= SHORTEST_QUIET


def _ends_of_days(report: Report, core: Sequence[datetime]) -> Iterator[datetime]:
    days = (lasts(each, each.at) for each in report.timeline if each.at and each.precision is Precision.DAY)
    yield from (ends for begins, ends in days if ends > core[-1] >= begins)
