from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from irscribe.domain.moment import Precision
from irscribe.domain.report import Gap, Outage
from irscribe.render import render
from irscribe.render.axis import span
from irscribe.render.svg import LEFT, RIGHT, WIDTH, chart
from irscribe.render.ticks import ticks
from tests import drawn, reading, reports
from tests.examples import few_examples
from tests.reports import at, entry

BEGIN = datetime(2019, 10, 7, 14, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"
CHARACTER_WIDTH = 6.6
CLUSTERS = st.lists(
    st.tuples(
        st.sampled_from([0, 5, 90, 150, 600, 1260, 4 * 1440, 270 * 1440]), st.lists(st.integers(0, 60), max_size=4)
    ),
    min_size=1,
    max_size=8,
)
"""Of each cluster of moments: the minutes since the cluster before, and the seconds between its moments."""


def moments_of(clusters):
    now = BEGIN
    for minutes, seconds in clusters:
        now += timedelta(minutes=minutes)
        yield now
        for each in seconds:
            now += timedelta(seconds=each)
            yield now


def axis_of(*minutes):
    return span([BEGIN + timedelta(minutes=each) for each in minutes], left=LEFT, right=RIGHT)


def left_out(axis):
    return [(each.begins, each.ends) for each in axis.breaks]


def incident(*entries, closed="2019-10-07 16:00"):
    base = reports.seed_2019()
    facts = replace(base.incident, opened_at=BEGIN, closed_at=at(closed))
    metadata = replace(base.metadata, start=None, end=None)
    return replace(
        base,
        incident=facts,
        metadata=metadata,
        timeline=entries,
        durations=replace(base.durations, outages=()),
    )


def test_a_quiet_night_is_left_out_and_the_rest_is_drawn_to_one_scale():
    axis = axis_of(0, 30, 60, 1320, 1350, 1380)
    assert len(axis.breaks) == 1
    widths = [each.right - each.left for each in axis.stretches]
    lengths = [each.ends - each.begins for each in axis.stretches]
    assert widths[0] / widths[1] == pytest.approx(lengths[0] / lengths[1])
    assert axis.x(BEGIN + timedelta(minutes=60)) - axis.x(BEGIN) > (RIGHT - LEFT) / 3


@pytest.mark.parametrize(
    ("minutes", "breaks"),
    [
        ((0, 60, 120, 180, 240), 0),
        ((0, 240, 480, 720), 0),
        ((0, 1440), 0),
        ((0, 5, 10, 131), 1),
        ((0, 5, 10, 129), 0),
        ((0, 1260, 1290, 1300), 1),
        ((0, 60, 1260, 1320, 2600, 2660), 2),
        ((0, 60, 120, 150, 315, 320), 0),
        ([day * 1440 + minute for day in range(9) for minute in (0, 60)], 0),
    ],
    ids=[
        "always something",
        "evenly quiet",
        "nothing else",
        "over two hours",
        "not two hours",
        "one early",
        "two nights",
        "a lull in an incident",
        "too many",
    ],
)
def test_the_axis_is_broken_where_that_makes_all_else_much_larger(minutes, breaks):
    assert len(axis_of(*minutes).breaks) == breaks


@given(CLUSTERS)
def test_the_order_of_moments_is_kept_and_none_is_left_out(clusters):
    moments = sorted({*moments_of(clusters)})
    assume(len(moments) > 1)
    axis = span(moments, left=LEFT, right=RIGHT)
    places = [axis.x(each) for each in moments]
    assert places == sorted(places)
    assert places[0] > LEFT
    assert places[-1] < RIGHT
    assert not any(each.left - 43 < place < each.right + 43 for each in axis.breaks for place in places)


@given(CLUSTERS)
def test_a_break_leaves_out_at_least_half_of_a_quiet_time_of_hours(clusters):
    moments = sorted({*moments_of(clusters)})
    assume(len(moments) > 1)
    for begins, ends in left_out(span(moments, left=LEFT, right=RIGHT)):
        before = max(each for each in moments if each <= begins)
        after = min(each for each in moments if each >= ends)
        assert after - before >= timedelta(hours=2)
        assert ends - begins >= (after - before) / 2


@given(CLUSTERS)
def test_each_tick_says_the_time_at_its_place_and_its_label_is_within_its_stretch(clusters):
    moments = sorted({*moments_of(clusters)})
    assume(len(moments) > 1)
    axis = span(moments, left=LEFT, right=RIGHT)
    found = ticks(axis)
    for stretch in axis.stretches:
        assert any(stretch.left <= each.x <= stretch.right for each in found)
    for each in found:
        half = max(len(each.label), len(each.day or "")) * CHARACTER_WIDTH / 2
        assert not any(gone.left < each.x + half and each.x - half < gone.right for gone in axis.breaks)
        assert each.x >= half
        assert each.x + half <= WIDTH
    if axis.breaks:
        assert [axis.x(each) for each in told(found)] == [each.x for each in found]


def told(found):
    """The times that a reader takes the ticks for."""
    day = ""
    for each in found:
        if re.fullmatch(r"\d\d:\d\d(:\d\d)?", each.label):
            day = each.day or day
            text = f"{day} {each.label}"
        else:
            day = text = each.label if len(each.label) > 7 else f"{each.label}-01"
        yield datetime.fromisoformat(text).replace(tzinfo=UTC)


def drawn_text(markup):
    """The texts of the drawing with the columns of pixels they take up at least, and the columns of the breaks."""
    chart_ = next(each for each in reading.page(markup).iter(f"{SVG}svg") if each.get("class") == "chart")
    breaks = [each for each in chart_.iter(f"{SVG}g") if each.get("class") == "break"]
    own = {text for each in breaks for text in each.iter(f"{SVG}text")}
    texts = [each for each in chart_.iter(f"{SVG}text") if each not in own]
    strips = [columns(each) for each in breaks]
    return [(each.text, *extent(each)) for each in texts], strips


def columns(gone: Element):
    strip = next(each for each in gone.iter(f"{SVG}path") if each.get("class") == "strip").get("d")
    return float(re.match(r"M([0-9.]+)", strip)[1]), float(re.search(r"H([0-9.]+)", strip)[1])


def extent(text: Element):
    x, width = float(text.get("x")), len(text.text) * CHARACTER_WIDTH
    begin = x - {"middle": width / 2, "end": width}.get(text.get("text-anchor"), 0)
    return begin, begin + width


@few_examples(share=2)
@given(CLUSTERS, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=3), st.booleans())
def test_no_label_of_the_drawing_touches_a_break_or_leaves_the_drawing(clusters, outages, known_to_the_day):
    moments = sorted({*moments_of(clusters)})
    first = entry(1, "2019-10-07 14:00", "x")
    said = [replace(first, number=number, at=each) for number, each in enumerate(moments, start=1)]
    if known_to_the_day:
        said.append(entry(1234, "2019-10-01 00:00", "x", precision=Precision.DAY))
    scoped = [
        Outage(begins=min(pair), ends=max(pair), scope="for every virtual machine of the cloud", minutes=5)
        for pair in ((moments[one % len(moments)], moments[other % len(moments)]) for one, other in outages)
    ]
    report = incident(*said, closed=f"{moments[-1]:%Y-%m-%d %H:%M}")
    report = replace(report, durations=replace(report.durations, outages=tuple(scoped)))
    assume(chart(report))
    markup = render(report, "html", reports.style())
    assert markup == render(report, "html", reports.style())
    texts, strips = drawn_text(markup)
    assert all(begin >= 0 and end <= WIDTH for _, begin, end in texts)
    assert [each for each in texts for begin, end in strips if each[1] < end and begin < each[2]] == []


def test_an_entry_of_the_day_before_does_not_squeeze_the_incident():
    early = entry(1, "2019-10-06 15:00", "new kernel")
    said = [entry(number, f"2019-10-07 15:{number}0", "x") for number in range(1, 6)]
    found = chart(incident(early, *said))
    assert [each.label for each in found.breaks] == ["23 h"]
    places = [each.stem_x for each in found.crowd.tokens]
    assert places[-1] - places[1] > (RIGHT - LEFT) / 4
    assert [each for each in found.remarks if each.startswith("Left out, because")]


def test_an_entry_that_knows_only_an_earlier_day_is_a_bar_that_the_break_tears():
    day = entry(1, "2019-10-05 00:00", "deployed", precision=Precision.DAY)
    found = chart(incident(day, *(entry(number, f"2019-10-07 15:{number}0", "x") for number in range(2, 6))))
    row = next(each for each in found.rows if each.label == "Ranges")
    assert [each.label for each in row.lanes.bars] == ["1"]
    assert found.ticks[0].day == "2019-10-05"
    assert len(found.breaks) == 1


def test_an_entry_of_unknown_time_moves_nothing():
    said = [entry(number, f"2019-10-07 15:{number}0", "x") for number in range(1, 6)]
    with_it, without = chart(incident(*said, entry(9, None, "x"))), chart(incident(*said))
    assert (with_it.ticks, with_it.crowd) == (without.ticks, without.crowd)


def test_a_short_gap_in_a_quiet_night_is_told_instead_of_drawn():
    gap = Gap(begins=at("2019-10-08 03:00"), ends=at("2019-10-08 03:05"))
    said = [entry(1, "2019-10-07 14:30", "x"), entry(2, "2019-10-08 12:00", "x"), entry(3, "2019-10-08 12:30", "x")]
    found = chart(replace(incident(*said, closed="2019-10-08 13:00"), gaps=(gap,)))
    assert "Not heard" not in [each.label for each in found.rows]
    assert found.bands == ()
    assert "Not drawn, because it lies in the time left out: 1 gap." in found.remarks


def test_a_gap_of_hours_is_drawn_with_its_begin_and_its_end():
    gap = Gap(begins=at("2019-10-07 15:00"), ends=at("2019-10-08 11:00"))
    said = [entry(1, "2019-10-07 14:30", "x"), entry(2, "2019-10-08 12:00", "x"), entry(3, "2019-10-08 12:30", "x")]
    found = chart(replace(incident(*said, closed="2019-10-08 13:00"), gaps=(gap,)))
    assert len(found.breaks) == 1
    assert [each.label for each in found.rows][-1] == "Not heard"


def test_a_closing_months_later_is_shown_behind_a_break():
    said = [entry(number, f"2019-10-07 15:{number}0", "x") for number in range(1, 6)]
    found = chart(incident(*said, closed="2020-07-03 10:00"))
    assert [each.label for each in found.breaks] == ["270 d"]
    assert [each.day for each in found.ticks if each.day][-1] == "2020-07-03"


@pytest.mark.parametrize("name", drawn.DRAWN)
def test_the_description_for_screen_readers_counts_the_breaks(name):
    found = chart(drawn.DRAWN[name]())
    told_of = re.search(r"(\d+) quiet times? left out", found.description)
    assert (int(told_of[1]) if told_of else 0) == len(found.breaks)


def test_ten_partial_ends_are_ten_ticks_of_the_outage_and_its_label_crosses_none():
    row = next(each for each in chart(drawn.ten_partial_ends()).rows if each.kind == "outage")
    (bar,) = row.lanes.bars
    assert len(bar.ticks) == 10
    across = [float(re.match(r"M([0-9.]+)", each)[1]) for each in bar.ticks]
    assert not any(bar.label_x < each < bar.label_x + len(bar.label) * CHARACTER_WIDTH for each in across)
