"""An actionable as people type it, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.actionable import Typed, parse
from irscribe.domain.tasks import only_task

WORDS = st.lists(st.text("bcxzäß%", min_size=1, max_size=8), min_size=1, max_size=6).map(" ".join)
"""None of them points at what stands behind it."""
LINKS = st.sampled_from(["and", "or", "for", "in", "see", "with", "&", "+", "see task", "to the", "Re:"])
OWNERS = st.text("abcxyz_[]|0129", min_size=1, max_size=10)
TASKS = st.integers(1, 9_999_999).map(lambda number: f"T{number}")
TRACKER = "https://phabricator.example.org"
JOINTS = st.sampled_from([" ", ", ", " – ", ": ", ",  "])


@given(WORDS, JOINTS, OWNERS, st.sampled_from([" ", ", "]), TASKS)
def test_task_and_owner_are_found_at_the_end_in_either_order(text, joint, owner, gap, task):
    expected = Typed(text=text, owner=owner, task=task)
    assert parse(f"{text}{joint}@{owner}{gap}{task}") == expected
    assert parse(f"{text}{joint}{task}{gap}@{owner}") == expected


@given(WORDS, LINKS, TASKS, OWNERS)
def test_a_word_that_points_at_a_task_or_an_owner_keeps_it(words, link, task, owner):
    text = f"{words} {link}"
    assert parse(f"{text} {task}") == Typed(text=f"{text} {task}", task=task)
    assert parse(f"{text} @{owner}") == Typed(text=f"{text} @{owner}", owner=owner)
    assert parse(f"{text} {task} @{owner}") == Typed(text=f"{text} {task}", task=task, owner=owner)
    assert parse(f"{text} @{owner}, {task}") == Typed(text=f"{text} @{owner}", task=task, owner=owner)


@given(WORDS, TASKS, OWNERS, st.sampled_from([" ", ", "]))
def test_a_task_in_brackets_stays_there_and_an_owner_does_not(text, task, owner, gap):
    assert parse(f"{text} ({task})") == Typed(text=f"{text} ({task})", task=task)
    assert parse(f"{text} ({task}) @{owner}") == Typed(text=f"{text} ({task})", task=task, owner=owner)
    assert parse(f"{text} (@{owner})") == Typed(text=text, owner=owner)
    assert parse(f"{text} @{owner} ({task})") == Typed(text=f"{text} ({task})", task=task, owner=owner)
    assert parse(f"{text} for @{owner} ({task})") == Typed(text=f"{text} for @{owner} ({task})", task=task, owner=owner)
    both = f"{text} (@{owner}{gap}{task})"
    assert parse(both) == Typed(text=both, task=task, owner=owner)


@pytest.mark.parametrize(
    ("typed", "text", "task"),
    [
        ("watch it (T96853)", "watch it (T96853)", "T96853"),
        ("fix the thing in T345 and T346", "fix the thing in T345 and T346", "T346"),
        ("add a runbook for T99", "add a runbook for T99", "T99"),
        ("in T5", "in T5", "T5"),
        ("see T5", "see T5", "T5"),
        ("fix T5", "fix T5", "T5"),
        ("write down the fix T5", "write down the fix", "T5"),
        ("watch it, see T5.", "watch it, see T5.", "T5"),
        ("Incident tracking task, T294853", "Incident tracking task", "T294853"),
        ("add a runbook T234", "add a runbook", "T234"),
        ("move to A/B T5", "move to A/B", "T5"),
    ],
)
def test_only_a_task_that_nothing_points_at_is_taken_out(typed, text, task):
    assert parse(typed) == Typed(text=text, task=task)


@pytest.mark.parametrize("typed", ["T1", "(T1)", "@bob (T1)", "(@bob, T1)", "(T1) @bob"])
def test_a_task_alone_is_no_text(typed):
    found = parse(typed)
    assert (found.text, found.task) == ("", "T1")


@given(st.text("abc T1@()&,.:", max_size=30) | st.lists(WORDS | LINKS | TASKS | OWNERS.map("@{}".format)).map(" ".join))
def test_no_text_ends_in_a_stump_that_was_not_typed(typed):
    found = parse(typed)
    cut = typed.strip().removeprefix(found.text)
    last = found.text.lower().split()[-1:]
    assert not cut or last not in [["and"], ["or"], ["for"], ["in"], ["see"], ["with"], ["&"], ["+"], ["the"], ["re:"]]


@given(WORDS, TASKS, OWNERS, WORDS)
def test_what_stands_in_the_middle_is_part_of_the_text(before, task, owner, behind):
    text = f"{before} {task} @{owner} {behind}"
    assert parse(text) == Typed(text=text)


@given(
    WORDS, st.lists(TASKS, max_size=3), st.sampled_from(["{}", "({})", "[[phab:{}]]", "{{{}}}", TRACKER + "/{}"]), WORDS
)
def test_a_task_is_taken_out_of_a_text_where_it_is_the_only_one(before, tasks, form, behind):
    named = " and ".join(form.format(each) for each in tasks)
    found = only_task(f"{before} {named} {behind}", TRACKER)
    assert found == (tasks[0] if len(set(tasks)) == 1 else None)


@given(st.text(max_size=60))
def test_no_task_is_invented(text):
    found = only_task(text, TRACKER)
    assert found is None or found in text


@given(st.text(max_size=60))
def test_any_text_is_taken_apart_without_inventing_anything(text):
    typed = parse(text)
    assert typed.text in text
    assert typed.owner is None or f"@{typed.owner}" in text
    assert typed.task is None or typed.task in text


@given(st.text(max_size=60))
def test_taking_apart_what_was_taken_apart_changes_only_what_was_typed_twice(text):
    typed = parse(text)
    if typed.task is None and typed.owner is None:
        assert parse(typed.text) == typed


@pytest.mark.parametrize("text", ["a (and T1)", "both (@bob and T1)"])
def test_brackets_with_other_words_in_them_belong_to_the_text(text):
    assert parse(text) == Typed(text=text)


@pytest.mark.parametrize("text", ["T1 T2", "@a @b", "x @a @b", "x T1 T2"])
def test_of_two_alike_the_last_is_meant(text):
    *rest, last = text.split()
    typed = parse(text)
    assert typed.text == " ".join(rest)
    assert last in (typed.task, f"@{typed.owner}")
