"""The mark nobody sees: out of what is copied from a reply, and nothing else taken out of what people type."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irscribe.domain.mark import MARK, as_typed, marked
from irscribe.domain.prose import without_ping
from irscribe.domain.sentence import defused

NICKS = st.from_regex(r"[A-Za-z\[\]\\`_^{|}][A-Za-z0-9\[\]\\`_^{|}-]*", fullmatch=True)
NAMES = (
    NICKS | st.sampled_from(["Łukasz", "Änne", "Δημήτρης", "李雷", "สมชาย", "Jason Smith", "3com", "…", ""]) | st.text()
)
THAI, KHMER, LAO = "ฐานข้อมูล", "មូលដ្ឋាន", "ຖານຂໍ້ມູນ"


@pytest.mark.parametrize(
    ("copied", "typed"),
    [
        ("title b\u200bob broke it", "title bob broke it"),
        ("action call @b\u200bob T\u200b77", "action call @bob T77"),
        ("add a\u200blice, [\u200bw], _\u200bx_ and b\u200b-3", "add alice, [w], _x_ and b-3"),
        ("(Ł\u200bukasz)", "(Łukasz)"),
    ],
)
def test_a_name_copied_from_a_reply_is_the_name(copied, typed):
    assert as_typed(copied) == typed


@given(st.lists(NAMES.filter(lambda name: MARK not in name)))
def test_what_replies_put_into_names_is_taken_out(names):
    assert as_typed(", ".join(map(without_ping, names))) == ", ".join(names)


@given(NICKS.filter(lambda nick: len(nick) > 1))
def test_every_nick_of_two_letters_is_marked(nick):
    assert marked(nick) == nick[0] + MARK + nick[1:]


@pytest.mark.parametrize("word", [THAI, KHMER, LAO])
def test_the_same_character_parts_words_where_these_are_written_without_blanks(word):
    letters = [letter for letter in word if letter.isalpha()]
    assert as_typed(MARK.join(word)) == MARK.join(word)
    assert all(as_typed(f"{one}{MARK}{word}") == f"{one}{MARK}{word}" for one in letters)


@given(st.text(alphabet=st.sampled_from("ab T7-[" + MARK) | st.characters()))
@example("the mail relay\u200b broke")
@example("wiki\u200bpedia")
@example("\u200b")
def test_nothing_but_the_mark_behind_a_first_letter_is_taken_out(text):
    kept = as_typed(text)
    assert kept.replace(MARK, "") == text.replace(MARK, "")
    assert as_typed(kept) == kept


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=2), st.text(alphabet=st.characters(categories=["L"])))
def test_behind_the_second_letter_of_a_word_or_later_it_stays(before, after):
    assert as_typed(before + MARK + after) == before + MARK + after


@given(st.text(alphabet=st.characters(exclude_characters=MARK)))
def test_a_text_without_the_character_stays_as_it_is(text):
    assert as_typed(text) == text
    assert as_typed(defused(text)) == text
