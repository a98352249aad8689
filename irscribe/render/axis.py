"""The time axis of the drawing: the positions of moments, to one scale, with breaks for long quiet times."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise

from irscribe.render.stretches import Stretch, stretches

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STEPS = (
    *(_MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * hours for hours in (1, 2, 3, 6, 12)),
    *(_DAY * days for days in (1, 2, 7, 14)),
)
"""Steps that people count in."""

_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Axis:
    """Stretches of time from left to right, with a break between each and the next."""

    stretches: tuple[Stretch, ...]

    @property
    def begins(self) -> datetime:
        """The moment at the left end."""
        return self.stretches[0].begins

    @property
    def ends(self) -> datetime:
        """The moment at the right end."""
        return self.stretches[-1].ends

    @property
    def left(self) -> float:
        """The column of pixels at the left end."""
        return self.stretches[0].left

    @property
    def right(self) -> float:
        """The column of pixels at the right end."""
        return self.stretches[-1].right

    @cached_property
    def breaks(self) -> tuple[Stretch, ...]:
        """The breaks: each has the time that it leaves out, and its columns of pixels."""
        return tuple(
            Stretch(begins=before.ends, ends=after.begins, left=before.right, right=after.left)
            for before, after in pairwise(self.stretches)
        )

    def x(self, moment: datetime) -> float:
        """The position of a moment: within its break if it is left out, at an end if it is outside of the axis."""
        at = min(max(moment, self.begins), self.ends)
        part = self._parts[bisect(self._begins, at) - 1]
        share = (at - part.begins) / (part.ends - part.begins)
        return round(part.left + share * (part.right - part.left), 1)

    @cached_property
    def _parts(self) -> tuple[Stretch, ...]:
        """All stretches and breaks, from left to right."""
        return tuple(sorted((*self.stretches, *self.breaks), key=lambda each: each.begins))

    @cached_property
    def _begins(self) -> list[datetime]:
        return [each.begins for each in self._parts]

    def leaves_out(self, begins: datetime, ends: datetime) -> bool:
        """True if all of a length of time lies within one break."""
        return any(each.begins <= begins and ends <= each.ends for each in self.breaks)

    def pixels(self, length: timedelta) -> float:
        """The width of a length of time."""
        first = self.stretches[0]
        return (first.right - first.left) * (length / (first.ends - first.begins))

    def step(self, pixels: float) -> timedelta:
        """The shortest step of at least that width, or a multiple of the longest step."""
        fitting = next((each for each in STEPS if self.pixels(each) >= pixels), None)
        longest = STEPS[-1]
        return fitting or longest * (int(pixels / self.pixels(longest)) + 1)


def span(times: Iterable[datetime], *, left: float, right: float) -> Axis:
    """Make an axis that shows all times, none of them at its very end, and at least some minutes."""
    known = sorted(times)
    if known[0] < _EARLIEST or known[-1] > _LATEST:
        known = [min(max(each, _EARLIEST), _LATEST) for each in known]
    return Axis(stretches=stretches(known, left=left, right=right))


def floor(moment: datetime, step: timedelta) -> datetime:
    """The last multiple of a step up to a moment; weeks begin on Monday, in UTC."""
    return moment - (moment - _MONDAY) % step
