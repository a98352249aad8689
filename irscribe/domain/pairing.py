"""Pairs outage markers: finds the begin that each end belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from irscribe.domain.marker import scope_key
from irscribe.domain.moment import Precision
from irscribe.domain.report import Entry, Marker, MarkerKind

_REST_OF_DAY = timedelta(days=1, seconds=-1)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The marker of an entry; one that is known to the day lies anywhere from ``earliest`` to ``latest``.

    ``key`` is the same for all spellings of a scope, and None for everything.
    """

    number: int
    kind: MarkerKind
    scope: str | None
    key: str | None
    earliest: datetime
    latest: datetime

    @classmethod
    def of(cls, entry: Entry, marker: Marker, at: datetime) -> Self:
        """The mark of an entry at a time."""
        latest = at + _REST_OF_DAY if entry.precision is Precision.DAY else at
        key = scope_key(marker.scope)
        return cls(number=entry.number, kind=marker.kind, scope=marker.scope, key=key, earliest=at, latest=latest)


@dataclass(frozen=True, kw_only=True)
class Paired:
    """A mark with the marks before it that it belongs to.

    ``lasting`` is the begin that a second begin of the same scope repeats, ``ended`` are the begins that an end
    closes. ``part_of`` is the begin of an outage of everything that an end closes for its own scope only; ``apart``
    is true if that scope began by itself before. ``before`` is the end that an end repeats.
    """

    mark: Mark
    lasting: Mark | None = None
    ended: tuple[Mark, ...] = ()
    part_of: Mark | None = None
    apart: bool = False
    before: Mark | None = None


def placed(entries: Iterable[Entry]) -> list[Mark]:
    """The marks whose time is known, in the order of the timeline."""
    marks = [Mark.of(each, each.marker, each.at) for each in entries if each.at and each.marker]
    return sorted(marks, key=lambda mark: (mark.earliest, mark.number))


def pair(marks: Iterable[Mark]) -> list[Paired]:
    """Each mark with those it belongs to, taken in the order given."""
    ledger = _Ledger()
    return [ledger.enter(mark) for mark in marks]


@dataclass
class _Ledger:
    """The begins of the outages that last, and the ends of those that are over, by the keys of the scopes."""

    lasting: dict[str | None, Mark] = field(default_factory=dict)
    ended: dict[str | None, Mark] = field(default_factory=dict)
    begun: set[str | None] = field(default_factory=set)

    def enter(self, mark: Mark) -> Paired:
        return self._begin(mark) if mark.kind is MarkerKind.BEGINS else self._end(mark)

    def _begin(self, mark: Mark) -> Paired:
        lasting = self.lasting.setdefault(mark.key, mark)
        if lasting is not mark:
            return Paired(mark=mark, lasting=lasting)
        self.begun.add(mark.key)
        for key in [*self.ended] if mark.key is None else [mark.key]:
            self.ended.pop(key, None)
        return Paired(mark=mark)

    def _end(self, mark: Mark) -> Paired:
        if mark.key in self.lasting:
            self.ended[mark.key] = mark
            return Paired(mark=mark, ended=(self.lasting.pop(mark.key),))
        if mark.key is None and self.lasting:
            ended, self.lasting = self.lasting, {}
            self.ended |= dict.fromkeys((None, *ended), mark)
            return Paired(mark=mark, ended=tuple(ended.values()))
        if None in self.lasting:
            return self._end_part(mark, self.lasting[None])
        return Paired(mark=mark, before=self.ended.get(mark.key) or self.ended.get(None))

    def _end_part(self, mark: Mark, whole: Mark) -> Paired:
        first = self.ended.setdefault(mark.key, mark)
        before = None if first is mark else first
        return Paired(mark=mark, part_of=whole, apart=mark.key in self.begun, before=before)
