import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.text import clean, cut, visible, wire_lines, wire_safe

NASTY = json.loads((Path(__file__).parents[1] / "nasty-inputs.json").read_text(encoding="utf-8"))["cases"]
ANY_TEXT = st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF, exclude_categories=()))
TYPED = st.text(st.characters(codec="utf-8") | st.sampled_from(" \N{COMBINING ACUTE ACCENT}\u200d👩💻é"))


@pytest.mark.parametrize("case", NASTY, ids=[case["id"] for case in NASTY])
def test_a_nasty_input_is_cleaned_to_what_a_reader_must_see(case):
    assert clean(case["input"]) == case["rendered"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\x0304,12red\x03 and \x02bold\x0f", "red and bold"),
        ("\x03\x0299 bottles", "99 bottles"),
        ("\x033 servers", "servers"),
        ("\x04FF0000red\x04 \x1ditalic\x1e\x1f\x16\x11", "red italic"),
        ("a\u00a0 \t\u2003b\x85", "a b"),
        ("abc\u202edef\u2069\u200f", "abcdef"),
        ("e\N{COMBINING ACUTE ACCENT}", "é"),
        ("\ud800lone\udfff", "lone"),
        ("\U0001fffe\ufdd0\uffffplain", "plain"),
        ("\x00 a \x00 b", "a b"),
    ],
)
def test_what_only_a_terminal_would_see_is_dropped(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\x02\x0f", "\u200b", "\u00ad\u200d", "\u3164", "\ufe0f", "\u2800"])
def test_a_text_with_nothing_visible_counts_as_empty(typed):
    assert clean(typed) == ""
    assert not visible(typed)


def test_newlines_become_blanks_unless_lines_are_asked_for():
    assert clean(" one \r\n\r\n\r\n  two\rthree\u2028four \n") == "one two three four"
    assert clean(" one \r\n\r\n\r\n  two\rthree\u2028four \n", lines=True) == "one\n\ntwo\nthree four"


@given(ANY_TEXT, st.booleans())
def test_cleaning_twice_changes_nothing(text, lines):
    once = clean(text, lines=lines)
    assert clean(once, lines=lines) == once


@given(ANY_TEXT)
def test_a_cleaned_text_is_empty_or_visible_in_nfc_on_one_line_and_encodable(text):
    cleaned = clean(text)
    assert cleaned == "" or visible(cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in cleaned)
    assert cleaned.encode().decode() == cleaned


@given(st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20)))
def test_plain_ascii_only_loses_surplus_blanks(text):
    assert clean(text) == " ".join(text.split())


def test_a_text_that_fits_is_not_cut():
    assert cut("äöü", 6) == "äöü"


def test_a_cut_text_ends_in_an_ellipsis_and_not_inside_a_character():
    assert cut("äöüß", 7) == "äö…"
    assert cut("one two", 7) == "one two"
    assert cut("one two three", 7) == "one…"
    assert cut("abe\N{COMBINING ACUTE ACCENT}", 4) == "a…"
    assert cut("abcdef", 2) == ""


@given(ANY_TEXT, st.integers(min_value=0, max_value=60))
def test_a_cut_text_fits_and_begins_like_the_whole(text, limit):
    shortened = cut(text, limit)
    assert len(shortened.encode("utf-8", "surrogatepass")) <= limit
    assert shortened == text or text.startswith(shortened.removesuffix("…"))


def test_lines_are_parted_behind_blanks():
    assert wire_lines("one two three", 9) == ["one two ", "three"]
    assert wire_lines("unbreakable", 4) == ["unbr", "eaka", "ble"]
    assert wire_lines("x" * 400, 400) == ["x" * 400]
    assert wire_lines("", 400) == []


def test_a_character_stays_with_its_marks_and_joined_parts():
    assert wire_lines("abcde\N{COMBINING ACUTE ACCENT}f", 5) == ["abcd", "e\N{COMBINING ACUTE ACCENT}f"]
    assert wire_lines("ab👩\u200d💻", 11) == ["ab", "👩\u200d💻"]


@given(TYPED, st.integers(min_value=4, max_value=40))
def test_wire_lines_fit_and_put_together_are_the_text(text, limit):
    lines = wire_lines(text, limit)
    assert "".join(lines) == wire_safe(text)
    assert all(0 < len(line.encode()) <= limit for line in lines)


def test_a_limit_too_small_for_a_character_is_an_error():
    with pytest.raises(ValueError, match="3"):
        wire_lines("text", 3)


@given(ANY_TEXT)
def test_nothing_on_the_wire_ends_the_message_early(text):
    safe = wire_safe(text)
    assert not set(safe) & set("\r\n\0")
    assert len(safe) == len(text)
    assert safe.encode().decode() == safe


def test_a_command_cannot_be_smuggled_behind_a_newline():
    assert wire_safe("hello\r\nQUIT :bye") == "hello  QUIT :bye"
