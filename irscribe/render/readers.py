"""Limits a report to its readers: the public sees less than the channel, a person less than the record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from irscribe.domain.missing import SPOKEN
from irscribe.domain.report import Answer, Report, Responder, Task
from irscribe.domain.reportparts import RoleTerm
from irscribe.render import Style


@dataclass(frozen=True, kw_only=True)
class Checks:
    """The missing parts and the warnings, for readers who can mend the report; names as in ``Report.missing``."""

    missing: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def lacking(self) -> str:
        """The missing parts in words; empty if there are none."""
        return ", ".join(SPOKEN.get(part, part.replace("_", " ")) for part in self.missing)


def checks(report: Report, style: Style) -> Checks:
    """The checks that the readers of this style see; the public sees none."""
    if style.published:
        return Checks(missing=(), warnings=())
    return Checks(missing=report.missing, warnings=report.warnings)


def readable(report: Report) -> Report:
    """Take the times out of a report at which people came, went or had a role before or after the incident.

    Such times tell when a report was written: a person who joins to write about 2019 joins today.
    """
    people = tuple(_at_work(each, report) for each in report.metadata.responders)
    roles = tuple(_in_role(each, report) for each in report.roles)
    return replace(report, metadata=replace(report.metadata, responders=people), roles=roles)


def public(report: Report) -> Report:
    """Take out of a report what the public is not to see: accounts, what tasks say, suggestions that nobody took.

    A task may be restricted, and the record does not hold whether it is. The missing parts and the warnings stay in the
    value, as a rendering needs them to tell ``None`` from a dash; a style that is ``published`` shows neither.
    """
    metadata = report.metadata
    return replace(
        report,
        metadata=replace(
            metadata,
            task=_named_only(metadata.task),
            responders=tuple(replace(each, account=None) for each in metadata.responders),
        ),
        timeline=tuple(replace(each, author=replace(each.author, account=None)) for each in report.timeline),
        actionables=tuple(replace(each, task=_named_only(each.task)) for each in report.actionables),
        scorecard=report.scorecard and replace(report.scorecard, answers=tuple(map(_taken, report.scorecard.answers))),
    )


def unchecked(report: Report) -> Report:
    """Take the missing parts and the warnings out of a report, for a format that would show them."""
    return replace(report, missing=(), warnings=())


def _named_only(task: Task | None) -> Task | None:
    return task and replace(task, title=None, status=None)


def _taken(answer: Answer) -> Answer:
    taken = answer.suggested is not None and answer.suggested.answer is answer.answer
    return answer if taken else replace(answer, suggested=None)


def _at_work(each: Responder, report: Report) -> Responder:
    return replace(each, joined_at=_within(each.joined_at, report), left_at=_within(each.left_at, report))


def _in_role(each: RoleTerm, report: Report) -> RoleTerm:
    return replace(each, since=_within(each.since, report), until=_within(each.until, report))


def _within(moment: datetime | None, report: Report) -> datetime | None:
    return moment if moment and _is_within(moment, report) else None


def _is_within(moment: datetime, report: Report) -> bool:
    incident, metadata = report.incident, report.metadata
    begins = min(each for each in (incident.opened_at, metadata.start) if each)
    ends = (incident.closed_at, metadata.end) if incident.closed_at else ()
    latest = max((each for each in ends if each), default=None)
    return begins <= moment and (latest is None or moment <= latest)
