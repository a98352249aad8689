"""Suggests answers to scorecard questions from the record, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from irscribe.domain.moment import Moment
from irscribe.domain.prose import plural
from irscribe.domain.report import AnswerValue, Entry, Kind, Report, Suggestion
from irscribe.domain.spelling import label

PUBLIC_UPDATE = "Public status page updated:"
"""The beginning of the entries of ``public``."""
PEOPLE_PAGED = "people paged: "
"""The text before the only words of people that an evidence repeats."""
PAGED_COMPARED = 5
"""The number of people paged that the questionnaires compare with."""
UPDATES_THAT_COUNT = 2
"""With so many status updates the status counts as kept up to date."""


def suggest(name: str | None, report: Report) -> Suggestion | None:
    """Suggest the answer that a report supports, by the rule of this name; None if it supports none."""
    return None if name is None else RULES[name](report)


def _paged_more(report: Report) -> Suggestion | None:
    return _paged(report, lambda count: count > PAGED_COMPARED)


def _paged_fewer(report: Report) -> Suggestion | None:
    return _paged(report, lambda count: count < PAGED_COMPARED)


def _paged(report: Report, holds: Callable[[int], bool]) -> Suggestion | None:
    paged = report.metadata.people_paged
    if paged.count is None:
        return None
    return _suggestion(holds(paged.count), f"{PEOPLE_PAGED}{paged.text}")


def _status_updates(report: Report) -> Suggestion | None:
    found = [each for each in _of_kind(report, Kind.STATUS) if not each.text.startswith(PUBLIC_UPDATE)]
    if len(found) >= UPDATES_THAT_COUNT:
        return _suggestion(holds=True, evidence=f"{plural(len(found), 'status update')}, {_span(found)}")
    return _none_while_live(report, found, "the timeline has no status update")


def _public_updates(report: Report) -> Suggestion | None:
    found = [each for each in _of_kind(report, Kind.STATUS) if each.text.startswith(PUBLIC_UPDATE)]
    if found:
        return _suggestion(holds=True, evidence=f"public status page updated {_span(found)}")
    return _none_while_live(report, found, "the timeline has no update of the public status page")


def _task(report: Report) -> Suggestion | None:
    if report.metadata.task is not None:
        return _suggestion(holds=True, evidence=report.metadata.task.url or report.metadata.task.id)
    if "task" not in report.missing:
        return _suggestion(holds=False, evidence="there was said to be no task")
    return None


def _owners(report: Report) -> Suggestion | None:
    wanting = [each for each in report.actionables if each.owner is None and not each.done]
    if not report.actionables:
        return None
    if not wanting:
        return _suggestion(holds=True, evidence="every actionable has an owner or is done")
    if any(each.task is not None for each in wanting):
        return None
    return _suggestion(holds=False, evidence=f"{plural(len(wanting), 'actionable')} without an owner")


def _alerts(report: Report) -> Suggestion | None:
    found = _of_kind(report, Kind.ALERT)
    if not found:
        return None
    return _suggestion(holds=True, evidence=f"#{found[0].number} is an alert by {found[0].author.nick}")


RULES: Mapping[str, Callable[[Report], Suggestion | None]] = MappingProxyType(
    {
        "more than five people paged": _paged_more,
        "fewer than five people paged": _paged_fewer,
        "status updates": _status_updates,
        "public updates": _public_updates,
        "task": _task,
        "owners": _owners,
        "alerts": _alerts,
    }
)
"""The rules that a questionnaire may name as evidence."""


def _suggestion(holds: bool, evidence: str) -> Suggestion:  # noqa: FBT001 - it is the only argument that varies
    return Suggestion(answer=AnswerValue.YES if holds else AnswerValue.NO, evidence=evidence)


def _none_while_live(report: Report, found: Sequence[Entry], evidence: str) -> Suggestion | None:
    """Suggest no if the incident was recorded live: a timeline written afterwards leaves out too much for that."""
    if found or not _of_kind(report, Kind.LIFECYCLE):
        return None
    return _suggestion(holds=False, evidence=evidence)


def _of_kind(report: Report, kind: Kind) -> list[Entry]:
    return [each for each in report.timeline if each.kind is kind]


def _span(found: Sequence[Entry]) -> str:
    first, last = _time(found[0]), _time(found[-1])
    return f"at {first}" if len(found) == 1 else f"from {first} to {last}"


def _time(entry: Entry) -> str:
    moment = Moment(at=entry.at, precision=entry.precision, approximate=entry.approximate)
    return label(moment, day_shown=False)
