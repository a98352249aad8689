"""What the bot says of what people typed: the same, with nothing in it that another bot answers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.commands import CommandNames
from irscribe.domain.tasks import as_typed, defused

HOUSE = CommandNames(incident=".inc", log=".sal", note=".jot")
TASKS = st.integers(0, 9_999_999).map("T{}".format)
ADDRESSES = st.tuples(
    st.sampled_from(["https://", "irc://", "HTTP://x.org/a-"]), TASKS, st.sampled_from(["", "/T5", "?T6"])
)
COMMANDS = st.sampled_from(["!ir", "!log", "!note", "“", "”", "“!ir”", "(T1)", "T1,T2"])
TEXTS = st.lists(st.one_of(TASKS, ADDRESSES.map("".join), COMMANDS, st.text(max_size=8))).map(" ".join)
BARE = re.compile(r"(?<![\w/])T[0-9]+(?!\w)")


def spoken(sentence: str) -> str:
    return defused(HOUSE.say(sentence, log_is_ours=False))


@given(TEXTS)
def test_a_quotation_comes_back_as_typed_between_commands_of_this_house(text):
    said = spoken(f"!log: “{text}” is no title (!ir title TEXT).")
    assert as_typed(said) == f".jot: “{as_typed(text)}” is no title (.inc title TEXT)."


@given(TEXTS)
def test_no_bare_task_number_is_ever_said(text):
    outside = re.sub(r"[A-Za-z][A-Za-z0-9+.-]*://\S+", "", defused(text))
    assert not BARE.search(outside)


@given(ADDRESSES.map("".join))
def test_an_address_is_as_it_is_wherever_it_stands(address):
    for sentence in (f"The report: {address}", f"“{address}” is no task", f"{address} and more"):
        assert address in spoken(sentence)


@given(TEXTS)
def test_defusing_twice_is_defusing_once(text):
    assert defused(defused(text)) == defused(text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("T294955 is back", "T\u200b294955 is back"),
        ("see (T1), T2: MULTI-T3", "see (T\u200b1), T\u200b2: MULTI-T\u200b3"),
        ("https://phabricator.example.org/T1 T1", "https://phabricator.example.org/T1 T\u200b1"),
        ("T80x, a/T5, Tx", "T80x, a/T5, Tx"),
    ],
)
def test_only_what_another_bot_takes_for_a_task_is_marked(typed, said):
    assert defused(typed) == said
