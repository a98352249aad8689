from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.moment import Precision
from irscribe.domain.report import Gap, Kind, Outage
from irscribe.render.axis import STEPS, floor, span
from irscribe.render.bars import Span, lanes
from irscribe.render.shapes import Shape, outline
from irscribe.render.svg import LEFT, RIGHT, TOP, WIDTH, chart
from irscribe.render.ticks import ticks
from irscribe.render.tokens import MOST_LEVELS
from tests import reports, strategies
from tests.examples import few_examples

BEGIN = datetime(2019, 10, 7, 14, tzinfo=UTC)
LENGTHS = st.sampled_from([1, 5, 60, 375, 1500, 7 * 1440, 270 * 1440, 3000 * 1440])
CORNER = re.compile(r"[ML ](-?[0-9.]+),")


def axis(minutes):
    return span([BEGIN, BEGIN + timedelta(minutes=minutes)], left=LEFT, right=RIGHT)


def test_an_axis_of_times_at_the_ends_of_the_calendar_has_ticks():
    far = span([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)], left=LEFT, right=RIGHT)
    assert ticks(far)
    assert far.x(datetime.max.replace(tzinfo=UTC)) <= RIGHT


def incident(*, entries=(), outages=(), gaps=()):
    base = reports.seed_2019()
    return replace(
        base, timeline=tuple(entries), durations=replace(base.durations, outages=tuple(outages)), gaps=tuple(gaps)
    )


def notes(count, *, minutes):
    step = minutes / max(count, 1)
    first = reports.entry(1, "2019-10-07 14:00", "x")
    return [replace(first, number=at + 1, at=BEGIN + timedelta(minutes=int(at * step))) for at in range(count)]


def breadth(token):
    across = [float(each) for each in CORNER.findall(token.path)]
    return token.label_x, max(across) - min(across)


@given(LENGTHS)
def test_an_axis_has_a_handful_of_ticks_inside_of_it(minutes):
    found = ticks(axis(minutes))
    assert 2 <= len(found) <= 12
    assert all(LEFT <= tick.x <= RIGHT for tick in found)
    assert [tick.x for tick in found] == sorted({tick.x for tick in found})


def test_an_axis_of_hours_names_every_day_once():
    found = ticks(axis(1500))
    assert [tick.day for tick in found if tick.day] == ["2019-10-07", "2019-10-08"]
    assert all(re.fullmatch(r"\d\d:00", tick.label) for tick in found)


def test_an_axis_of_months_has_ticks_at_their_first_days():
    assert [tick.label for tick in ticks(axis(270 * 1440))][:3] == ["2019-10", "2019-11", "2019-12"]


def test_an_axis_of_ten_days_has_dates_for_labels():
    assert ticks(axis(10 * 1440))[0].label == "2019-10-08"


@given(LENGTHS, st.floats(0, 1), st.floats(0, 1))
def test_later_is_further_to_the_right(minutes, one, other):
    laid = axis(minutes)
    earlier, later = sorted(BEGIN + timedelta(minutes=minutes * each) for each in (one, other))
    assert LEFT < laid.x(earlier) <= laid.x(later) < RIGHT


@given(st.datetimes(min_value=datetime(1970, 1, 5), max_value=datetime(2100, 1, 1)), st.sampled_from(STEPS))  # noqa: DTZ001 - the zone is put on below
def test_a_moment_lies_within_a_step_of_its_floor(moment, step):
    known = moment.replace(tzinfo=UTC)
    assert timedelta() <= known - floor(known, step) < step


def test_a_moment_outside_of_the_axis_stands_at_its_end():
    laid = axis(60)
    assert (laid.x(BEGIN - timedelta(days=9)), laid.x(BEGIN + timedelta(days=9))) == (LEFT, RIGHT)


SPANS = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600), st.sampled_from(["", "12", "2 h 15 min for NFS"])))


@few_examples()
@given(SPANS)
def test_bars_in_one_lane_never_touch(made):
    spans = [
        Span(
            begins=BEGIN + timedelta(minutes=begin), ends=BEGIN + timedelta(minutes=begin + long), label=label, title=""
        )
        for begin, long, label in made
    ]
    laid = lanes(spans, axis(1300), TOP)
    by_lane = {}
    for bar in laid.bars:
        by_lane.setdefault(bar.label_y, []).append([float(each) for each in re.findall(r"[MH]([0-9.]+)", bar.path)])
    for paths in by_lane.values():
        edges = [(min(each), max(each)) for each in paths]
        assert all(before[1] <= after[0] for before, after in pairwise(edges))
    assert len(laid.bars) + laid.left_out == len(spans)


def test_a_label_stands_in_its_bar_only_where_it_fits():
    wide = Span(begins=BEGIN, ends=BEGIN + timedelta(minutes=200), label="3 h 20 min", title="")
    slim = replace(wide, ends=BEGIN + timedelta(minutes=2))
    last = replace(slim, begins=BEGIN + timedelta(minutes=298), ends=BEGIN + timedelta(minutes=300))
    assert [lanes([each], axis(300), TOP).bars[0].inside for each in (wide, slim, last)] == [True, False, False]
    assert [lanes([each], axis(300), TOP).bars[0].anchor for each in (wide, slim, last)] == ["start", "start", "end"]


def test_an_outage_without_end_reaches_the_edge_with_a_torn_side():
    outage = Outage(begins=BEGIN, ends=None, scope=None, minutes=None)
    row = next(row for row in chart(incident(outages=[outage])).rows if row.kind == "outage")
    assert f"H{RIGHT}" in row.lanes.bars[0].path.replace(".0", "")
    assert "L" in row.lanes.bars[0].path
    assert row.lanes.bars[0].label == "no end"


@few_examples()
@given(strategies.timelines(entries=40, minutes=600))
def test_tokens_never_cover_each_other(timeline):
    drawn = chart(incident(entries=timeline))
    by_level = {}
    for token in drawn.crowd.tokens:
        by_level.setdefault(token.label_y, []).append(breadth(token))
    for seats in by_level.values():
        assert all(before[0] + before[1] / 2 < after[0] - after[1] / 2 for before, after in pairwise(seats))


@few_examples()
@given(strategies.timelines(entries=25, minutes=200_000))
def test_every_entry_is_drawn_or_said_to_be_left_out(timeline):
    drawn = chart(incident(entries=timeline))
    ranges = sum(len(row.lanes.bars) + row.lanes.left_out for row in drawn.rows if row.kind == "range")
    lost = sum(entry.at is None for entry in timeline)
    points = len(timeline) - lost - ranges
    assert drawn.crowd.bins or len(drawn.crowd.tokens) == points
    assert bool(lost) == any("time is not known" in remark for remark in drawn.remarks)


@few_examples()
@given(strategies.reports(minutes=100_000))
def test_nothing_is_drawn_outside_of_the_picture(report):
    drawn = chart(report)
    if drawn:
        assert all(
            LEFT <= token.stem_x <= RIGHT and TOP <= token.label_y <= drawn.height for token in drawn.crowd.tokens
        )
        assert all(
            0 <= bar.label_x <= WIDTH and bar.label_y <= drawn.height for row in drawn.rows for bar in row.lanes.bars
        )
        assert all(LEFT <= band.x <= RIGHT for band in drawn.bands)


@pytest.mark.parametrize("count", [200, 5000])
@pytest.mark.parametrize("minutes", [5, 600, 270 * 1440])
def test_a_crowd_becomes_a_histogram_that_counts_every_entry(count, minutes):
    drawn = chart(incident(entries=notes(count, minutes=minutes)))
    counted = sum(int(re.search(r": (\d+) entr", each.title)[1]) for each in drawn.crowd.bins)
    assert counted == count
    assert len(drawn.crowd.bins) <= (RIGHT - LEFT) / 5
    assert any(each.startswith("Each column counts the entries of") for each in drawn.remarks)


def test_as_many_as_can_be_stacked_are_still_tokens():
    assert len(chart(incident(entries=notes(MOST_LEVELS, minutes=0))).crowd.tokens) == MOST_LEVELS
    assert chart(incident(entries=notes(MOST_LEVELS + 1, minutes=0))).crowd.bins


def test_nothing_is_drawn_of_an_incident_that_just_began():
    assert chart(reports.empty()) is None


def test_an_incident_without_entries_is_drawn_with_its_outage():
    drawn = chart(reports.seed_2021())
    assert [row.label for row in drawn.rows] == ["Incident", "Outage"]
    assert drawn.crowd.tokens == ()


def test_the_reference_incident_is_drawn_with_every_entry_and_its_range():
    drawn = chart(reports.seed_2019())
    assert [token.label for token in drawn.crowd.tokens] == ["1", "3", "4", "5", "6", "~7", "8", "9", "10", "11", "12"]
    assert [row.label for row in drawn.rows] == ["Incident", "Outage", "Ranges"]
    assert drawn.description.startswith("From 2019-10-07 14:00 to 2019-10-07 20:15 UTC: 12 entries, 1 outage, 0 gaps")


def test_a_gap_is_a_band_and_a_bar():
    gap = Gap(begins=BEGIN, ends=BEGIN + timedelta(minutes=30))
    drawn = chart(incident(gaps=[gap]))
    assert len(drawn.bands) == 1
    assert "Not heard" in [row.label for row in drawn.rows]


def test_changes_of_state_are_a_band_from_each_to_the_next():
    said = [reports.entry(1, "2019-10-07 14:10", "Status: identified – it is DNS", kind=Kind.STATUS)]
    said += [reports.entry(2, "2019-10-07 15:00", "users were told", kind=Kind.STATUS)]
    said += [reports.entry(3, "2019-10-07 18:00", "Status: resolved", kind=Kind.STATUS)]
    row = next(row for row in chart(incident(entries=said)).rows if row.kind == "state")
    assert [bar.label for bar in row.lanes.bars] == ["identified", "resolved"]


def test_an_entry_that_knows_only_its_day_does_not_squeeze_a_short_incident():
    day = reports.entry(1, "2019-10-07 00:00", "deployed", precision=Precision.DAY)
    drawn = chart(incident(entries=[day, *notes(3, minutes=5)]))
    assert drawn.ticks[0].label >= "13:00"


def test_closing_months_later_does_not_squeeze_the_incident():
    base = incident(entries=notes(5, minutes=60))
    late = replace(base, incident=replace(base.incident, closed_at=BEGIN + timedelta(days=270)))
    assert chart(late).ticks[0].day == "2019-10-07"


@pytest.mark.parametrize("form", list(Shape))
def test_every_shape_is_closed_and_its_own(form):
    paths = {outline(each, x=50, y=50, width=30) for each in Shape}
    assert len(paths) == len(Shape)
    assert outline(form, x=50, y=50, width=30).endswith("Z")
