"""What of a report its readers get: a person reads less than the record holds, the public less than the channel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from irscribe.domain.missing import SPOKEN
from irscribe.domain.report import Report, Responder
from irscribe.render import Style


@dataclass(frozen=True, kw_only=True)
class Checks:
    """What a report lacks and what contradicts itself, for those who can mend it; names as in ``Report.missing``."""

    missing: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def lacking(self) -> str:
        """What is missing, in words; nothing when nothing is."""
        return ", ".join(SPOKEN.get(part, part.replace("_", " ")) for part in self.missing)


def checks(report: Report, style: Style) -> Checks:
    """The checks that the readers of this style get to see; the public sees none."""
    if style.published:
        return Checks(missing=(), warnings=())
    return Checks(missing=report.missing, warnings=report.warnings)


def readable(report: Report) -> Report:
    """The report without the times at which people came and went before or after the incident.

    Those tell when a report was written: whoever joins to write about 2019 joins today.
    """
    people = tuple(_at_work(each, report) for each in report.metadata.responders)
    return replace(report, metadata=replace(report.metadata, responders=people))


def _at_work(each: Responder, report: Report) -> Responder:
    joined, left = each.joined_at, each.left_at
    return replace(
        each,
        joined_at=joined if joined and _is_within(joined, report) else None,
        left_at=left if left and _is_within(left, report) else None,
    )


def _is_within(moment: datetime, report: Report) -> bool:
    incident, metadata = report.incident, report.metadata
    begins = min(each for each in (incident.opened_at, metadata.start) if each)
    ends = (incident.closed_at, metadata.end) if incident.closed_at else ()
    latest = max((each for each in ends if each), default=None)
    return begins <= moment and (latest is None or moment <= latest)
