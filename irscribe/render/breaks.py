"""Draws the breaks of the axis: torn strips, each with the length of the time that is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from irscribe.domain.duration import spell_minutes
from irscribe.domain.prose import plural
from irscribe.domain.report import Gap
from irscribe.render import rows
from irscribe.render.axis import Axis
from irscribe.render.stretches import Stretch

HEADROOM = 16
"""The height of the line above the axis on which the lengths stand."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_TOOTH_WIDTH, _TOOTH_HEIGHT = 5.0, 12.0
_INSET = 2.0

KEY = "M9,1l4,5l-4,5l4,5l-4,3M19,1l4,5l-4,5l4,5l-4,3"
"""The path of both edges of a break, for the legend."""


@dataclass(frozen=True, kw_only=True)
class Break:
    """A break: ``label`` is about the time left out, ``title`` the full sentence; ``strip`` and ``edges`` are paths."""

    x: float
    label: str
    title: str
    strip: str
    edges: tuple[str, str]


def breaks(axis: Axis, *, top: float, bottom: float) -> tuple[Break, ...]:
    """Draw each break of an axis from ``top`` down to ``bottom``."""
    return tuple(_drawn(each, top, bottom) for each in axis.breaks)


def remarks(axis: Axis, gaps: tuple[Gap, ...]) -> Iterator[str]:
    """The sentences for readers about what is not drawn because of breaks."""
    if axis.breaks:
        yield f"Left out, because no entry has a time in it: {'; '.join(map(_spelled, axis.breaks))}."
    hidden = sum(rows.is_left_out(each, axis) for each in gaps)
    if hidden:
        lie = "it lies" if hidden == 1 else "they lie"
        yield f"Not drawn, because {lie} in the time left out: {plural(hidden, 'gap')}."


def _drawn(gone: Stretch, top: float, bottom: float) -> Break:
    left, right = gone.left + _INSET, gone.right - _INSET - _TOOTH_WIDTH
    down = _torn(bottom - top)
    return Break(
        x=round((gone.left + gone.right) / 2, 1),
        label=_about(gone.ends - gone.begins),
        title=f"Left out: {_spelled(gone)}",
        strip=f"M{left:.1f},{top:g}{down}H{right:.1f}{_torn(top - bottom)}Z",
        edges=(f"M{left:.1f},{top:g}{down}", f"M{right:.1f},{top:g}{down}"),
    )


def _torn(height: float) -> str:
    """The path of an edge, down if its height is positive, else up."""
    teeth = max(round(abs(height) / _TOOTH_HEIGHT), 1)
    half = f"{height / teeth / 2:.3f}"
    return f"l{_TOOTH_WIDTH:g},{half}l-{_TOOTH_WIDTH:g},{half}" * teeth


def _spelled(gone: Stretch) -> str:
    """Spell the time that is left out: ``2019-10-06 15:30 – 2019-10-07 12:40 (21 h 10 min)``."""
    pattern = "%H:%M" if gone.begins.date() == gone.ends.date() else "%Y-%m-%d %H:%M"
    return f"{gone.begins:%Y-%m-%d %H:%M} – {gone.ends:{pattern}} ({_length(gone.ends - gone.begins, _MINUTE)})"


def _about(length: timedelta) -> str:
    """Spell a length in few characters: to the hour from ten hours on, to the day from ten days on."""
    exact = _MINUTE if length < 10 * _HOUR else _HOUR
    return _length(length, _DAY if length >= 10 * _DAY else exact)


def _length(length: timedelta, exact: timedelta) -> str:
    return spell_minutes(round(length / exact) * exact // _MINUTE)
