"""The timeline as a drawing: calculates positions in pixels; a template draws them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from irscribe.domain.prose import plural
from irscribe.domain.report import Report
from irscribe.render import breaks, rows, shapes, wording
from irscribe.render.axis import Axis, span
from irscribe.render.bars import BAR_HEIGHT, LANE_HEIGHT, Lanes, lanes
from irscribe.render.breaks import Break
from irscribe.render.moments import moments
from irscribe.render.rows import Content
from irscribe.render.ticks import Tick, ticks
from irscribe.render.tokens import Crowd, crowd

WIDTH = 960
LEFT, RIGHT = 84, WIDTH - 30
TOP = 48
"""The top of the first row, if the axis has no break."""

_ROW_GAP = 14
_KEY_WIDTH = 30.0


@dataclass(frozen=True, kw_only=True)
class Row:
    """Bars of one kind below each other; ``kind`` selects their style."""

    label: str
    kind: str
    label_y: float
    lanes: Lanes


@dataclass(frozen=True, kw_only=True)
class Band:
    """A gap in the record, over the whole height."""

    x: float
    width: float


@dataclass(frozen=True, kw_only=True)
class Key:
    """A line of the legend, with its token."""

    path: str
    label: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The whole drawing, with a description of its content and remarks on parts that are left out.

    ``top`` is the top of the first row.
    """

    top: float
    height: float
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    crowd: Crowd
    bands: tuple[Band, ...]
    breaks: tuple[Break, ...]
    legend: tuple[Key, ...]
    description: str
    remarks: tuple[str, ...]


def chart(report: Report) -> Chart | None:
    """Lay out the timeline of a report; None if fewer than two moments are known."""
    times = moments(report)
    if times[0] == times[-1]:
        return None
    axis, dated = span(times, left=LEFT, right=RIGHT), wording.is_dated(report)
    points = sorted(filter(rows.is_point, report.timeline), key=lambda each: (each.at, each.number))
    top = TOP + (breaks.HEADROOM if axis.breaks else 0)
    above = _stacked(rows.above(report), axis, top)
    entries = crowd(points, axis, top=_bottom(above, top), dated=dated)
    middle = entries.baseline + _ROW_GAP if points else _bottom(above, top)
    stacked = (*above, *_stacked(rows.below(report, axis, dated=dated), axis, middle))
    height = max(_bottom(stacked, top), middle)
    return Chart(
        top=top,
        height=height,
        ticks=ticks(axis),
        rows=stacked,
        crowd=entries,
        bands=tuple(_bands(report, axis)),
        breaks=breaks.breaks(axis, top=breaks.HEADROOM, bottom=height),
        legend=tuple(_legend(entries, axis)),
        description=_description(report, times[0], times[-1], axis),
        remarks=tuple(_remarks(report, stacked, entries, axis)),
    )


def _stacked(contents: Iterable[Content], axis: Axis, top: float) -> tuple[Row, ...]:
    """Put the rows that are not empty below each other."""
    stacked: list[Row] = []
    for each in contents:
        start = _bottom(stacked, top)
        if each.spans:
            laid = lanes(each.spans, axis, start)
            stacked.append(Row(label=each.label, kind=each.kind, label_y=start + BAR_HEIGHT - 4, lanes=laid))
    return tuple(stacked)


def _bottom(stacked: Iterable[Row], top: float) -> float:
    """The top of the next row."""
    return max(
        (row.label_y - BAR_HEIGHT + 4 + row.lanes.height + _ROW_GAP - LANE_HEIGHT + BAR_HEIGHT for row in stacked),
        default=top,
    )


def _bands(report: Report, axis: Axis) -> Iterator[Band]:
    for gap in report.gaps:
        if not rows.is_left_out(gap, axis):
            left, right = axis.x(gap.begins), axis.x(gap.ends or axis.ends)
            yield Band(x=left, width=round(max(right - left, 1), 1))


def _legend(entries: Crowd, axis: Axis) -> Iterator[Key]:
    present = {token.shape for token in entries.tokens}
    for form in shapes.Shape:
        if form in present:
            path = shapes.outline(form, x=_KEY_WIDTH / 2 + 1, y=shapes.HEIGHT / 2 + 1, width=_KEY_WIDTH)
            yield Key(path=path, label=form.value, kind=form.name.lower())
    if axis.breaks:
        yield Key(path=breaks.KEY, label="time left out", kind="edge")


def _description(report: Report, begins: datetime, ends: datetime, axis: Axis) -> str:
    entries, outages = len(report.timeline), len(report.durations.outages)
    parts = f", {plural(len(axis.breaks), 'quiet time')} left out" if axis.breaks else ""
    return (
        f"From {begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M} UTC: {plural(entries, 'entry')}, "
        f"{plural(outages, 'outage')}, {plural(len(report.gaps), 'gap')} in the record{parts}. "
        "All of it stands in the lists below."
    )


def _remarks(report: Report, stacked: Iterable[Row], entries: Crowd, axis: Axis) -> Iterator[str]:
    yield from breaks.remarks(axis, report.gaps)
    if entries.caption:
        yield entries.caption
    lost = [entry.number for entry in report.timeline if entry.at is None]
    if lost:
        yield f"Not drawn, because the time is not known: {plural(len(lost), 'entry')}."
    left_out = sum(row.lanes.left_out for row in stacked)
    if left_out:
        yield f"Not drawn, because there is no room: {plural(left_out, 'bar')}."
