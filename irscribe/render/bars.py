"""Draws bars on the timeline: those that overlap lie side by side, each with its label at a free place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from irscribe.render.axis import Axis

LANE_HEIGHT = 24
BAR_HEIGHT = 16
_LEAST_WIDTH = 4.0
_CHARACTER_WIDTH = 6.6
_PADDING = 6.0
_MOST_LANES = 8


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
class _Place:
    """The horizontal position of a bar and its label."""

    span: Span
    left: float
    right: float
    label_x: float
    anchor: str
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
    return _labelled(span, left, right, axis)


def _labelled(span: Span, left: float, right: float, axis: Axis) -> _Place:
    """Place the label inside the bar if it fits, else behind it, else before it."""
    width = len(span.label) * _CHARACTER_WIDTH + _PADDING if span.label else 0.0
    if width + _PADDING <= right - left:
        return _Place(span=span, left=left, right=right, label_x=left + _PADDING, anchor="start", reach=(left, right))
    if right + width <= axis.right or left - width < axis.left:
        reach = (left, right + width + _PADDING)
        return _Place(span=span, left=left, right=right, label_x=right + _PADDING, anchor="start", reach=reach)
    return _Place(
        span=span, left=left, right=right, label_x=left - _PADDING, anchor="end", reach=(left - width - _PADDING, right)
    )


def _bar(place: _Place, top: float, axis: Axis) -> Bar:
    return Bar(
        path=_outline(place, top),
        label=place.span.label,
        label_x=round(place.label_x, 1),
        label_y=top + BAR_HEIGHT - 4,
        anchor=place.anchor,
        inside=place.left < place.label_x < place.right,
        title=place.span.title,
        ticks=tuple(f"M{axis.x(each)},{top - 3}V{top + BAR_HEIGHT + 3}" for each in place.span.ticks),
    )


def _outline(place: _Place, top: float) -> str:
    """The path of a rectangle; a span without an end has a torn edge."""
    left, right, bottom = f"{place.left:.1f}", f"{place.right:.1f}", top + BAR_HEIGHT
    if place.span.ends is not None:
        return f"M{left},{top}H{right}V{bottom}H{left}Z"
    notch, middle = f"{place.right - 4:.1f}", top + BAR_HEIGHT / 2
    torn = f"L{notch},{top + BAR_HEIGHT / 4}L{right},{middle}L{notch},{top + BAR_HEIGHT * 3 / 4}"
    return f"M{left},{top}H{right}{torn}L{right},{bottom}H{left}Z"
