"""The time axis of the drawing: the positions of moments, and the ticks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, takewhile

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STEPS = (
    *(_MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * hours for hours in (1, 2, 3, 6, 12)),
    *(_DAY * days for days in (1, 2, 7, 14)),
)
"""Steps that people count in."""

_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
_MONTHS_PER_YEAR = 12
_MONTH = 30 * _DAY
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
_SHORTEST_AXIS = 5 * _MINUTE
_MARGIN = 0.03
_MOST_TICKS = 11


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A tick of the axis; ``day`` is set if a new day begins there."""

    x: float
    label: str
    day: str | None


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The time from ``begins`` to ``ends`` between two columns of pixels."""

    begins: datetime
    ends: datetime
    left: float
    right: float

    def x(self, moment: datetime) -> float:
        """The position of a moment; one outside of the axis is put at its end."""
        share = (moment - self.begins) / (self.ends - self.begins)
        return round(self.left + min(max(share, 0), 1) * (self.right - self.left), 1)

    def pixels(self, length: timedelta) -> float:
        """The width of a length of time."""
        return (self.right - self.left) * (length / (self.ends - self.begins))

    def step(self, pixels: float) -> timedelta:
        """The shortest step of at least that width, or a multiple of the longest step."""
        fitting = next((each for each in STEPS if self.pixels(each) >= pixels), None)
        longest = STEPS[-1]
        return fitting or longest * (int(pixels / self.pixels(longest)) + 1)

    def ticks(self) -> tuple[Tick, ...]:
        """At most eleven ticks, at times that people count in."""
        wanted = (self.ends - self.begins) / _MOST_TICKS
        step = next((each for each in STEPS if each >= wanted), None)
        if step is None:
            return tuple(Tick(x=self.x(each), label=f"{each:%Y-%m}", day=None) for each in self._months(wanted))
        within = takewhile(lambda each: each <= self.ends, _from(floor(self.begins, step), step))
        return tuple(self._labelled([each for each in within if each >= self.begins], step))

    def _labelled(self, moments: list[datetime], step: timedelta) -> Iterator[Tick]:
        if step >= _DAY:
            yield from (Tick(x=self.x(each), label=f"{each:%Y-%m-%d}", day=None) for each in moments)
            return
        named = None
        for each in moments:
            day = None if each.date() == named else f"{each:%Y-%m-%d}"
            named = each.date()
            yield Tick(x=self.x(each), label=f"{each:%H:%M}", day=day)

    def _months(self, wanted: timedelta) -> Iterator[datetime]:
        months = next((each for each in _MONTHS if _MONTH * each >= wanted), _MONTHS[-1])
        first = self.begins.year * _MONTHS_PER_YEAR + self.begins.month - 1
        numbers = range(-(-(first + 1) // months) * months, first + months * (_MOST_TICKS + 2), months)
        found = (_month(number) for number in numbers)
        yield from takewhile(lambda each: each <= self.ends, found)


def span(times: Iterable[datetime], *, left: float, right: float) -> Axis:
    """Make an axis that shows all times, none of them at its very end, and at least some minutes."""
    known = sorted(min(max(each, _EARLIEST), _LATEST) for each in times)
    missing = max(_SHORTEST_AXIS - (known[-1] - known[0]), timedelta())
    begins, ends = known[0] - missing / 2, known[-1] + missing / 2
    margin = (ends - begins) * _MARGIN
    return Axis(begins=begins - margin, ends=ends + margin, left=left, right=right)


def floor(moment: datetime, step: timedelta) -> datetime:
    """The last multiple of a step up to a moment; weeks begin on Monday, in UTC."""
    return moment - (moment - _MONDAY) % step


def _from(first: datetime, step: timedelta) -> Iterator[datetime]:
    return (first + step * number for number in count())


def _month(number: int) -> datetime:
    return datetime(number // _MONTHS_PER_YEAR, number % _MONTHS_PER_YEAR + 1, 1, tzinfo=UTC)
