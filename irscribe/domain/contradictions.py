"""Finds the outage markers that contradict each other, or the start and the end of the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from irscribe.domain.outages import Span
from irscribe.domain.pairing import Mark, Paired, pair
from irscribe.domain.report import Entry, MarkerKind
from irscribe.domain.sentence import Sentence, sentence
from irscribe.domain.text import cut

_MINUTE = timedelta(minutes=1)
_SCOPE_SHOWN = 60
"""Bytes of a scope that a sentence repeats."""
_BEGINS, _ENDS = MarkerKind.BEGINS, MarkerKind.ENDS


class Bound(StrEnum):
    """One side of the span of a report."""

    START = "start"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """A contradiction as a sentence without its full stop; ``remedy`` names the command that puts it right."""

    entries: frozenset[int]
    sentence: str
    remedy: Sentence
    bounds: frozenset[Bound] = frozenset()
    """The sides of the span that are contradicted."""


def find_contradictions(
    entries: Iterable[Entry], span: Span, *, closed_at: datetime | None = None
) -> tuple[Contradiction, ...]:
    """Give the contradictions of start and end, among the markers, and of markers with start, end or closing.

    A marker of unknown time contradicts nothing, and a contradiction that it may explain is left out.
    """
    marked = [(each, each.marker) for each in entries if each.marker is not None]
    marks = sorted((Mark.of(each, marker, each.at) for each, marker in marked if each.at is not None), key=_order)
    nowhere = datetime.min  # noqa: DTZ901 - never compared
    unplaced = [Mark.of(each, marker, nowhere) for each, marker in marked if each.at is None]
    among = _among(marks, unplaced)
    return (*_backwards(span), *among, *_outside(marks, span), *_after_the_closing(marks, closed_at))


@dataclass(frozen=True, kw_only=True)
class _Index:
    """The first marker for each key; a marker without a scope concerns all scopes."""

    first: Mark | None
    by_key: Mapping[str | None, Mark]

    @classmethod
    def of(cls, marks: Iterable[Mark], kind: MarkerKind) -> _Index:
        by_key: dict[str | None, Mark] = {}
        for each in marks:
            if each.kind is kind:
                by_key.setdefault(each.key, each)
        return cls(first=next(iter(by_key.values()), None), by_key=by_key)

    def first_that_concerns(self, mark: Mark) -> Mark | None:
        if mark.key is None:
            return self.first
        both = (self.by_key.get(mark.key), self.by_key.get(None))
        return min((each for each in both if each is not None), key=_order, default=None)


def _among(marks: Sequence[Mark], unplaced: Sequence[Mark]) -> list[Contradiction]:
    """The contradictions among the markers, without those that a marker of unknown time may explain."""
    begins = _Index.of(marks, _BEGINS)
    explaining = {_ENDS: _Index.of(unplaced, _BEGINS), _BEGINS: _Index.of(unplaced, _ENDS)}
    found = ((each.mark, _contradiction(each, begins)) for each in pair(marks))
    return [each for mark, each in found if each and explaining[mark.kind].first_that_concerns(mark) is None]


def _contradiction(paired: Paired, begins: _Index) -> Contradiction | None:
    mark = paired.mark
    if mark.kind is _BEGINS:
        return _say_begun(mark, paired.lasting) if paired.lasting else None
    if paired.before is not None:
        return _say_ended(mark, paired.before)
    if paired.ended or paired.part_of:
        return None
    begin = begins.first_that_concerns(mark)
    return _say_early(mark, begin) if begin else _say_without_begin(mark)


def _at(mark: Mark) -> datetime:
    """The time at which a marker contradicts least: the earliest of a begin, the latest of an end."""
    return mark.earliest if mark.kind is _BEGINS else mark.latest


def _order(mark: Mark) -> tuple[datetime, int]:
    return _at(mark), mark.number


def _outage(mark: Mark) -> str:
    return f"the outage “{cut(mark.scope, _SCOPE_SHOWN)}”" if mark.scope else "the outage"


def _typed(mark: Mark) -> str:
    """The scope as typed behind a command, after a blank; empty for everything."""
    return f" {cut(mark.scope, _SCOPE_SHOWN)}" if mark.scope else ""


def _backwards(span: Span) -> list[Contradiction]:
    if span.end is None or span.end >= span.start:
        return []
    end, start = (f"{each:%Y-%m-%d %H:%M} UTC" for each in (span.end, span.start))
    return [
        Contradiction(
            entries=frozenset(),
            sentence=f"end ({end}) is before start ({start})",
            remedy=sentence("{ir} start-time WHEN or {ir} end-time WHEN puts it right"),
            bounds=frozenset(Bound),
        )
    ]


def _outside(marks: Sequence[Mark], span: Span) -> list[Contradiction]:
    begins = [each for each in marks if each.kind is _BEGINS]
    ends = [each for each in marks if each.kind is _ENDS]
    found = []
    if begins and span.start - begins[0].latest >= _MINUTE:
        found.append(_say_outside(begins[0], "begins", "before the start", span.start, bound=Bound.START))
    if span.end is None:
        return found
    if ends and ends[-1].earliest - span.end >= _MINUTE:
        found.append(_say_outside(ends[-1], "ends", "after the end", span.end, bound=Bound.END))
    # If the end of the report is that of a marker, another outage may have begun after it.
    elif begins and begins[-1].earliest - span.end >= _MINUTE and all(each.earliest != span.end for each in ends):
        found.append(_say_outside(begins[-1], "begins", "after the end", span.end, bound=Bound.END))
    return found


def _after_the_closing(marks: Sequence[Mark], closed_at: datetime | None) -> list[Contradiction]:
    ends = [each for each in marks if each.kind is _ENDS]
    if closed_at is None or not ends or ends[-1].earliest - closed_at < _MINUTE:
        return []
    mark = ends[-1]
    at, closed = _spelled(_at(mark), closed_at)
    return [
        Contradiction(
            entries=frozenset((mark.number,)),
            sentence=f"#{mark.number} ends {_outage(mark)} at {at}, after the incident was closed at {closed}",
            remedy=sentence("{ir} move {} WHEN, or {ir} reopen and {ir} close WHEN, puts it right", mark.number),
        )
    ]


def _say_begun(mark: Mark, before: Mark) -> Contradiction:
    at, since = _spelled(_at(mark), _at(before))
    going_on = f"which has been going on since {since} (#{before.number})"
    return Contradiction(
        entries=frozenset((mark.number, before.number)),
        sentence=f"#{mark.number} begins {_outage(mark)} at {at}, {going_on}",
        remedy=sentence(
            "{ir} strike {} takes it out, {ir} outage ends WHEN{} says when the first one ended",
            mark.number,
            _typed(mark),
        ),
    )


def _say_ended(mark: Mark, before: Mark) -> Contradiction:
    at, ended = _spelled(_at(mark), _at(before))
    return Contradiction(
        entries=frozenset((mark.number, before.number)),
        sentence=f"#{mark.number} ends {_outage(mark)} at {at}, which ended at {ended} already (#{before.number})",
        remedy=sentence("{ir} strike {} takes it out", mark.number),
    )


def _say_early(mark: Mark, begin: Mark) -> Contradiction:
    at, begins = _spelled(_at(mark), _at(begin))
    return Contradiction(
        entries=frozenset((mark.number, begin.number)),
        sentence=f"#{mark.number} ends {_outage(mark)} at {at}, before it begins at {begins} (#{begin.number})",
        remedy=sentence("{ir} move {} WHEN or {ir} move {} WHEN puts it right", mark.number, begin.number),
    )


def _say_without_begin(mark: Mark) -> Contradiction:
    (at,) = _spelled(_at(mark))
    return Contradiction(
        entries=frozenset((mark.number,)),
        sentence=f"#{mark.number} ends {_outage(mark)} at {at}, and nothing says when it began",
        remedy=sentence("{ir} outage begins WHEN{} does", _typed(mark)),
    )


def _say_outside(mark: Mark, does: str, where: str, limit: datetime, *, bound: Bound) -> Contradiction:
    at, limited = _spelled(_at(mark), limit)
    return Contradiction(
        entries=frozenset((mark.number,)),
        sentence=f"#{mark.number} {does} {_outage(mark)} at {at}, {where} at {limited}",
        remedy=sentence("{ir} move {} WHEN or {ir} {}-time WHEN puts it right", mark.number, bound.value),
        bounds=frozenset((bound,)),
    )


def _spelled(*times: datetime) -> list[str]:
    """Spell times of day, with their dates if these are not all the same."""
    same_day = len({each.date() for each in times}) == 1
    return [f"{each:%H:%M}" if same_day else f"{each:%Y-%m-%d %H:%M}" for each in times]
