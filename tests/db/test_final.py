"""A final report: closed to whatever it shows, open to follow-ups, to redaction and to being looked at."""

from __future__ import annotations

import pytest

from irscribe.config import load
from irscribe.domain.report import AnswerValue, DocumentStatus
from irscribe.services.application import all_commands
from tests.replies import LOGGED, NOTHING_ASKED, TAKEN_BACK, incident_is
from tests.talk import CHANNEL, Talk

WAY_BACK = "!ir review @1 (a responder may) opens it"
REFUSAL = f"The report of 1 is final: {WAY_BACK}."
LATE = ["!log @1 late", "!log 12:05 late", "!note @1 late", "!note 12:05 late"]
NOTES = {"alice": ["!log + more", "!log @1 + more", *LATE], "olga": LATE}
ENTRIES = ["fix 2 s/one/two/", "fix 2 other words", "move 2 12:01", "strike 2", "unstrike 3", "outage ends 12:05"]
STATEMENTS = ["update x", "public 12:05 x", "decided x", "status monitoring", "status all is well"]
FIELDS = ["title x", "sev 1", "task T5", "task none", "paged 3", "metrics x", "start-time 12:00", "end-time 12:05"]
SECTIONS = ["summary x", "summary + x", "impact -", "detection none", "others + volunteers"]
ITEMS = ["well x", "well + x", "well drop 1", "well fix 1 x", "poorly none", "lucky > x", "link https://x.org"]
ACTIONS = ["action x", "action + x", "action drop 1", "action fix 1 x", "action 1 more to do", "action none"]
PEOPLE = ["join", "leave", "focus x", "add Carol", "remove bob", "ic bob", "ic none", "ic me", "handoff bob", "accept"]
SCORES = ["score", "score 3 no", "score! yy", "scorecard wikimedia-2021"]
CHANGES = [f"!ir {each}" for each in ENTRIES + STATEMENTS + FIELDS + SECTIONS + ITEMS + ACTIONS + PEOPLE + SCORES]
SHOWN = ["", "status", "who", "missing", "recap", "timeline", "history 2", "actions", "action", "well", "summary"]
SHOWN += [
    "title",
    "sev",
    "task",
    "start-time",
    "others",
    "ic",
    "scorecard",
    "ask",
    "outbox",
    "list",
    "show 1",
    "find x",
]


@pytest.fixture
def final(talk):
    """Alice's incident, closed and final; bob has joined, olga is an operator."""
    talk.operators.add("olga")
    talk.present = ("alice", "bob", "olga")
    talk.say("alice", "!ir start API returns 500")
    for line in ("!log one", "!log gone", "!ir strike 3", "!ir well it", "!ir action a runbook", "!ir ic me"):
        talk.say("alice", line)
    talk.say("bob", "!ir join")
    talk.later(minutes=10)
    talk.say("alice", "!ir close")
    assert "is final now" in talk.say("olga", "!ir final! good enough")[0]
    return talk


@pytest.fixture
def quiet(tmp_path):
    """A final report in a channel where another bot owns ``!log``."""
    path = tmp_path / "config.ini"
    path.write_text(f'[core]\nchannels = "{CHANNEL}"\n[irscribe]\nlog_mode = quiet\n', encoding="utf-8")
    talk = Talk(tmp_path, config=load(path))
    talk.operators.add("olga")
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir close")
    talk.say("olga", "!ir final! enough")
    yield talk
    talk.database.close()


def test_a_final_report_takes_no_change_from_anybody_and_the_refusal_says_what_opens_it(final):
    before = final.report()
    for nick in ("alice", "olga"):
        said = {line: final.say(nick, line) for line in (*NOTES[nick], *CHANGES)}
        assert {line: answer for line, answer in said.items() if answer != [REFUSAL]} == {}
    assert final.report() == before


def test_in_review_it_takes_every_one_of_them(final):
    final.say("alice", "!ir review")
    said = {line: final.say("alice", line)[0] for line in (*NOTES["alice"], *CHANGES)}
    assert {line: answer for line, answer in said.items() if "is final" in answer} == {}


def test_a_note_without_a_time_is_kept_for_the_next_incident(final):
    said = final.say("bob", "!log it breaks again")[0]
    assert "is closed and its report final; your line is kept for an hour" in said
    assert WAY_BACK in said
    assert "1 note from before waits" in final.say("bob", "!ir start again")[0]
    assert final.say("bob", "!ir adopt")[0].startswith("1 note taken in")
    assert "it breaks again" in final.texts(2)


def test_a_final_report_is_looked_at_as_any(final):
    said = {typed: final.say("bob", f"!ir {typed}")[0] for typed in SHOWN}
    assert {typed: answer for typed, answer in said.items() if "is final" in answer} == {}


def test_follow_ups_go_on_and_are_taken_back(final):
    before = final.report()
    for typed, column in (("done 1", "done"), ("1 done", "done"), ("1 @bob", "owner"), ("1 T5", "task")):
        assert final.say("alice", f"!ir action {typed}")[0].startswith("Actionable 1 is")
        assert getattr(final.report().actionables[0], column)
        assert final.say("alice", "!ir undo")[0].startswith(TAKEN_BACK)
        assert final.report() == before


def test_filing_goes_on(final):
    for typed in ("task file", "action 1 file", "actions file", "actions sync", "publish"):
        said = final.say("olga", f"!ir {typed}")[0]
        assert "set up" in said
        assert "final" not in said


def test_a_text_is_redacted_in_a_final_report_too(final):
    assert final.say("alice", "!ir redact 2 a password")[0].startswith("#2 in closed 1 is redacted")
    assert "one" not in final.texts()


def test_a_final_report_is_hidden_when_it_must_be(final):
    assert final.say("bob", "!ir private on") == [incident_is(1, "private")]


def test_review_opens_it_and_needs_a_responder(final):
    assert "for !ir add" in final.say("bob", "!ir review @1")[0]
    final.say("alice", "!ir review @1")
    assert final.report().incident.document_status is DocumentStatus.REVIEW
    assert final.say("alice", "!log 12:05 late")[0].startswith("#")


def test_reopening_makes_it_a_draft_that_takes_notes(final):
    final.say("alice", "!ir reopen")
    assert final.report().incident.document_status is DocumentStatus.DRAFT
    assert final.say("bob", "!log again")[0].endswith(LOGGED)


def test_what_was_done_before_it_was_final_is_not_taken_back_under_it(final):
    before = final.report()
    for nick in ("alice", "bob"):
        assert final.say(nick, "!ir undo") == [REFUSAL]
    assert final.report() == before


def test_the_word_final_itself_is_taken_back(final):
    assert final.say("olga", "!ir undo")[0].startswith(TAKEN_BACK)
    assert final.report().incident.document_status is not DocumentStatus.FINAL


def test_a_note_taken_in_before_is_not_taken_back_under_it(talk):
    talk.operators.add("olga")
    talk.say("bob", "!log before")
    talk.say("alice", "!ir start API returns 500")
    talk.say("bob", "!ir join")
    talk.say("bob", "!ir adopt")
    talk.say("alice", "!ir close")
    talk.say("olga", "!ir final! enough")
    assert "is final" in talk.say("bob", "!ir undo")[0]
    assert "before" in talk.texts()


def test_who_is_being_asked_the_scorecard_is_told_that_it_is_final(final):
    final.say("alice", "!ir review")
    final.say("alice", "!ir score")
    final.say("olga", "!ir final! enough")
    said = final.say("alice", "yes", channel=None)
    assert "its report is final" in said[0]
    assert final.say("alice", "yes", channel=None) == [NOTHING_ASKED]
    assert AnswerValue.YES not in {each.answer for each in final.report().scorecard.answers}


def test_another_incident_takes_notes_beside_a_final_one(final):
    final.say("bob", "!ir start two")
    assert final.say("bob", "!log here")[0].endswith(LOGGED)
    assert final.say("bob", "!log @1 there") == [REFUSAL]


def test_a_command_that_nobody_thought_of_is_closed():
    about_the_report = {each.name for each in all_commands().verbs if not each.final_takes}
    assert {"fix", "strike", "decided", "join", "accept", "score", "outage"} <= about_the_report


def test_no_answer_is_given_where_another_bot_owns_the_notes(quiet):
    assert quiet.say("alice", "!log 12:05 late") == []
    assert "is final" in quiet.say("alice", "!note 12:05 late")[0]
    assert "late" not in quiet.texts()
