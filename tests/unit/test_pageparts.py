"""A page brought up to date part by part: what is the bot's own is replaced, and no word of a person is lost."""

from __future__ import annotations

import re
from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irscribe.domain.pageparts import CATEGORIES, LEAD, differing, digests, merge, split

PAGE = """\
{{irdoc|status=draft}}

== Summary ==
It broke.

== Conclusions ==
=== What went well? ===
* None

=== What went poorly? ===
* …

[[Category:Incident documentation]]"""
LINES = [
    "== Summary ==",
    "== Summary (2) ==",
    "=== A ===",
    "= =",
    "==",
    "[[Category:X]]",
    "<!--",
    "-->",
    f"== {LEAD} ==",
]
lines = st.one_of(st.sampled_from(["", "words", *LINES]), st.text("=[] aC:\n", max_size=12))
pages = st.lists(lines, max_size=12).map("\n".join)


@given(pages)
@example(PAGE)
def test_the_parts_of_a_page_joined_are_the_page_and_no_two_have_one_name(page):
    parts = split(page)
    assert "".join(each.text for each in parts) == page
    assert len({each.name for each in parts}) == len(parts)


def test_a_part_has_the_name_of_its_heading():
    names = [each.name for each in split(PAGE)]
    assert names == [LEAD, "Summary", "Conclusions", "What went well?", "What went poorly?", CATEGORIES]


@given(pages, pages)
def test_of_a_page_that_nobody_touched_every_new_part_is_the_bots_own(page, new):
    merged = merge(page, new, sent=digests(page))
    assert {name: merged.sent[name] for name in digests(new)} == digests(new)


@given(pages, pages, pages)
@example("", "== Summary ==\n:\n== Summary ==", "== Summary ==")
def test_a_merge_has_nothing_left_to_do_afterwards(page, new, before):
    merged = merge(page, new, sent=digests(before))
    again = merge(merged.text, new, sent=merged.sent)
    assert (differing(again.text, merged.text), again.changed) == ((), ())


ours = st.lists(st.sampled_from(["Summary", "Timeline", "Impact", "A"]), unique=True, max_size=4).flatmap(
    lambda names: st.tuples(*(st.tuples(st.just(name), st.integers(0, 3)) for name in names))
)


def page_of(parts) -> str:
    """A page of the bot's, whose words are its own."""
    return "\n\n".join(("{{top}}", *(f"== {name} ==\nours{number}" for name, number in parts), "[[Category:Ours]]"))


@given(ours, ours)
def test_a_page_that_nobody_touched_becomes_the_new_one(parts, new):
    page, new = page_of(parts), page_of(new)
    merged = merge(page, new, sent=digests(page))
    assert digests(merged.text) == digests(new)
    assert set(merged.changed) == set(differing(page, new))
    assert merged.kept == ()


@given(st.lists(st.tuples(ours, st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["", *LINES])))), max_size=5))
def test_no_word_of_a_person_is_lost_however_often_the_bot_merges(rounds):
    page, sent, numbers, theirs = page_of(()), digests(page_of(())), count(), []
    for parts, edits in rounds:
        for place, line in edits:
            word = f"theirs{next(numbers)}"
            theirs.append(word)
            written = page.split("\n")
            at = place % (len(written) + 1)
            page = "\n".join([*written[:at], *([line] if line else []), word, *written[at:]])
        merged = merge(page, page_of(parts), sent=sent)
        page, sent = merged.text, merged.sent
        assert [word for word in theirs if not re.search(rf"\b{word}\b", page)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("== Summary ==", "== In short =="),
        ("== Summary ==\nIt broke.\n\n", ""),
    ],
)
def test_what_a_person_took_out_or_renamed_does_not_come_back(old, new):
    touched = PAGE.replace(old, new)
    merged = merge(
        touched, PAGE.replace("It broke.", "It broke twice.").replace("…", "Nobody knew"), sent=digests(PAGE)
    )
    assert merged.text == touched.replace("…", "Nobody knew")


def test_a_category_that_a_person_added_stops_none_of_the_parts_above_it():
    touched = f"{PAGE}\n[[Category:DNS]]"
    merged = merge(touched, PAGE.replace("…", "Nobody knew"), sent=digests(PAGE))
    assert merged.text == touched.replace("…", "Nobody knew")
    assert merged.kept == (CATEGORIES,)


def test_a_part_that_is_new_stands_where_it_stands_in_the_record():
    new = PAGE.replace("== Conclusions ==", "== Responders ==\n* Andrew\n\n== Conclusions ==")
    touched = PAGE.replace("It broke.", "It broke for an hour.")
    merged = merge(touched, new, sent=digests(PAGE))
    assert merged.text == new.replace("It broke.", "It broke for an hour.")
    assert (merged.changed, merged.kept) == (("Responders",), ("Summary",))
