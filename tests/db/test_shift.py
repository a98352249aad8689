"""The summary for the next shift, and the notes that one shift leaves for the next."""

from __future__ import annotations

import pytest

from tests.replies import JOIN, denied, in_private, taken_back
from tests.snapshot import expect_refusal, kept_texts

OTHER = "#databases"

pytestmark = pytest.mark.every_case_on_postgresql


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


def told(talk, nick, **more):
    return [str(each.text) for each in talk.hear(nick, "!ir shift", **more) if each.to == nick]


def test_it_tells_of_open_incidents_questions_theories_notes_and_follow_ups(opened):
    for line in ("ic", "ask who owns db1003?", "theory a bad deploy", "shift db1003 is still depooled"):
        assert opened.say("alice", f"!ir {line}")
    opened.say("alice", "!ir action add a runbook @andrew")
    opened.say("alice", "!ir action 1 due 2026-12-24")
    opened.say("alice", "!ir action write it up")
    opened.say("alice", "!ir action done 2")
    opened.later(hours=1)
    assert opened.say("dora", "!ir shift") == [in_private("For the next shift")]
    standing = "1 “API returns 500”: investigating, open for 1 h; coordinator a\u200blice; 1 responder: a\u200blice; "
    standing += "no impact yet; 1 open theory; no update yet."
    assert told(opened, "dora") == [
        standing,
        "1: Asked: 1. “who owns db1003?”. Suspected: 1. “a bad deploy”.",
        "Shift note 1 of 1, 12:00, a\u200blice: db1003 is still depooled",
        "Follow-up 1 of 1: add a runbook (a\u200bndrew, due 2026-12-24)",
    ]


def test_notes_are_told_for_a_day_and_follow_ups_of_closed_incidents_for_a_week(opened):
    opened.say("alice", "!ir action add a runbook")
    opened.say("alice", "!ir shift watch the queue")
    opened.say("alice", "!ir close")
    opened.later(hours=23)
    assert told(opened, "dora") == [
        "No incident is open.",
        "Shift note 1 of 1, 2026-11-22 12:00, a\u200blice: watch the queue",
        "Follow-up 1 of 1: add a runbook (nobody's)",
    ]
    opened.later(hours=2)
    assert told(opened, "dora")[1:] == [
        "No shift notes in the last 24 hours: !ir shift TEXT writes one.",
        "Follow-up 1 of 1: add a runbook (nobody's)",
    ]
    opened.later(days=7)
    assert len(told(opened, "dora")) == 2


def test_what_is_private_is_told_in_its_own_channel_only(opened):
    opened.say("alice", "!ir action rotate the key")
    opened.say("alice", "!ir shift the key leaked")
    opened.say("alice", "!ir private on")
    nothing = ["No incident is open.", "No shift notes in the last 24 hours: !ir shift TEXT writes one."]
    assert told(opened, "dora", channel=OTHER) == nothing
    assert told(opened, "dora", channel=None) == nothing
    assert len(told(opened, "dora")) == len(told(opened, "alice", channel=None)) == 4


def test_where_nothing_was_ever_open_it_can_be_read_and_takes_no_note(talk):
    assert told(talk, "dora")[0] == "No incident is open."
    expect_refusal(talk, "dora", "!ir shift watch it", "No incident is open here")


def test_a_note_needs_one_who_joined_or_is_trusted(opened):
    assert opened.say("dora", "!ir shift watch it") == [denied("shift TEXT", JOIN)]
    assert opened.say("olga", "!ir shift watch it", operator=True) == [
        "Shift note 1 of 1: the next shift reads it with !ir shift."
    ]


def test_undo_takes_it_back_and_its_number_is_not_given_again(opened):
    opened.say("alice", "!ir shift one")
    assert opened.say("alice", "!ir undo") == [taken_back("shift note 1 “one”")]
    assert "Shift note 2 of 1" in opened.say("alice", "!ir shift two")[0]
    assert [line for line in told(opened, "dora") if "Shift note" in line] == [
        "Shift note 2 of 1, 12:00, a\u200blice: two"
    ]


def test_a_redaction_leaves_nothing_of_it(opened):
    opened.say("alice", "!ir shift the password is hunter2")
    assert opened.say("alice", "!ir redact shift 1 a secret")[0].startswith("Shift 1 is redacted")
    assert "hunter2" not in kept_texts(opened)
    assert not any("Shift note" in line for line in told(opened, "dora"))


def test_it_goes_on_under_a_final_report(opened):
    opened.operators.add("alice")
    opened.say("alice", "!ir close")
    opened.say("alice", "!ir final! enough")
    assert "Shift note 1" in opened.say("alice", "!ir shift all is well")[0]
