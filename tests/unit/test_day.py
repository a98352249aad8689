"""The day by which something is due, as people type it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.day import days

TODAY = date(2026, 11, 22)
"""A Sunday."""


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-24", "2026-12-24"),
        ("2026-1-5", "2026-01-05"),
        ("by 2026-12-24.", "2026-12-24"),
        ("2019-10-07", "2019-10-07"),
        ("today", "2026-11-22"),
        ("Tomorrow", "2026-11-23"),
        ("monday", "2026-11-23"),
        ("FRI", "2026-11-27"),
        ("on friday", "2026-11-27"),
        ("this friday", "2026-11-27"),
        ("this sunday", "2026-11-22"),
        ("next sunday", "2026-11-29"),
        ("next friday", "2026-11-27 2026-12-04"),
        ("sunday", "2026-11-22 2026-11-29"),
        ("next week", "2026-11-29"),
        ("in 2 weeks", "2026-12-06"),
        ("2w", "2026-12-06"),
        ("+10d", "2026-12-02"),
        ("in a week", "2026-11-29"),
        ("10 days", "2026-12-02"),
        ("Dec 24", "2026-12-24"),
        ("24 December", "2026-12-24"),
        ("24th of december, 2027", "2027-12-24"),
        ("December 24th 2027", "2027-12-24"),
        ("1 nov", "2027-11-01"),
        ("nov 22", "2026-11-22"),
        ("29 feb", "2028-02-29"),
        ("24.12.", "2026-12-24"),
        ("24.12.2027", "2027-12-24"),
        ("12/24", "2026-12-24"),
        ("12/24/27", "2027-12-24"),
        ("3/4/2027", "2027-03-04 2027-04-03"),
        ("3/3", "2027-03-03"),
    ],
)
def test_a_day_is_read_and_one_that_may_be_two_gives_both(typed, day):
    assert " ".join(map(str, days(typed, today=TODAY))) == day


@pytest.mark.parametrize(
    "typed",
    [
        *("", "soon", "asap", "2026-02-30", "31 feb", "32.13.", "0001-01-01", "next month", "eow", "2026-12-24 15:00"),
        *("t", "ma 5", "in 5", "in two weeks", "1000d", "24-", "friday afternoon", "0.0."),
    ],
)
def test_what_is_no_day_gives_none(typed):
    assert days(typed, today=TODAY) == ()


@given(st.text(max_size=30), st.dates(min_value=date(1971, 1, 1), max_value=date(2900, 1, 1)))
def test_any_text_gives_at_most_two_days_in_order(text, today):
    found = days(text, today=today)
    assert len(found) <= 2
    assert list(found) == sorted(set(found))


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2999, 12, 31)))
def test_a_day_as_a_reply_spells_it_is_read_again(day):
    assert days(str(day), today=TODAY) == (day,)
    assert days(f"{day:%d %B %Y}", today=TODAY) == (day,)
