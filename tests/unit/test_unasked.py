"""The budget of unasked lines, the working hours, and the lengths of time that people type."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.duration import read_length
from irscribe.domain.mark import harmless
from irscribe.domain.unasked import APART, HOUR, Budget
from irscribe.domain.working_hours import read_working_hours

BEGIN = datetime(2026, 11, 30, tzinfo=UTC)
BERLIN = "Mon-Fri 08:00-17:00 Europe/Berlin"


@given(
    st.lists(st.integers(min_value=0, max_value=1800), min_size=1, max_size=120), st.integers(min_value=1, max_value=6)
)
def test_never_more_lines_within_an_hour_than_the_budget_and_never_closer_than_a_quarter(waits, lines):
    budget, now, said = Budget(lines), BEGIN, []
    for seconds in waits:
        now += timedelta(seconds=seconds)
        if budget.allows(said, now):
            said.append(now)
    assert all(later - earlier >= APART for earlier, later in pairwise(said))
    assert all(sum(timedelta() <= each - first <= HOUR for each in said) <= lines for first in said)


def test_the_budget_is_used_as_far_as_it_allows():
    said = []
    for minute in range(181):
        now = BEGIN + timedelta(minutes=minute)
        if Budget(3).allows(said, now):
            said.append(now)
    assert [(each - BEGIN) // timedelta(minutes=1) for each in said] == [0, 15, 30, 61, 76, 91, 122, 137, 152]


def test_a_clock_that_was_set_back_neither_lifts_the_budget_nor_silences_for_longer():
    said = [BEGIN + timedelta(minutes=10)]
    assert not Budget(3).allows(said, BEGIN)
    assert Budget(3).allows([BEGIN + timedelta(hours=5)], BEGIN)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("2h", 7200),
        ("1h30m", 5400),
        ("1 h 30 min", 5400),
        ("10 minutes", 600),
        ("4 hours", 14400),
        ("1 day", 86400),
        ("0 minutes", 0),
        ("90 Min", 5400),
        ("2d 3h", 183600),
        ("45s", 45),
    ],
)
def test_a_length_of_time_is_read(typed, seconds):
    assert read_length(typed) == timedelta(seconds=seconds)


@pytest.mark.parametrize("typed", ["", " ", "2", "h", "15:40", "2 weeks", "soon", "-2h", "1.5h", "2h ago", "٢h"])
def test_anything_else_is_no_length(typed):
    assert read_length(typed) is None


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-11-30T08:00+01:00", "2026-11-30T08:00+01:00"),
        ("2026-11-30T16:59+01:00", "2026-11-30T16:59+01:00"),
        ("2026-11-30T07:59+01:00", "2026-11-30T08:00+01:00"),
        ("2026-11-30T17:00+01:00", "2026-12-01T08:00+01:00"),
        ("2026-12-04T17:00+01:00", "2026-12-07T08:00+01:00"),
        ("2026-12-06T03:00+01:00", "2026-12-07T08:00+01:00"),
        ("2026-03-28T03:00+01:00", "2026-03-30T08:00+02:00"),
    ],
)
def test_working_hours_are_those_of_their_zone(at, opening):
    hours = read_working_hours(BERLIN)
    assert hours.next(datetime.fromisoformat(at)) == datetime.fromisoformat(opening)


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    st.sampled_from([BERLIN, "Sun 02:30-03:30 Europe/Berlin", "Fri-Mon,Wed 00:00-24:00 America/New_York"]),
)
def test_the_next_working_hour_is_one_and_not_before(at, text):
    hours = read_working_hours(text)
    found = hours.next(at)
    assert found >= at
    assert hours.includes(found)


def test_days_may_be_listed_and_go_over_the_weekend():
    hours = read_working_hours("Sat-Mon,Wed 00:00-24:00 UTC")
    assert (hours.days, hours.zone) == ({5, 6, 0, 2}, ZoneInfo("UTC"))
    assert hours.includes(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("9 to 5", "no working hours; write them like Mon-Fri 08:00"),
        ("Mon-Fri 17:00-08:00 UTC", "later than their beginning"),
        ("Mon-Fry 08:00-17:00 UTC", "'fry' is no day; write Mon, Tue"),
        ("Mon-Fri 08:00-17:00 Europe/Atlantis", "no time zone 'Europe/Atlantis'"),
        ("Mon-Fri 08:00-17:00 ../etc/passwd", "time zone"),
    ],
)
def test_what_are_no_working_hours_is_refused(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_working_hours(text)


def test_a_quoted_text_wakes_nobody():
    quoted = harmless("see T123 #page alice: !log at https://example.org/T5?alice")
    assert not [each for each in ("T123", "#page", "alice:", "!log") if each in quoted]
    assert "https://example.org/T5?alice" in quoted
