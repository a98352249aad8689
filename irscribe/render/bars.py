"""Draws bars on the timeline: those that overlap lie side by side, each with its label at a free place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from irscribe.render.axis import Axis

LANE_HEIGHT = 24
BAR_HEIGHT = 16
_LEAST_WIDTH = 4.0
_TORN_DEPTH = 4.0
_CHARACTER_WIDTH = 6.6
_PADDING = 6.0
_MOST_LANES = 8
_FEWEST_CHARACTERS = 8


@dataclass(frozen=True, kw_only=True)
class Span:
    """A length of time to draw; ``ends`` is None if no end is known, ``title`` is the full sentence.

    ``ticks`` are moments within it to mark.
    """

    begins: datetime
    ends: datetime | None
    label: str
    title: str
    ticks: tuple[datetime, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Bar:
    """The layout of a span; ``path`` and ``ticks`` are SVG paths, ``anchor`` is the end of the label at ``label_x``."""

    path: str
    label: str
    label_x: float
    label_y: float
    anchor: str
    inside: bool
    title: str
    ticks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lanes:
    """Bars in as few lanes as they need; ``left_out`` is the number of bars without a lane."""

    bars: tuple[Bar, ...]
    height: float
    left_out: int


@dataclass(frozen=True, kw_only=True)
class _Spot:
    """A free place for a label: ``x`` is the position of its ``anchor``, ``room`` its greatest width."""

    x: float
    anchor: str
    room: float


@dataclass(frozen=True, kw_only=True)
class _Place:
    """The horizontal position of a bar and its label; ``reach`` is what both take up."""

    span: Span
    left: float
    right: float
    label: str
    spot: _Spot
    reach: tuple[float, float]


def lanes(spans: Iterable[Span], axis: Axis, top: float) -> Lanes:
    """Lay out the spans as bars below ``top``, the earliest first."""
    reached: list[float] = []
    bars: list[Bar] = []
    ordered = sorted(spans, key=lambda each: each.begins)
    for each in ordered:
        place = _place(each, axis)
        lane = _free(reached, place.reach[0])
        if lane < _MOST_LANES:
            reached[lane : lane + 1] = [place.reach[1]]
            bars.append(_bar(place, top + lane * LANE_HEIGHT, axis))
    return Lanes(bars=tuple(bars), height=len(reached) * LANE_HEIGHT, left_out=len(ordered) - len(bars))


def _free(reached: Sequence[float], left: float) -> int:
    """The first lane that is free from ``left`` on."""
    return next((lane for lane, right in enumerate(reached) if right <= left), len(reached))


def _place(span: Span, axis: Axis) -> _Place:
    left = axis.x(span.begins)
    right = max(left + _LEAST_WIDTH, axis.right if span.ends is None else axis.x(span.ends))
    spots = list(_spots(left, right, axis, [axis.x(each) for each in span.ticks]))
    width = _width(span.label)
    spot = next((each for each in spots if each.room >= width), max(spots, key=lambda each: each.room))
    label = _shortened(span.label, spot.room)
    return _Place(
        span=span, left=left, right=right, label=label, spot=spot, reach=_reach(left, right, spot, _width(label))
    )


def _spots(left: float, right: float, axis: Axis, ticks: Sequence[float]) -> Iterator[_Spot]:
    """The places for the label of a bar, the best first: inside, behind and before it; none is in a break."""
    begin, end = max(_inside(left, right, axis, ticks), key=lambda part: part[1] - part[0])
    yield _Spot(x=begin + _PADDING, anchor="start", room=end - begin - 2 * _PADDING)
    behind = next((each.right for each in axis.stretches if each.left <= right <= each.right), right)
    yield _Spot(x=right + _PADDING, anchor="start", room=behind - right - _PADDING)
    before = next((each.left for each in axis.stretches if each.left <= left <= each.right), left)
    yield _Spot(x=left - _PADDING, anchor="end", room=left - before - _PADDING)


def _inside(left: float, right: float, axis: Axis, ticks: Sequence[float]) -> Iterator[tuple[float, float]]:
    """The parts of a bar between its ends, its ticks and the breaks."""
    for each in axis.stretches:
        begin, end = max(left, each.left), min(right, each.right)
        yield from pairwise([begin, *(tick for tick in sorted(ticks) if begin < tick < end), end])


def _width(label: str) -> float:
    return len(label) * _CHARACTER_WIDTH


def _shortened(label: str, room: float) -> str:
    """The label as far as there is room; empty if too little of it would be left to be understood."""
    if _width(label) <= room:
        return label
    most = int(room / _CHARACTER_WIDTH)
    return f"{label[: most - 1].rstrip()}…" if most >= _FEWEST_CHARACTERS else ""


def _reach(left: float, right: float, spot: _Spot, width: float) -> tuple[float, float]:
    """The columns that a bar and its label take up."""
    if not width or left < spot.x < right:
        return left, right
    if spot.anchor == "start":
        return left, spot.x + width + _PADDING
    return spot.x - width - _PADDING, right


def _bar(place: _Place, top: float, axis: Axis) -> Bar:
    return Bar(
        path=_outline(place, top, axis),
        label=place.label,
        label_x=round(place.spot.x, 1),
        label_y=top + BAR_HEIGHT - 4,
        anchor=place.spot.anchor,
        inside=place.left < place.spot.x < place.right,
        title=place.span.title,
        ticks=tuple(f"M{axis.x(each)},{top - 3}V{top + BAR_HEIGHT + 3}" for each in place.span.ticks),
    )


def _outline(place: _Place, top: float, axis: Axis) -> str:
    """The path of a rectangle; it is torn where the span has no end, or goes on beyond the axis."""
    left, right, bottom = f"{place.left:.1f}", f"{place.right:.1f}", top + BAR_HEIGHT
    ends = place.span.ends
    down = _torn(place.right, top, bottom, inwards=-_TORN_DEPTH) if ends is None or ends > axis.ends else ""
    up = _torn(place.left, bottom, top, inwards=_TORN_DEPTH) if place.span.begins < axis.begins else ""
    return f"M{left},{top}H{right}{down}V{bottom}H{left}{up}Z"


def _torn(x: float, begin: float, end: float, *, inwards: float) -> str:
    """The path of a torn side from one corner to the other."""
    notch, quarter = f"{x + inwards:.1f}", (end - begin) / 4
    return f"L{notch},{begin + quarter}L{x:.1f},{begin + 2 * quarter}L{notch},{end - quarter}L{x:.1f},{end}"
