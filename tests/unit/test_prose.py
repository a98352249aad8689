import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.prose import listing, plural, spans, without_ping


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_listing_reads_like_english(parts, sentence):
    assert listing(parts) == sentence


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [
        (1, "line", "1 line"),
        (3, "line", "3 lines"),
        (0, "entry", "0 entries"),
        (2, "day", "2 days"),
        (2, "switch", "2 switches"),
    ],
)
def test_a_number_agrees_with_its_noun(count, noun, words):
    assert plural(count, noun) == words


@given(st.from_regex(r"[A-Za-z\[\]|_][A-Za-z0-9\[\]|_-]+", fullmatch=True))
def test_a_listed_nick_looks_the_same_and_is_another_word(nick):
    listed = without_ping(nick)
    assert nick not in listed
    assert listed.replace("\u200b", "") == nick
    assert listed.startswith(nick[0])


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([], ""),
        ([7], "#7"),
        ([3, 2, 4], "#2, #3 and #4"),
        ([2, 3, 4, 5], "#2–#5"),
        ([9, 2, 3, 4, 5, 7], "#2–#5, #7 and #9"),
    ],
)
def test_long_runs_of_numbers_are_ranges(numbers, words):
    assert spans(numbers) == words


@given(st.sets(st.integers(1, 60)))
def test_every_number_is_in_the_ranges_and_no_other(numbers):
    found = set()
    for part in spans(numbers).replace(" and ", ", ").split(", "):
        first, _, last = part.replace("#", "").partition("–")
        found |= set(range(int(first), int(last or first) + 1)) if part else set()
    assert found == numbers
