"""Moments as text, for typing and for reading."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.moment import Moment, Precision
from irscribe.domain.spelling import label, spell
from irscribe.domain.time_resolution import LONGEST_RANGE, Context, resolve
from irscribe.domain.when import parse

CONTEXT = Context(said_at=datetime(2019, 10, 8, 12, 0, 30, tzinfo=UTC))
GRAIN = {
    Precision.DAY: timedelta(days=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.SECOND: timedelta(seconds=1),
}


def moment(typed: str) -> Moment:
    return resolve(parse(typed).when, context=CONTEXT)


@st.composite
def moments(draw):
    precision = draw(st.sampled_from(Precision))
    approximate = draw(st.booleans())
    if precision is Precision.UNKNOWN:
        return Moment(at=None, precision=precision, approximate=approximate)
    epoch, grain = datetime(1970, 1, 1, tzinfo=UTC), GRAIN[precision]
    at = epoch + grain * draw(st.integers(0, (CONTEXT.said_at - epoch) // grain))
    within = min(10**6, LONGEST_RANGE // grain)
    until = draw(st.none() | st.integers(0, within).map(lambda count: at + grain * count))
    return Moment(at=at, until=until, precision=precision, approximate=approximate)


@given(original=moments(), retrospective=st.booleans())
def test_a_spelled_moment_read_again_is_the_same_moment(original, retrospective):
    context = Context(said_at=CONTEXT.said_at, retrospective=retrospective)
    parsed = parse(f"{spell(original)} text")
    assert parsed.rest == "text"
    assert resolve(parsed.when, context=context) == original


FORMS = ["", "11:40", "11:40:05", "11:40Z", "11:40 UTC", "11:40+02:00", "11:40 +0200", "11:40 -0500", "~11:20"]
FORMS += ["11:20 (approximately)", "ca. 11:20", "10:00-11:30", "10:00 – 13:30", "20:00-05:00", "2019-10-07 14:00"]
FORMS += ["2019-10-07T14:00Z", "2019-10-07", "2019-10-07 - 2019-10-08", "yesterday 23:50", "-10m", "-1h30m", "-2d"]
FORMS += ["10m ago", "now", "??:??", "~??:??", "[11:40]", "~2019-10-07"]


@pytest.mark.parametrize("typed", FORMS)
def test_every_form_of_the_table_is_spelled_so_that_it_gives_the_same_moment(typed):
    first = moment(typed)
    assert moment(spell(first)) == first
    assert parse(spell(first)).rest == ""


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("~11:20", "~2019-10-08 11:20"),
        ("11:20:05", "2019-10-08 11:20:05"),
        ("23:50-00:10", "2019-10-07 23:50 - 2019-10-08 00:10"),
        ("2019-10-07", "2019-10-07"),
        ("??:??", "??:??"),
    ],
)
def test_a_moment_is_spelled_with_its_date(typed, spelled):
    assert spell(moment(typed)) == spelled


@pytest.mark.parametrize(
    ("typed", "short", "long"),
    [
        ("11:40", "11:40", "2019-10-08 11:40"),
        ("now", "12:00", "2019-10-08 12:00"),
        ("10:00-11:30", "10:00 – 11:30", "2019-10-08 10:00 – 11:30"),
        ("23:50-00:10", "23:50 – 2019-10-08 00:10", "2019-10-07 23:50 – 2019-10-08 00:10"),
        ("~11:20", "11:20 (approximately)", "2019-10-08 11:20 (approximately)"),
        ("~10:00-11:30", "10:00 – 11:30 (approximately)", "2019-10-08 10:00 – 11:30 (approximately)"),
        ("2019-10-07", "2019-10-07", "2019-10-07"),
        ("2019-10-06 - 2019-10-07", "2019-10-06 – 2019-10-07", "2019-10-06 – 2019-10-07"),
        ("??:??", "??:??", "??:??"),
    ],
)
def test_a_label_shows_a_moment_as_people_write_it(typed, short, long):
    assert label(moment(typed), day_shown=False) == short
    assert label(moment(typed), day_shown=True) == long
