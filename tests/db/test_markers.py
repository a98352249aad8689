"""Outage markers that contradict what is there: logged, with a hint at once, and a place in ``missing``."""

from __future__ import annotations

import pytest

from tests.replies import logged


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


def say(talk, *lines):
    return [talk.say("alice", line)[0] for line in lines]


def test_a_second_begin_is_logged_with_a_hint_and_has_a_place_in_missing_and_in_the_report(opened):
    first, second = say(opened, "!log 11:40 OUTAGE BEGINS", "!log 11:50 OUTAGE BEGINS")
    sentence = "#3 begins the outage at 11:50, which has been going on since 11:40 (#2)"
    assert first == logged(2, at="11:40")
    assert second.startswith(logged(3, at="11:50") + f" (check: {sentence}; !ir strike 3 ")
    assert opened.report().warnings == (sentence,)
    assert f"Check: {sentence}." in opened.say("bob", "!ir missing")[0]
    say(opened, "!ir strike 3")
    assert opened.report().warnings == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!ir update OUTAGE ENDS", "nothing says when it began"),
        ("!ir status monitoring OUTAGE ENDS", "nothing says when it began"),
        ("!log OUTAGE ENDS", "nothing says when it began"),
        ("!ir outage ends NFS", "#2 ends the outage “for NFS” at 12:00, and nothing says when it began"),
        ("!ir outage ends 11:50", "nothing says when it began"),
    ],
)
def test_an_end_of_what_has_not_begun_gets_a_hint(opened, line, said):
    (answer,) = opened.say("alice", line)
    assert said in answer
    assert answer.startswith("#2 ")


def test_a_begin_that_is_typed_after_its_end_puts_that_right(opened):
    end, begin = say(opened, "!log 11:50 OUTAGE ENDS", "!log 11:40 OUTAGE BEGINS")
    assert "(check: " in end
    assert "(check: " not in begin
    assert opened.report().warnings == ()


def test_an_end_before_its_begin_gets_a_hint_as_does_the_begin_that_makes_it_one(opened):
    say(opened, "!log 11:40 OUTAGE ENDS")
    (begin,) = say(opened, "!log 11:50 OUTAGE BEGINS")
    assert "#2 ends the outage at 11:40, before it begins at 11:50 (#3)" in begin


def test_moving_fixing_and_continuing_a_marker_are_looked_at_too(opened):
    say(opened, "!log 11:40 OUTAGE BEGINS", "!log 11:50 OUTAGE ENDS")
    assert "before it begins" in say(opened, "!ir move 2 11:55")[0]
    assert "(check: " not in say(opened, "!ir move 2 11:45")[0]
    assert "going on since 11:45" in say(opened, "!ir fix 3 OUTAGE BEGINS")[0]
    say(opened, "!ir undo", "!log 11:56 they say the")
    assert "ended at 11:50 already" in say(opened, "!log + OUTAGE ENDS")[0]


def test_partial_ends_of_an_outage_that_goes_on_get_no_hint(opened):
    lines = (
        "!log 11:40 OUTAGE BEGINS",
        "!log 11:50 OUTAGE for most VMs ENDS",
        "!log USER-FACING TOOLFORGE OUTAGE ENDS",
    )
    assert not [answer for answer in say(opened, *lines) if "check" in answer]


def test_a_start_or_an_end_that_the_markers_contradict_gets_a_hint(opened):
    say(opened, "!log 11:40 OUTAGE BEGINS", "!log 11:50 OUTAGE ENDS")
    start, good_start, end, good_end = say(
        opened, "!ir start-time 11:45", "!ir start-time 11:30", "!ir end-time 11:45", "!ir end-time 11:55"
    )
    assert "(check: #2 begins the outage at 11:40, before the start at 11:45; !ir move 2 WHEN" in start
    assert "(check: #3 ends the outage at 11:50, after the end at 11:45; " in end
    assert "check" not in good_start + good_end
    say(opened, "!ir start-time 11:45")
    both = say(opened, "!ir end-time 11:46", "!ir end-time 11:30")
    assert "(check: #3 ends the outage at 11:50, after the end at 11:46; " in both[0]
    assert "(check: end (2026-11-22 11:30 UTC) is before start (2026-11-22 11:45 UTC); !ir start-time " in both[1]
    say(opened, "!ir undo", "!ir undo", "!ir undo")
    assert opened.report().warnings == ()
