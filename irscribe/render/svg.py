"""The timeline as a drawing: calculates positions in pixels; a template draws them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from irscribe.domain.duration import spell_minutes
from irscribe.domain.moment import Precision
from irscribe.domain.outages import partial_ends
from irscribe.domain.report import Entry, Kind, Report, Status
from irscribe.render import shapes, tokens, wording
from irscribe.render.axis import Axis, Tick, span
from irscribe.render.bars import BAR_HEIGHT, LANE_HEIGHT, Lanes, Span, lanes
from irscribe.render.tokens import Crowd, crowd

WIDTH = 960
LEFT, RIGHT = 84, WIDTH - 30
TOP = 48
_ROW_GAP = 14
_DAY = timedelta(days=1)
_STATUS = re.compile(r"Status: (\w+)")
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
    """The whole drawing, with a description of its content and remarks on parts that are left out."""

    height: float
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    crowd: Crowd
    bands: tuple[Band, ...]
    legend: tuple[Key, ...]
    description: str
    remarks: tuple[str, ...]


def chart(report: Report) -> Chart | None:
    """Lay out the timeline of a report; None if fewer than two moments are known."""
    times = sorted(_times(report))
    if not times or times[0] == times[-1]:
        return None
    axis, dated = span(times, left=LEFT, right=RIGHT), wording.is_dated(report)
    points = sorted(filter(_is_point, report.timeline), key=lambda each: (each.at, each.number))
    above = _stacked(_rows_above(report), axis, TOP)
    below = _bottom(above, TOP)
    entries = crowd(points, axis, top=below, dated=dated)
    below = entries.baseline + _ROW_GAP if points else below
    rows = (*above, *_stacked(_rows_below(report, dated=dated), axis, below))
    return Chart(
        height=max(_bottom(rows, TOP), below),
        ticks=axis.ticks(),
        rows=rows,
        crowd=entries,
        bands=tuple(_bands(report, axis)),
        legend=tuple(_legend(entries)),
        description=_description(report, times[0], times[-1]),
        remarks=tuple(_remarks(report, rows, entries)),
    )


def _times(report: Report) -> Iterator[datetime]:
    """The moments that the axis has to show, without an opening or closing far away from all others."""
    core = sorted(_core(report))
    yield from core
    incident = report.incident
    reach = core[-1] - core[0] if core else timedelta.max
    for moment in (incident.opened_at, incident.closed_at, *_of_gaps(report)):
        if moment and (not core or core[0] - moment <= reach >= moment - core[-1]):
            yield moment


def _core(report: Report) -> Iterator[datetime]:
    exact = [each for each in report.timeline if each.at and each.precision is not Precision.DAY]
    yield from (moment for entry in exact for moment in (entry.at, entry.until) if moment)
    for outage in report.durations.outages:
        yield from (moment for moment in (outage.begins, outage.ends) if moment)
    yield from (moment for moment in (report.metadata.start, report.metadata.end) if moment)
    known = [entry.at for entry in exact if entry.at] or [report.incident.opened_at]
    for entry in report.timeline:
        if entry.at and entry.precision is Precision.DAY:
            begins, ends = _range(entry, entry.at)
            if ends < min(known) or begins > max(known):
                yield from (begins, ends)


def _of_gaps(report: Report) -> Iterator[datetime | None]:
    for gap in report.gaps:
        yield from (gap.begins, gap.ends)


def _is_point(entry: Entry) -> bool:
    return entry.at is not None and entry.until is None and entry.precision is not Precision.DAY


def _range(entry: Entry, begins: datetime) -> tuple[datetime, datetime]:
    """The begin and the end of an entry; a day ends at midnight."""
    ends = entry.until or begins
    return begins, ends + _DAY if entry.precision is Precision.DAY else ends


def _rows_above(report: Report) -> Iterator[tuple[str, str, list[Span]]]:
    incident = report.incident
    length = spell_minutes(report.durations.open_minutes) if report.durations.open_minutes is not None else "still open"
    lasted = Span(begins=incident.opened_at, ends=incident.closed_at, label=length, title=f"Incident: {length}")
    yield "Incident", "incident", [lasted]
    yield "Status", "state", list(_states(report))
    yield "Outage", "outage", list(_outages(report))


def _rows_below(report: Report, *, dated: bool) -> Iterator[tuple[str, str, list[Span]]]:
    yield "Ranges", "range", list(_ranges(report, dated=dated))
    gaps = [Span(begins=gap.begins, ends=gap.ends, label="", title=wording.gap(gap)) for gap in report.gaps]
    yield "Not heard", "gap", gaps


def _states(report: Report) -> Iterator[Span]:
    """The spans from each change of state to the next."""
    changes = [(entry.at, _state(entry)) for entry in report.timeline if entry.at and entry.kind is Kind.STATUS]
    known = [(at, state) for at, state in changes if state]
    ends = [*(at for at, _ in known[1:]), report.incident.closed_at]
    for (begins, state), until in zip(known, ends, strict=False):
        if until is None or until >= begins:
            yield Span(begins=begins, ends=until, label=state, title=f"{begins:%H:%M} {state}")


def _state(entry: Entry) -> str:
    found = _STATUS.match(entry.text)
    return found[1] if found and found[1] in set(Status) else ""


def _outages(report: Report) -> Iterator[Span]:
    for outage, sentence in zip(report.durations.outages, wording.outages(report), strict=True):
        length = "no end" if outage.minutes is None else spell_minutes(outage.minutes)
        label = f"{length} {outage.scope}" if outage.scope else length
        ticks = tuple(part.at for part in partial_ends(report.timeline, outage))
        yield Span(begins=outage.begins, ends=outage.ends, label=_short(label), title=sentence, ticks=ticks)


def _ranges(report: Report, *, dated: bool) -> Iterator[Span]:
    for entry in report.timeline:
        if entry.at and not _is_point(entry):
            begins, ends = _range(entry, entry.at)
            title = tokens.title(entry, dated=dated)
            yield Span(begins=begins, ends=ends, label=_number(entry), title=title)


def _number(entry: Entry) -> str:
    return f"~{entry.number}" if entry.approximate else str(entry.number)


def _short(label: str, most: int = 40) -> str:
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def _stacked(rows: Iterable[tuple[str, str, list[Span]]], axis: Axis, top: float) -> tuple[Row, ...]:
    """Put the rows that are not empty below each other."""
    stacked: list[Row] = []
    for label, kind, spans in rows:
        start = _bottom(stacked, top)
        if spans:
            laid = lanes(spans, axis, start)
            stacked.append(Row(label=label, kind=kind, label_y=start + BAR_HEIGHT - 4, lanes=laid))
    return tuple(stacked)


def _bottom(rows: Iterable[Row], top: float) -> float:
    """The top of the next row."""
    return max(
        (row.label_y - BAR_HEIGHT + 4 + row.lanes.height + _ROW_GAP - LANE_HEIGHT + BAR_HEIGHT for row in rows),
        default=top,
    )


def _bands(report: Report, axis: Axis) -> Iterator[Band]:
    for gap in report.gaps:
        left, right = axis.x(gap.begins), axis.x(gap.ends or axis.ends)
        yield Band(x=left, width=round(max(right - left, 1), 1))


def _legend(entries: Crowd) -> Iterator[Key]:
    present = {token.shape for token in entries.tokens}
    for form in shapes.Shape:
        if form in present:
            path = shapes.outline(form, x=_KEY_WIDTH / 2 + 1, y=shapes.HEIGHT / 2 + 1, width=_KEY_WIDTH)
            yield Key(path=path, label=form.value, kind=form.name.lower())


def _description(report: Report, begins: datetime, ends: datetime) -> str:
    entries, outages = len(report.timeline), len(report.durations.outages)
    return (
        f"From {begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M} UTC: {_counted(entries, 'entry', 'entries')}, "
        f"{_counted(outages, 'outage', 'outages')}, {_counted(len(report.gaps), 'gap', 'gaps')} in the record. "
        "All of it stands in the lists below."
    )


def _remarks(report: Report, rows: Iterable[Row], entries: Crowd) -> Iterator[str]:
    if entries.caption:
        yield entries.caption
    lost = [entry.number for entry in report.timeline if entry.at is None]
    if lost:
        yield f"Not drawn, because the time is not known: {_counted(len(lost), 'entry', 'entries')}."
    left_out = sum(row.lanes.left_out for row in rows)
    if left_out:
        yield f"Not drawn, because there is no room: {_counted(left_out, 'bar', 'bars')}."


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
