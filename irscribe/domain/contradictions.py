"""Outage markers held against each other, and against the start and the end of the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from irscribe.domain.marker import scope_key
from irscribe.domain.moment import Precision
from irscribe.domain.outages import Span
from irscribe.domain.report import Entry, MarkerKind
from irscribe.domain.sentence import Sentence, sentence
from irscribe.domain.text import cut

_MINUTE = timedelta(minutes=1)
_REST_OF_DAY = timedelta(days=1, seconds=-1)
_QUOTED = 60
"""Bytes of a scope that a sentence repeats."""
_BEGINS, _ENDS = MarkerKind.BEGINS, MarkerKind.ENDS


class Bound(StrEnum):
    """One side of the span of a report."""

    START = "start"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """What is wrong, as a sentence without its stop; ``remedy`` goes on with the command that puts it right."""

    entries: frozenset[int]
    sentence: str
    remedy: Sentence
    bounds: frozenset[Bound] = frozenset()
    """What of the start and the end is contradicted."""


def find_contradictions(
    entries: Iterable[Entry], span: Span, *, closed_at: datetime | None = None
) -> tuple[Contradiction, ...]:
    """What start and end contradict in each other, and the markers in each other, in these and in the closing.

    A marker of unknown time contradicts nothing, and what it may explain is no contradiction either.
    """
    marked = [each for each in entries if each.marker is not None]
    marks = sorted((_Mark.of(each, each.at) for each in marked if each.at is not None), key=_Mark.order)
    unplaced = [_Mark.of(each, datetime.min) for each in marked if each.at is None]  # noqa: DTZ901 - never compared
    begins = _Index.of(marks, _BEGINS)
    ledger = _Ledger(begins=begins, unplaced={kind: _Index.of(unplaced, kind) for kind in MarkerKind})
    for mark in marks:
        ledger.enter(mark)
    return (*_backwards(span), *ledger.found, *_outside(marks, span), *_after_the_closing(marks, closed_at))


@dataclass(frozen=True, kw_only=True)
class _Mark:
    """A marker; what is known to the day lies anywhere from ``earliest`` to ``latest``."""

    number: int
    kind: MarkerKind
    scope: str | None
    key: str | None
    earliest: datetime
    latest: datetime

    @classmethod
    def of(cls, entry: Entry, at: datetime) -> _Mark:
        kind, scope = (entry.marker.kind, entry.marker.scope) if entry.marker else (_BEGINS, None)
        latest = at + _REST_OF_DAY if entry.precision is Precision.DAY else at
        key = scope_key(scope)
        return cls(number=entry.number, kind=kind, scope=scope, key=key, earliest=at, latest=latest)

    @property
    def at(self) -> datetime:
        return self.earliest if self.kind is _BEGINS else self.latest

    @property
    def outage(self) -> str:
        return f"the outage “{cut(self.scope, _QUOTED)}”" if self.scope else "the outage"

    @property
    def typed(self) -> str:
        """The scope behind a command, after a blank; empty for everything."""
        return f" {cut(self.scope, _QUOTED)}" if self.scope else ""

    def order(self) -> tuple[datetime, int]:
        return self.at, self.number


@dataclass(frozen=True, kw_only=True)
class _Index:
    """The first of some markers, in their order, for each key; one without a scope concerns every other."""

    first: _Mark | None
    by_key: Mapping[str | None, _Mark]

    @classmethod
    def of(cls, marks: Iterable[_Mark], kind: MarkerKind) -> _Index:
        by_key: dict[str | None, _Mark] = {}
        for each in marks:
            if each.kind is kind:
                by_key.setdefault(each.key, each)
        return cls(first=next(iter(by_key.values()), None), by_key=by_key)

    def first_that_concerns(self, mark: _Mark) -> _Mark | None:
        if mark.key is None:
            return self.first
        both = (self.by_key.get(mark.key), self.by_key.get(None))
        return min((each for each in both if each is not None), key=_Mark.order, default=None)


@dataclass
class _Ledger:
    """What has begun and what has ended as the markers come in, by the keys of their scopes."""

    begins: _Index
    unplaced: Mapping[MarkerKind, _Index]
    begun: dict[str | None, _Mark] = field(default_factory=dict)
    ended: dict[str | None, _Mark] = field(default_factory=dict)
    found: list[Contradiction] = field(default_factory=list)

    def enter(self, mark: _Mark) -> None:
        if mark.kind is _BEGINS:
            self._begin(mark)
        else:
            self._end(mark)

    def _begin(self, mark: _Mark) -> None:
        before = self.begun.setdefault(mark.key, mark)
        if before is not mark:
            self._note(mark, _say_begun(mark, before), unless=_ENDS)
        elif mark.key is None:
            self.ended.clear()
        else:
            self.ended.pop(mark.key, None)

    def _end(self, mark: _Mark) -> None:
        if mark.key in self.begun:
            del self.begun[mark.key]
            self.ended[mark.key] = mark
        elif mark.key is None and self.begun:
            self.ended |= dict.fromkeys((None, *self.begun), mark)
            self.begun.clear()
        elif None in self.begun and mark.key not in self.ended:
            self.ended[mark.key] = mark
        else:
            self._note(mark, self._say_not_begun(mark), unless=_BEGINS)

    def _say_not_begun(self, mark: _Mark) -> Contradiction:
        before = self.ended.get(mark.key) or self.ended.get(None)
        if before is not None:
            return _say_ended(mark, before)
        begin = self.begins.first_that_concerns(mark)
        return _say_early(mark, begin) if begin else _say_without_begin(mark)

    def _note(self, mark: _Mark, found: Contradiction, *, unless: MarkerKind) -> None:
        """Keep a contradiction, unless a marker of unknown time may be the one that is missing."""
        if self.unplaced[unless].first_that_concerns(mark) is None:
            self.found.append(found)


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


def _outside(marks: Sequence[_Mark], span: Span) -> list[Contradiction]:
    begins = [each for each in marks if each.kind is _BEGINS]
    ends = [each for each in marks if each.kind is _ENDS]
    found = []
    if begins and span.start - begins[0].latest >= _MINUTE:
        found.append(_say_outside(begins[0], "begins", "before the start", span.start, bound=Bound.START))
    if span.end is None:
        return found
    if ends and ends[-1].earliest - span.end >= _MINUTE:
        found.append(_say_outside(ends[-1], "ends", "after the end", span.end, bound=Bound.END))
    # Where the end is that of a marker, another outage may have begun behind it.
    elif begins and begins[-1].earliest - span.end >= _MINUTE and all(each.earliest != span.end for each in ends):
        found.append(_say_outside(begins[-1], "begins", "after the end", span.end, bound=Bound.END))
    return found


def _after_the_closing(marks: Sequence[_Mark], closed_at: datetime | None) -> list[Contradiction]:
    ends = [each for each in marks if each.kind is _ENDS]
    if closed_at is None or not ends or ends[-1].earliest - closed_at < _MINUTE:
        return []
    mark = ends[-1]
    at, closed = _spelled(mark.at, closed_at)
    return [
        Contradiction(
            entries=frozenset((mark.number,)),
            sentence=f"#{mark.number} ends {mark.outage} at {at}, after the incident was closed at {closed}",
            remedy=sentence("{ir} move {} WHEN, or {ir} reopen and {ir} close WHEN, puts it right", mark.number),
        )
    ]


def _say_begun(mark: _Mark, before: _Mark) -> Contradiction:
    at, since = _spelled(mark.at, before.at)
    going_on = f"which has been going on since {since} (#{before.number})"
    return Contradiction(
        entries=frozenset((mark.number, before.number)),
        sentence=f"#{mark.number} begins {mark.outage} at {at}, {going_on}",
        remedy=sentence(
            "{ir} strike {} takes it out, {ir} outage ends WHEN{} says when the first one ended",
            mark.number,
            mark.typed,
        ),
    )


def _say_ended(mark: _Mark, before: _Mark) -> Contradiction:
    at, ended = _spelled(mark.at, before.at)
    return Contradiction(
        entries=frozenset((mark.number, before.number)),
        sentence=f"#{mark.number} ends {mark.outage} at {at}, which ended at {ended} already (#{before.number})",
        remedy=sentence("{ir} strike {} takes it out", mark.number),
    )


def _say_early(mark: _Mark, begin: _Mark) -> Contradiction:
    at, begins = _spelled(mark.at, begin.at)
    return Contradiction(
        entries=frozenset((mark.number, begin.number)),
        sentence=f"#{mark.number} ends {mark.outage} at {at}, before it begins at {begins} (#{begin.number})",
        remedy=sentence("{ir} move {} WHEN or {ir} move {} WHEN puts it right", mark.number, begin.number),
    )


def _say_without_begin(mark: _Mark) -> Contradiction:
    (at,) = _spelled(mark.at)
    return Contradiction(
        entries=frozenset((mark.number,)),
        sentence=f"#{mark.number} ends {mark.outage} at {at}, and nothing says when it began",
        remedy=sentence("{ir} outage begins WHEN{} does", mark.typed),
    )


def _say_outside(mark: _Mark, does: str, where: str, limit: datetime, *, bound: Bound) -> Contradiction:
    at, limited = _spelled(mark.at, limit)
    return Contradiction(
        entries=frozenset((mark.number,)),
        sentence=f"#{mark.number} {does} {mark.outage} at {at}, {where} at {limited}",
        remedy=sentence("{ir} move {} WHEN or {ir} {}-time WHEN puts it right", mark.number, bound.value),
        bounds=frozenset((bound,)),
    )


def _spelled(*times: datetime) -> list[str]:
    """Times of day, with their dates where these are not all the same."""
    same_day = len({each.date() for each in times}) == 1
    return [f"{each:%H:%M}" if same_day else f"{each:%Y-%m-%d %H:%M}" for each in times]
