"""Draws entries on the timeline: numbered tokens while they fit, a histogram of too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from irscribe.domain.duration import spell_minutes
from irscribe.domain.report import Entry
from irscribe.render import shapes
from irscribe.render.axis import Axis, floor
from irscribe.render.shapes import Shape
from irscribe.render.wording import clock, said

LEVEL_HEIGHT = 24
MOST_LEVELS = 8
"""Tokens are stacked up to this height; a reader cannot follow more."""

_MOST_FLAG_LEVELS = 2
_CHARACTER_WIDTH = 7.0
_SIDE_WIDTH = 12.0
_LEAST_WIDTH = 24.0
_LEAST_GAP = 3.0
_FOOT_HEIGHT = 6.0
_BIN_WIDTH = 6.0
_TALLEST_COLUMN = 96.0
_MOST_TITLE_CHARACTERS = 160


@dataclass(frozen=True, kw_only=True)
class Token:
    """An entry: a shape with its number, on a stem at its time."""

    path: str
    shape: Shape
    label: str
    approximate: bool
    label_x: float
    label_y: float
    stem_x: float
    stem_top: float
    title: str


@dataclass(frozen=True, kw_only=True)
class Bin:
    """A column of the histogram: the number of entries in a length of time."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """The layout of the entries; ``caption`` explains the columns of the histogram."""

    tokens: tuple[Token, ...]
    bins: tuple[Bin, ...]
    baseline: float
    caption: str


@dataclass(frozen=True, kw_only=True)
class _Seat:
    entry: Entry
    at: datetime
    label: str
    x: float
    width: float
    level: int


def crowd(entries: Sequence[Entry], axis: Axis, *, top: float, dated: bool) -> Crowd:
    """Lay out the entries of known time on one baseline below ``top``."""
    seats = list(takewhile(lambda seat: seat.level < MOST_LEVELS, _seats(entries, axis)))
    if len(seats) < len(entries):
        return _histogram(entries, axis, top=top, dated=dated)
    levels = max((each.level for each in seats), default=0) + 1
    baseline = top + levels * LEVEL_HEIGHT + _FOOT_HEIGHT
    return Crowd(
        tokens=tuple(_token(each, baseline, dated=dated) for each in seats), bins=(), baseline=baseline, caption=""
    )


def _seats(entries: Iterable[Entry], axis: Axis) -> Iterator[_Seat]:
    """Put each entry at its time, on the lowest level on which it touches no other; the entries are sorted by time."""
    reached: list[float] = []
    for entry in entries:
        if entry.at is not None:
            label = f"~{entry.number}" if entry.approximate else str(entry.number)
            width, x = max(len(label) * _CHARACTER_WIDTH + _SIDE_WIDTH, _LEAST_WIDTH), axis.x(entry.at)
            level = next((at for at, right in enumerate(reached) if right <= x - width / 2), len(reached))
            reached[level : level + 1] = [x + width / 2 + _LEAST_GAP]
            yield _Seat(entry=entry, at=entry.at, label=label, x=x, width=width, level=level)


def _token(seat: _Seat, baseline: float, *, dated: bool) -> Token:
    middle = baseline - _FOOT_HEIGHT - seat.level * LEVEL_HEIGHT - LEVEL_HEIGHT / 2
    form = shapes.shape(seat.entry)
    return Token(
        path=shapes.outline(form, x=seat.x, y=middle, width=seat.width),
        shape=form,
        label=seat.label,
        approximate=seat.entry.approximate,
        label_x=seat.x,
        label_y=middle + 4,
        stem_x=seat.x,
        stem_top=middle + shapes.HEIGHT / 2,
        title=title(seat.entry, dated=dated),
    )


def title(entry: Entry, *, dated: bool) -> str:
    """An entry in one line, for a tooltip."""
    line = f"{entry.number}: {clock(entry, dated=dated)} {' '.join(said(entry).split())}"
    return line if len(line) <= _MOST_TITLE_CHARACTERS else f"{line[: _MOST_TITLE_CHARACTERS - 1].rstrip()}…"


def _histogram(entries: Sequence[Entry], axis: Axis, *, top: float, dated: bool) -> Crowd:
    """Lay out columns of entries per step, and above them the flags of outages, as far as there is room."""
    marked = [each for each in entries if each.marker]
    flags = [each for each in _seats(marked, axis) if each.level < _MOST_FLAG_LEVELS]
    shown = top + (max((each.level for each in flags), default=-1) + 1) * LEVEL_HEIGHT
    baseline = shown + _TALLEST_COLUMN + 12
    step = axis.step(_BIN_WIDTH)
    counted = Counter(floor(entry.at, step) for entry in entries if entry.at)
    most = max(counted.values())
    bins = (
        _bin(
            number, axis=axis, within=(begins, begins + step), height=_TALLEST_COLUMN * number / most, baseline=baseline
        )
        for begins, number in sorted(counted.items())
    )
    each = spell_minutes(step // timedelta(minutes=1))
    return Crowd(
        tokens=tuple(_token(flag, shown + _FOOT_HEIGHT, dated=dated) for flag in flags),
        bins=tuple(bins),
        baseline=baseline,
        caption=f"Each column counts the entries of {each}; the highest is {most}.",
    )


def _bin(number: int, *, axis: Axis, within: tuple[datetime, datetime], height: float, baseline: float) -> Bin:
    begins, ends = within
    return Bin(
        x=axis.x(begins),
        y=round(baseline - height, 1),
        width=round(max(axis.x(ends) - axis.x(begins) - 1, 1), 1),
        height=round(height, 1),
        title=f"{begins:%Y-%m-%d %H:%M}: {number} {'entry' if number == 1 else 'entries'}",
    )
