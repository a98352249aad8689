"""Refuses a report whose keys contradict each other: no record could have given it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from irscribe.domain.errors import ReportError
from irscribe.domain.moment import Precision
from irscribe.domain.report import Entry, Report


def refuse_contradictions(report: Report) -> None:
    """Check that the parts of a report fit together.

    Raises ReportError that names the first place where they do not.
    """
    problem = next(_contradictions(report), None)
    if problem:
        raise ReportError(problem)


def _contradictions(report: Report) -> Iterator[str]:
    yield from chain.from_iterable(_in_entry(f"timeline[{at}]", each) for at, each in enumerate(report.timeline))
    yield from _repeated("timeline", (each.number for each in report.timeline))
    yield from _repeated("actionables", (each.number for each in report.actionables))
    yield from _repeated("theories", (each.number for each in report.theories))
    yield from _repeated("related", (each.number for each in report.related))
    yield from _in_theories(report)
    if report.scorecard:
        yield from _repeated("scorecard.answers", (each.number for each in report.scorecard.answers))


def _in_entry(place: str, entry: Entry) -> Iterator[str]:
    if (entry.at is None) != (entry.precision is Precision.UNKNOWN):
        yield f"{place}.at: it is null when precision is unknown, and only then."
    if entry.until and (entry.at is None or entry.until < entry.at):
        yield f"{place}.until: a range ends at or after its “at”."
    if entry.marker and entry.marker.phrase not in entry.text:
        yield f"{place}.marker.phrase: it is not a part of the entry's text."


def _in_theories(report: Report) -> Iterator[str]:
    """Each entry says something of one theory at most, and is in the timeline."""
    free = {each.number for each in report.timeline}
    for at, theory in enumerate(report.theories):
        for number in (theory.entry, *(each.entry for each in theory.judgements)):
            if number not in free:
                yield f"theories[{at}]: entry {number} is not in the timeline, or is about another theory."
            free.discard(number)


def _repeated(place: str, numbers: Iterable[int]) -> Iterator[str]:
    yield from (f"{place}: number {number} stands twice." for number, times in Counter(numbers).items() if times > 1)
