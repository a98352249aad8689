"""The grammar of ``^``, of pasted lines and of bridged ones."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.bridge import read_bridged
from irscribe.domain.errors import RefusedError
from irscribe.domain.mark import as_typed, harmless
from irscribe.domain.taking_in import MOST_AT_ONCE, read_pasted, read_promotion
from irscribe.domain.talk import BRIDGED, is_off_record
from irscribe.domain.text import clean

NICK = st.from_regex(r"[A-Za-z_\[\]\\`^{|}][\w\[\]\\`^{|}-]{0,20}", fullmatch=True).filter(str.isascii)
WORDS = st.text(min_size=1, max_size=60).map(clean).filter(bool)
TIMES = st.sampled_from(
    ["15:40 ", "[15:40:12] ", "15:40:12 ", "(15:40) ", "[2026-11-22 15:40:12] ", "2026-11-22T15:40:12Z ", "15:40Z: "]
)
SIGNS = st.sampled_from(["", "@", "+", " ", "@+", "~", "&", "%", " @"])


@given(WORDS)
def test_one_sign_takes_the_words_behind_a_blank(words):
    read = read_promotion(f"^ {words}")
    assert read is not None
    assert (read.count, read.words) == (1, words)


@given(st.integers(1, 9), st.sampled_from(["", " ", "\t "]))
def test_so_many_signs_are_so_many_lines(count, blanks):
    if count > MOST_AT_ONCE:
        with pytest.raises(RefusedError):
            read_promotion("^" * count + blanks)
    else:
        read = read_promotion(blanks + "^" * count + blanks)
        assert read is not None
        assert (read.count, read.words) == (count, "")


@given(st.integers(2, 5), WORDS)
def test_several_signs_take_no_words(count, words):
    with pytest.raises(RefusedError):
        read_promotion("^" * count + " " + words)


@given(st.integers(1, 9), st.text(alphabet=st.characters(exclude_characters="^", exclude_categories=("Z", "C"))))
def test_a_text_that_begins_with_the_sign_is_text(count, text):
    if text:
        assert read_promotion("^" * count + text) is None


@given(st.text())
def test_any_text_is_read_or_refused(text):
    for read in (read_promotion, read_pasted, read_bridged):
        with suppress(RefusedError):
            read(text)


@given(TIMES, SIGNS, NICK, WORDS)
def test_a_pasted_line_is_read_as_the_client_showed_it(time, sign, nick, words):
    read = read_pasted(f"{time}<{sign}{nick}> {words}")
    assert read is not None
    assert (read.nick, read.text, read.action) == (nick, words, False)
    assert read.when is not None


@given(TIMES, NICK, WORDS)
def test_a_pasted_me_is_read_as_the_client_showed_it(time, nick, words):
    read = read_pasted(f"{time}* {nick} {words}")
    assert read is not None
    assert (read.nick, read.text, read.action) == (nick, words, True)


@given(NICK, WORDS)
def test_without_a_time_the_rest_is_the_same(nick, words):
    read = read_pasted(f"<{nick}> {words}")
    assert read is not None
    assert (read.when, read.nick, read.text) == (None, nick, words)


@pytest.mark.parametrize(
    "text",
    [
        "15:40 it broke",
        "<b>bold</b>",
        "15:40 <>",
        "15:40 <alice>",
        "<alice>",
        "a < b > c",
        "25:10 <alice> x",
        "*",
        "* x",
    ],
)
def test_any_other_text_is_no_pasted_line(text):
    assert read_pasted(text) is None


@given(NICK, WORDS.filter(lambda text: not text.startswith((":", "<", "["))))
def test_a_bridged_line_is_read_in_each_shape(nick, words):
    if nick.startswith(("[", "<")) or "]" in nick or "[" in nick:
        return
    for line in (f"<{nick}> {words}", f"{nick}: {words}", f"[{nick}] {words}"):
        read = read_bridged(line)
        assert read is not None, line
        assert (read.nick, read.text) == (nick + BRIDGED, words)


def test_a_name_over_a_bridge_may_hold_blanks_and_loses_its_mark():
    read = read_bridged("<d\u200bave smith> hello <all>")
    assert read is not None
    assert (read.nick, read.text) == ("dave smith (bridged)", "hello <all>")
    assert read_bridged("Connection lost: reconnecting") is None
    assert read_bridged("<\u200b> hello") is None
    assert read_bridged("hello") is None


@given(WORDS)
def test_a_harmless_text_is_the_same_once_it_is_copied_back(text):
    assert as_typed(harmless(as_typed(text))) == as_typed(text)


def test_addresses_in_a_harmless_text_stay_whole():
    assert "https://example.org/T123?a=b" in harmless("see https://example.org/T123?a=b for #page")
    assert "#page" not in harmless("#page")


@pytest.mark.parametrize("text", ["[o] secret", "  [O]secret", "[o]"])
def test_the_sign_at_the_beginning_is_off_the_record(text):
    assert is_off_record(text, "[o]")
    assert not is_off_record(f"x {text}", "[o]")
