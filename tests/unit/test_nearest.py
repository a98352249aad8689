import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.nearest import distance, mistakes_within, nearest

VERBS = ["start", "status", "update", "summary", "impact", "close", "reopen", "list", "link", "ic", "help", "handoff"]
STATES = ["investigating", "identified", "monitoring", "resolved", "fixed"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("statsu", "status"),
        ("clsoe", "close"),
        ("CLOSE", "close"),
        ("sumary", "summary"),
        ("hand-off", "handoff"),
        ("hlep", "help"),
        ("summ", "summary"),
    ],
)
def test_a_slip_of_the_finger_is_recognised(typed, meant):
    assert nearest(typed, VERBS) == meant


@pytest.mark.parametrize("typed", ["xyz", "i", "in", "s", "everything", ""])
def test_another_word_is_no_slip(typed):
    assert nearest(typed, VERBS) is None


def test_nothing_is_near_when_nothing_is_known():
    assert nearest("close", []) is None


@pytest.mark.parametrize(
    ("typed", "meant"), [("resolve", "resolved"), ("monitor", "monitoring"), ("still", None), ("the", None)]
)
def test_a_beginning_of_a_state_is_near_and_prose_is_not(typed, meant):
    assert nearest(typed, STATES) == meant


@given(st.text(max_size=12))
def test_a_known_word_is_nearest_to_itself(word):
    assert distance(word, word) == 0


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_the_distance_is_the_same_both_ways(one, other):
    assert distance(one, other) == distance(other, one)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


@given(st.text("abcdef", min_size=2, max_size=8), st.data())
def test_swapped_neighbours_are_one_slip(word, data):
    at = data.draw(st.integers(min_value=0, max_value=len(word) - 2))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert distance(word, swapped) == (0 if swapped == word else 1)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(min_value=0, max_value=7))
def test_mistakes_are_counted_up_to_the_most_that_matter(one, other, most):
    count = distance(one, other)

    assert mistakes_within(most, one, other) == (count if count <= most else None)


def test_a_word_of_a_million_letters_is_compared_with_no_other():
    assert nearest("c" * 1_000_000, VERBS) is None
