"""The ticks of the axis: at times that people count in, each with its label within its own stretch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, takewhile

from irscribe.render.axis import STEPS, Axis, floor
from irscribe.render.stretches import Stretch

CLOCK_WIDTH, DAY_WIDTH = 42.0, 78.0
"""The pixels that the labels ``15:45`` and ``2019-10-07`` need."""

_BEFORE_AXIS, _BEHIND_AXIS = 60.0, 30.0
_SPARE = 3.0
"""The pixels of a second at the largest scale."""

_MOST_TICKS = 11
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
_MONTHS_PER_YEAR = 12
_MONTH = 30 * _DAY
_SECONDS, _MINUTES, _DAYS, _OF_MONTHS = "%H:%M:%S", "%H:%M", "%Y-%m-%d", "%Y-%m"


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A tick of the axis; ``day`` is set if a new day begins there."""

    x: float
    label: str
    day: str | None


@dataclass(frozen=True, kw_only=True)
class _Mark:
    """The moment of a tick; ``pattern`` says how its label is spelled."""

    at: datetime
    pattern: str


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """A stretch, and the columns of pixels between which its labels have to stand."""

    stretch: Stretch
    left: float
    right: float

    def holds(self, x: float, width: float) -> bool:
        """True if a label around ``x`` touches neither break."""
        return self.left + width / 2 <= x <= self.right - width / 2

    def middle(self) -> datetime:
        """The moment of the stretch nearest to its middle at which there is room for a label."""
        stretch, room = self.stretch, DAY_WIDTH / 2 + _SPARE
        x = min(max((stretch.left + stretch.right) / 2, self.left + room), self.right - room)
        return stretch.begins + (stretch.ends - stretch.begins) * ((x - stretch.left) / (stretch.right - stretch.left))


def ticks(axis: Axis) -> tuple[Tick, ...]:
    """At most eleven ticks for an unbroken axis, and at least one for each stretch of a broken one."""
    return tuple(_labelled([mark for cell in _cells(axis) for mark in _marks(axis, cell)], axis))


def _cells(axis: Axis) -> Iterator[_Cell]:
    first, last = axis.stretches[0], axis.stretches[-1]
    for each in axis.stretches:
        left = each.left - (_BEFORE_AXIS if each is first else 0)
        yield _Cell(stretch=each, left=left, right=each.right + (_BEHIND_AXIS if each is last else 0))


def _marks(axis: Axis, cell: _Cell) -> list[_Mark]:
    return list(_fitting(_wanted(axis, cell.stretch), axis, cell)) or [_nearest_middle(axis, cell)]


def _fitting(marks: Iterator[_Mark], axis: Axis, cell: _Cell) -> Iterator[_Mark]:
    """The marks whose labels fit; the first of each day has the day above it, or is one."""
    named = None
    for each in marks:
        width = CLOCK_WIDTH if each.at.date() == named and each.pattern == _MINUTES else DAY_WIDTH
        if cell.holds(axis.x(each.at), width):
            named = each.at.date()
            yield each


def _wanted(axis: Axis, stretch: Stretch) -> Iterator[_Mark]:
    """The marks of a stretch at even distances, whether or not their labels fit."""
    least = (axis.right - axis.left) / _MOST_TICKS
    step = next((each for each in STEPS if axis.pixels(each) >= least), None)
    if step is None:
        return _monthly(axis, stretch, least)
    return _evenly(stretch.begins, stretch.ends, step)


def _evenly(begins: datetime, ends: datetime, step: timedelta) -> Iterator[_Mark]:
    pattern = _DAYS if step >= _DAY else _MINUTES
    first = floor(begins, step)
    moments = takewhile(lambda each: each <= ends, (first + step * number for number in count()))
    return (_Mark(at=each, pattern=pattern) for each in moments if each >= begins)


def _monthly(axis: Axis, stretch: Stretch, least: float) -> Iterator[_Mark]:
    longest = _MONTHS[-1]
    many = longest * (int(least / axis.pixels(_MONTH * longest)) + 1)
    months = next((each for each in _MONTHS if axis.pixels(_MONTH * each) >= least), many)
    first = stretch.begins.year * _MONTHS_PER_YEAR + stretch.begins.month
    numbers = count(-(-first // months) * months, months)
    moments = takewhile(lambda each: each <= stretch.ends, map(_month, numbers))
    return (_Mark(at=each, pattern=_OF_MONTHS) for each in moments)


def _month(number: int) -> datetime:
    return datetime(number // _MONTHS_PER_YEAR, number % _MONTHS_PER_YEAR + 1, 1, tzinfo=UTC)


def _nearest_middle(axis: Axis, cell: _Cell) -> _Mark:
    """The one mark of a stretch in which none of the wanted ones fits: the roundest time that does."""
    middle = cell.middle()
    for step in reversed(STEPS):
        near = floor(middle + step / 2, step)
        if cell.holds(axis.x(near), DAY_WIDTH):
            return _Mark(at=near, pattern=_DAYS if step >= _DAY else _MINUTES)
    return _Mark(at=floor(middle, _SECOND), pattern=_SECONDS)


def _labelled(marks: list[_Mark], axis: Axis) -> Iterator[Tick]:
    """The ticks of all marks; a time of day has its day above it unless the tick before has the same."""
    named = None
    for each in marks:
        is_clock = each.pattern in (_MINUTES, _SECONDS)
        day = f"{each.at:%Y-%m-%d}" if is_clock and each.at.date() != named else None
        named = each.at.date()
        yield Tick(x=axis.x(each.at), label=f"{each.at:{each.pattern}}", day=day)
