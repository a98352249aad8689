"""Outlines of the tokens on the timeline: each kind of entry has its own shape, not only a colour."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from irscribe.domain.report import Entry, Kind, MarkerKind

HEIGHT = 18
_HALF = HEIGHT / 2
_CORNER = 6.0


class Shape(StrEnum):
    """The shape of an entry; the value is its text in the legend."""

    NOTE = "note"
    BEGINS = "outage begins"
    ENDS = "outage ends"
    STATUS = "status"
    PEOPLE = "people, opening and closing"
    DECISION = "decision"
    ALERT = "alert"
    QUOTE = "quote"
    THEORY = "theory"


_BY_KIND: Mapping[Kind, Shape] = {
    Kind.NOTE: Shape.NOTE,
    Kind.OUTAGE: Shape.NOTE,
    Kind.STATUS: Shape.STATUS,
    Kind.ROLE: Shape.PEOPLE,
    Kind.LIFECYCLE: Shape.PEOPLE,
    Kind.DECISION: Shape.DECISION,
    Kind.ALERT: Shape.ALERT,
    Kind.QUOTE: Shape.QUOTE,
    Kind.THEORY: Shape.THEORY,
}
_BY_MARKER: Mapping[MarkerKind, Shape] = {MarkerKind.BEGINS: Shape.BEGINS, MarkerKind.ENDS: Shape.ENDS}

# The depth to which the left and the right side are cut or pointed: at the top, in the middle, at the bottom.
_SIDES: Mapping[Shape, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    Shape.BEGINS: ((0, 0, 0), (_CORNER, 0, _CORNER)),
    Shape.ENDS: ((_CORNER, 0, _CORNER), (0, 0, 0)),
    Shape.STATUS: ((0, 0, 0), (0, 0, 0)),
    Shape.PEOPLE: ((_CORNER, _CORNER / 2, 0), (0, _CORNER / 2, _CORNER)),
    Shape.DECISION: ((_CORNER, 0, _CORNER), (_CORNER, 0, _CORNER)),
    Shape.ALERT: ((0, _CORNER / 1.5, 0), (0, _CORNER / 1.5, 0)),
    Shape.THEORY: ((_CORNER, 0, 0), (_CORNER, 0, 0)),
}


def shape(entry: Entry) -> Shape:
    """The shape of an entry."""
    return _BY_MARKER[entry.marker.kind] if entry.marker else _BY_KIND[entry.kind]


def outline(form: Shape, *, x: float, y: float, width: float) -> str:
    """The path of a token; ``x`` and ``y`` are its middle."""
    left, right = x - width / 2, x + width / 2
    if form not in _SIDES:
        return _rounded(left, right, y, tail=form is Shape.QUOTE)
    before, behind = _SIDES[form]
    heights = (y - _HALF, y, y + _HALF)
    up = [(left + cut, at) for cut, at in zip(before, heights, strict=True)]
    down = [(right - cut, at) for cut, at in zip(behind, heights, strict=True)]
    return "M" + "L".join(f"{_px(across)},{_px(at)}" for across, at in (*down, *reversed(up))) + "Z"


def _rounded(left: float, right: float, y: float, *, tail: bool) -> str:
    top, bottom, radius = _px(y - _HALF), _px(y + _HALF), _px(_HALF)
    start, end = _px(left + _HALF), _px(right - _HALF)
    arc = f"A{radius},{radius} 0 0 1"
    corner = f"L{_px(left)},{bottom}L{_px(left)},{_px(y)}" if tail else f"{arc} {start},{top}"
    closing = f"{arc} {start},{top}" if tail else ""
    return f"M{start},{top}L{end},{top}{arc} {end},{bottom}L{start},{bottom}{corner}{closing}Z"


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
