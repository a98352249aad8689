"""A sentence is a value made of parts, and becomes text only when it is said."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.errors import RefusedError
from irscribe.domain.mark import as_typed
from irscribe.domain.sentence import SHIPPED, CommandNames, TaskName, defused, joined, render, sentence

ROOT = Path(__file__).parents[2]
OURS = CommandNames.of(".", incident=("incident", "inc"), log=("sal",), note=("note", "n"))
TRACKER = "https://phabricator.example.org"
ADDRESSES = st.builds(
    "{}T{}{}".format,
    st.sampled_from(["https://", "irc://", "HTTP://x.org/a-"]),
    st.integers(0, 9_999_999),
    st.sampled_from(["", "/T5", "?T6"]),
)
WORDS = ["!ir", "!log", "!note", "{ir}", "{}", "{", "T5", "T123", "(T1)", "T1,T2", "T\u200b7", "“", "”", " ", TRACKER]
TYPED = st.lists(st.sampled_from(WORDS) | ADDRESSES | st.text()).map("".join)
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
BARE_TASK = re.compile(r"(?<![\w/])T[0-9]+(?!\w)")
NAMES = st.builds(CommandNames, ir=st.text(), log=st.text(), note=st.text())


def unmarked(text):
    return text.replace("\u200b", "")


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        (sentence("{ir} start TITLE opens one."), ".inc start TITLE opens one."),
        (sentence("{log} [WHEN] TEXT, or {note}"), ".sal [WHEN] TEXT, or .n"),
        (sentence("was: {}; {ir} undo", "use !ir here"), "was: use !ir here; .inc undo"),
        (sentence("#{} of {}", 7, sentence("{ir} show")), "#7 of .inc show"),
        (sentence("see {}", TaskName(7)), f"see {TRACKER}/T7"),
        (sentence("T{}", 7), "T\u200b7"),
        ("a {ir} of words", "a {ir} of words"),
        ("before " + sentence("{ir}") + " after", "before .inc after"),
        (joined("; ", ["one", sentence("{ir}"), "two"]), "one; .inc; two"),
    ],
)
def test_a_sentence_names_commands_and_tasks_as_the_settings_do(said, ours):
    assert render(said, OURS, tracker=TRACKER) == ours


def test_a_task_without_a_tracker_keeps_its_number_and_calls_no_other_bot():
    assert render(sentence("see {}", TaskName(7)), SHIPPED, tracker="") == "see T\u200b7"


def test_for_logs_and_the_command_line_a_sentence_has_the_names_it_is_shipped_with():
    assert str(RefusedError(sentence("{ir} task {} it is.", TaskName(7)))) == "!ir task T7 it is."


@given(TYPED, NAMES, st.sampled_from(["", TRACKER]))
def test_what_somebody_typed_comes_back_as_typed(typed, names, tracker):
    said = render(sentence("{ir} says “{}”", typed), names, tracker=tracker)
    assert unmarked(said) == unmarked(f"{names.ir} says “{typed}”")


@given(TYPED)
def test_a_mark_is_put_into_numbers_of_tasks_only(typed):
    shown = defused(typed)
    assert shown.replace("T\u200b", "T") == typed.replace("T\u200b", "T")
    assert defused(shown) == shown


@given(TYPED)
def test_what_is_copied_from_a_reply_is_the_text_that_was_typed(typed):
    assert as_typed(defused(typed)) == as_typed(typed)


@given(TYPED)
def test_no_bare_number_of_a_task_is_ever_said(typed):
    outside = ADDRESS.sub("", render(sentence("{ir}: “{}” (T1)", typed), SHIPPED, tracker=TRACKER))
    assert not BARE_TASK.search(outside)


@given(ADDRESSES)
def test_an_address_is_as_it_is_wherever_it_stands(address):
    for template in ("The report: {}", "“{}” is no task", "{} and more"):
        assert address in render(sentence(template, address), OURS, tracker="")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("T294955 is back", "T\u200b294955 is back"),
        ("see (T1), T2: MULTI-T3", "see (T\u200b1), T\u200b2: MULTI-T\u200b3"),
        (f"{TRACKER}/T1 T1", f"{TRACKER}/T1 T\u200b1"),
    ],
)
def test_what_another_bot_takes_for_a_task_carries_the_mark(typed, said):
    assert defused(typed) == said
    assert as_typed(said) == typed


@pytest.mark.parametrize(
    "text", [f"{TRACKER}/T5", f"{TRACKER}/?task=T5", "AT5", "T5x", "T80x", "T", "Tx", "a/T5", "phab/T5"]
)
def test_addresses_and_other_words_carry_no_mark(text):
    assert defused(text) == text


@given(st.lists(TYPED))
def test_texts_alone_are_joined_to_a_text(texts):
    assert joined(" · ", texts) == " · ".join(texts)


@given(TYPED, TYPED)
def test_no_two_texts_stand_side_by_side(one, other):
    parts = (one + sentence("{}{ir}{}", other, one) + other).parts
    assert not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(parts))


def test_a_sentence_in_an_f_string_is_a_mistake_that_shows():
    with pytest.raises(TypeError):
        f"{sentence('{ir} undo')}"


@pytest.mark.parametrize(("template", "values"), [("{} of {}", (1,)), ("{ir}", (1,)), ("x", ("y",)), ("{irr}", ())])
def test_each_place_in_a_template_takes_one_value_or_names_a_command(template, values):
    with pytest.raises(ValueError, match=re.escape(template.strip("{}"))):
        sentence(template, *values)


def nodes(*rooms):
    for room in rooms:
        for path in sorted((ROOT / "irscribe" / room).rglob("*.py")):
            yield from ((path.name, node) for node in ast.walk(ast.parse(path.read_bytes())))


def calls():
    for name, node in nodes("."):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sentence":
            yield f"{name}:{node.lineno}", node.args


def named_in_f_strings(handler):
    shown = (each.value for each in ast.walk(handler) if isinstance(each, ast.FormattedValue))
    return [each.id for each in shown if isinstance(each, ast.Name)]


def test_what_an_error_says_is_passed_on_as_a_sentence():
    """Its text has the shipped names: an f-string that holds an error would say those."""
    handlers = [each for each in nodes("services", "adapter", "engine") if isinstance(each[1], ast.ExceptHandler)]
    assert handlers
    assert [name for name, handler in handlers if handler.name and handler.name in named_in_f_strings(handler)] == []


def test_every_template_is_written_out_and_has_its_values():
    """Else a text that somebody typed could be read as one, or fail when it is to be said."""
    found = list(calls())
    assert found
    assert [place for place, (template, *_) in found if not isinstance(template, ast.Constant)] == []
    assert all(sentence(template.value, *values).parts for _, (template, *values) in found)
