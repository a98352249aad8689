"""Figures of the impact, as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.figures import LARGEST, split, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200", 1200),
        ("1,200", 1200),
        ("1 200 000", 1_200_000),
        ("3.4M", 3_400_000),
        ("3.4 M", 3_400_000),
        ("~12k", 12_000),
        ("1.5 million", 1_500_000),
        ("2.5%", 2.5),
        (">99.95 %", 99.95),
        ("0", 0),
        ("007", 7),
    ],
)
def test_a_figure_means_a_number(text, value):
    assert value_of(text) == value
    assert isinstance(value_of(text), type(value))


@pytest.mark.parametrize(
    "text", ["", "many", "1,2", "1.2.3", "12m", "1e3", "-3", "1 20", "1,200 000", "nan", "٣", "9" * 17]
)
def test_anything_else_is_none(text):
    assert value_of(text) is None


@given(st.integers(0, LARGEST))
def test_a_whole_number_is_read_as_it_is_with_or_without_marks(number):
    assert value_of(str(number)) == value_of(f"{number:,}") == number


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_figure_within_bounds_or_none(text):
    value = value_of(text)
    assert value is None or 0 <= value <= LARGEST


@given(st.text(max_size=30))
def test_a_name_and_a_figure_are_split_without_loss(text):
    read = split(text)
    if read is not None:
        name, figure = read
        assert value_of(figure) is not None
        assert value_of(name) is None
        assert set("".join(text.split())) - set(f"{name}{figure}") <= {":", "="}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("users 1200", ("users", "1200")),
        ("failed requests: 12 %", ("failed requests", "12 %")),
        ("3.4M requests", ("requests", "3.4M")),
        ("5xx 1200", ("5xx", "1200")),
        ("users", None),
        ("1200", None),
        ("2 3", None),
        ("downtime 12m", None),
    ],
)
def test_the_name_may_stand_on_either_side(typed, read):
    assert split(typed) == read
