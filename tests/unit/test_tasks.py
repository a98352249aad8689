"""Task numbers in what the bot says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.tasks import with_addresses

URL = "https://phab.example"
WORDS = st.sampled_from(["T1", "T294853", " ", "(", ",", "x", ":", "-", f"{URL}/T7", "https://a.b/T8", "T", "9"])


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ("see T123.", f"see {URL}/T123."),
        ("T1, T2", f"{URL}/T1, {URL}/T2"),
        ("(T1)", f"({URL}/T1)"),
        ("“fix T1”", f"“fix {URL}/T1”"),
        ("phab:T1", f"phab:{URL}/T1"),
        (f"{URL}/T1 is done", f"{URL}/T1 is done"),
        ("https://other.example/T1", "https://other.example/T1"),
        ("XT1 T1x T_1 T T.1 t1", "XT1 T1x T_1 T T.1 t1"),
    ],
)
def test_a_bare_task_number_becomes_an_address_and_nothing_else_changes(said, becomes):
    assert with_addresses(said, URL) == becomes


@given(st.lists(WORDS).map("".join))
def test_no_bare_number_is_left_and_doing_it_again_changes_nothing(text):
    once = with_addresses(text, URL)
    assert not re.search(r"(?<![\w/])T\d+\b", once)
    assert with_addresses(once, URL) == once
