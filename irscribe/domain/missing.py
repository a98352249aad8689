"""The missing parts of a report, and the parts that a person said to be none."""

from __future__ import annotations

from collections.abc import Sequence

from irscribe.domain.prose import listing
from irscribe.domain.report import Report, State

SPOKEN = {
    "title": "title",
    "summary": "summary",
    "impact": "impact",
    "detection": "detection",
    "timeline": "timeline",
    "task": "task",
    "paged": "who was paged",
    "ic": "coordinator",
    "responders": "responders",
    "metrics": "metrics",
    "well": "what went well",
    "poorly": "what went poorly",
    "lucky": "where we got lucky",
    "link": "links",
    "action": "actionables",
    "scorecard": "scorecard",
    "owner": "an owner whom the task server knows",
}
"""The parts by their names in ``missing``, with the words for the channel."""

PARTS = tuple(SPOKEN)
CAN_BE_NONE = frozenset({"detection", "task", "ic", "metrics", "well", "poorly", "lucky", "link", "action"})
"""The parts that a person may say to be none."""


def missing(report: Report, none: frozenset[str], *, besides: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The empty parts that are not in ``none``, in the order of ``PARTS``; the report's own ``missing`` is not read.

    ``besides`` are parts that lack something which the report does not show.
    """
    lacking = besides | _empty(report) - (none & CAN_BE_NONE)
    return tuple(part for part in PARTS if part in lacking)


def said_none(report: Report) -> frozenset[str]:
    """The empty parts that a report does not call missing: an import has to restore them."""
    return (_empty(report) & CAN_BE_NONE) - set(report.missing)


def phrase(parts: Sequence[str]) -> str:
    """Name the missing parts: ``still missing: summary, impact and who was paged``."""
    if not parts:
        return "nothing is missing"
    return f"still missing: {listing([SPOKEN[part] for part in parts])}"


def _empty(report: Report) -> frozenset[str]:
    return frozenset(part for part, value in _values(report).items() if not value)


def _values(report: Report) -> dict[str, object]:
    metadata, conclusions = report.metadata, report.conclusions
    return {
        "title": report.incident.title,
        "summary": report.summary,
        "impact": report.impact,
        "detection": report.detection,
        "timeline": report.timeline,
        "task": metadata.task,
        "paged": metadata.people_paged.text,
        "ic": metadata.coordinators,
        "responders": metadata.responders,
        "metrics": metadata.metrics,
        "well": conclusions.went_well,
        "poorly": conclusions.went_poorly,
        "lucky": conclusions.got_lucky,
        "link": report.links,
        "action": report.actionables,
        "scorecard": _is_scored_or_too_early(report),
    }


def _is_scored_or_too_early(report: Report) -> bool:
    complete = report.scorecard is not None and report.scorecard.complete
    return complete or report.incident.state is not State.CLOSED
