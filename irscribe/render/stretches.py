"""Divides the time of the drawing into stretches of one scale; long quiet times between them are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

BREAK_WIDTH = 22.0
"""The pixels of a break, whatever time it leaves out."""

INNER_MARGIN = 44.0
"""The least number of pixels from a moment to the next break: half of a tick's label and of a token fit in."""

OUTER_MARGIN = 24.0
"""The least number of pixels from the first and the last moment to the ends of the axis."""

SHORTEST_QUIET = timedelta(hours=2)
"""A quiet time that is shorter is always drawn."""

_SHORTEST_AXIS = timedelta(minutes=5)
_MOST_BREAKS = 4
_LEAST_GAIN = 2.0
_LEAST_SHARE_LEFT_OUT = 0.5


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A part of the axis without a break: the time from ``begins`` to ``ends`` between two columns of pixels."""

    begins: datetime
    ends: datetime
    left: float
    right: float


@dataclass(frozen=True, kw_only=True)
class _Quiet:
    """The time between two moments that follow each other."""

    begins: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        return self.ends - self.begins


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """The scale of an axis of so many pixels that shows a length of time, with so many breaks."""

    shown: timedelta
    breaks: int
    width: float

    @property
    def pixels(self) -> float:
        """The pixels for the time that is shown, without margins and breaks."""
        return self.width - self.breaks * (BREAK_WIDTH + 2 * INNER_MARGIN) - 2 * OUTER_MARGIN

    @property
    def at_least(self) -> timedelta:
        """The time that is drawn on these pixels: however little there is to show, some minutes."""
        return max(self.shown, _SHORTEST_AXIS)

    def time(self, pixels: float) -> timedelta:
        """The time that so many pixels stand for."""
        return self.at_least * (pixels / self.pixels)

    def gain(self, other: _Scale) -> float:
        """The factor by which everything is drawn larger than on the other scale."""
        return (self.pixels / other.pixels) * (other.at_least / self.at_least)


def stretches(moments: Sequence[datetime], *, left: float, right: float) -> tuple[Stretch, ...]:
    """Divide an axis between two columns of pixels; the moments are sorted.

    All stretches have the same scale. No moment lies in a break.
    """
    quiet = _left_out(moments, right - left)
    omitted = sum((each.length for each in quiet), timedelta())
    scale = _Scale(shown=moments[-1] - moments[0] - omitted, breaks=len(quiet), width=right - left)
    outer = scale.time(OUTER_MARGIN) + (scale.at_least - scale.shown) / 2
    inner = scale.time(INNER_MARGIN)
    begins = [moments[0] - outer, *(each.ends - inner for each in quiet)]
    ends = [*(each.begins + inner for each in quiet), moments[-1] + outer]
    return tuple(_placed(list(zip(begins, ends, strict=True)), scale, left))


def _placed(times: Sequence[tuple[datetime, datetime]], scale: _Scale, left: float) -> Iterator[Stretch]:
    for begins, ends in times:
        right = left + scale.pixels * ((ends - begins) / scale.at_least)
        yield Stretch(begins=begins, ends=ends, left=left, right=right)
        left = right + BREAK_WIDTH


def _left_out(moments: Sequence[datetime], width: float) -> list[_Quiet]:
    """The quiet times to leave out, the earliest first.

    Those of about the same length are left out together or not at all, the longest first.
    """
    waiting = sorted(_quiet_times(moments), key=lambda each: each.length, reverse=True)
    chosen: list[_Quiet] = []
    scale = _Scale(shown=moments[-1] - moments[0], breaks=0, width=width)
    while peers := _peers(waiting):
        omitted = sum((each.length for each in peers), timedelta())
        better = _Scale(shown=scale.shown - omitted, breaks=scale.breaks + len(peers), width=width)
        if not _is_worthwhile(better, scale, shortest=peers[-1].length):
            break
        chosen, waiting, scale = [*chosen, *peers], waiting[len(peers) :], better
    return sorted(chosen, key=lambda each: each.begins)


def _quiet_times(moments: Sequence[datetime]) -> Iterator[_Quiet]:
    for begins, ends in pairwise(moments):
        if ends - begins >= SHORTEST_QUIET:
            yield _Quiet(begins=begins, ends=ends)


def _peers(waiting: Sequence[_Quiet]) -> list[_Quiet]:
    """The longest quiet times: those of at least half of the length of the first."""
    return list(takewhile(lambda each: each.length >= waiting[0].length / 2, waiting))


def _is_worthwhile(better: _Scale, scale: _Scale, *, shortest: timedelta) -> bool:
    """True if breaks make all else larger, and leave out most of each quiet time."""
    if better.breaks > _MOST_BREAKS or not better.shown:
        return False
    kept = 2 * better.time(INNER_MARGIN)
    return better.gain(scale) >= _LEAST_GAIN and shortest * _LEAST_SHARE_LEFT_OUT >= kept
