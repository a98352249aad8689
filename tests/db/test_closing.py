"""Ending an incident, taking that back, and the status of its document."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from irscribe.domain.report import DocumentStatus, Kind, State, Status
from tests.replies import NOTHING_ASKED, logged, report_is
from tests.snapshot import expect_refusal

PARTS = {
    "summary": "one",
    "impact": "two",
    "detection": "none",
    "task": "none",
    "paged": "0",
    "ic": "none",
    "metrics": "none",
    "well": "none",
    "poorly": "none",
    "lucky": "none",
    "link": "none",
    "action": "none",
}


@pytest.fixture
def talk(talk):
    talk.operators.add("op")
    talk.say("alice", "!ir start API returns 500")
    return talk


def head(talk, number=1):
    return talk.report(number).incident


def fill(talk):
    for verb, text in PARTS.items():
        talk.say("alice", f"!ir {verb} {text}")


def test_closing_says_how_long_it_was_and_what_is_missing(talk):
    talk.later(minutes=90)
    assert talk.say("alice", "!ir close") == [
        (
            f"Incident 1 “API returns 500” is closed after 1 h 30 min. {logged(2, at='13:30')}. "
            "I ask a\u200blice the scorecard in private."
        ),
        (
            "Still missing: summary, impact, detection, task, who was paged, coordinator, metrics, what went well, "
            "what went poorly, where we got lucky, links and actionables."
        ),
    ]
    assert (head(talk).state, head(talk).status) == (State.CLOSED, Status.RESOLVED)
    assert head(talk).closed_at == talk.now
    last = talk.report().timeline[-1]
    assert (last.text, last.kind) == ("Incident closed.", Kind.LIFECYCLE)


def test_nothing_is_said_to_be_missing_where_nothing_is(talk):
    fill(talk)
    assert len(talk.say("alice", "!ir close")) == 1


def test_closing_names_who_logged_and_is_not_on_the_list(talk):
    for nick in ("bob", "carol", "Dave_", "alice"):
        talk.say(nick, f"!log {nick} was here")
    talk.accounts["erin_away"] = "erin"
    talk.say("erin_away", "!log as well")
    talk.say("alice", "!ir add Carol, Erin")
    said = talk.say("alice", "!ir close")[1]
    assert "Logged but not on the list: b\u200bob and D\u200bave_ (!ir add NAME)." in said


def test_who_only_closes_an_incident_has_not_logged(talk):
    assert "Logged" not in talk.say("op", "!ir close")[1]


@pytest.mark.parametrize("line", ["!log gone", "!ir status monitoring"])
def test_what_was_struck_names_nobody(talk, line):
    talk.say("bob", line)
    talk.say("alice", "!ir strike 2")
    assert "Logged" not in talk.say("alice", "!ir close")[1]


def test_an_incident_is_closed_at_a_time_even_before_its_last_entry(talk):
    talk.later(minutes=30)
    talk.say("alice", "!log a late note")
    assert f"closed after 20 min. {logged(3, at='12:20')}" in talk.say("alice", "!ir close 12:20")[0]
    assert head(talk).closed_at == datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
    assert talk.texts() == ["Incident opened.", "Incident closed.", "a late note"]


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("close 11:00", "It was opened at 2026-11-22 12:00: it cannot end before that."),
        ("close 2030-01-01 10:00", "is in the future"),
        ("close ??:??", "The end needs a time that is known"),
        ("close it", "“it” is no time I can read"),
        ("close 12:00 all good", "is no time I can read"),
    ],
)
def test_what_is_no_end_is_refused_and_closes_nothing(talk, typed, complaint):
    assert complaint in talk.say("alice", f"!ir {typed}")[0]
    assert head(talk).state is State.OPEN
    assert talk.texts() == ["Incident opened."]


def test_closing_twice_is_refused(talk):
    talk.say("alice", "!ir close")
    expect_refusal(
        talk, "alice", "!ir close", "Incident 1 “API returns 500”", "closed since 2026-11-22 12:00", "!ir reopen opens"
    )


def test_closing_is_one_change_to_undo(talk):
    talk.say("alice", "!ir close")
    talk.say("alice", "!ir undo")
    assert (head(talk).state, head(talk).status, head(talk).closed_at) == (State.OPEN, Status.INVESTIGATING, None)
    assert talk.texts() == ["Incident opened."]
    assert talk.report().scorecard is None


def test_an_incident_written_down_afterwards_closes_without_an_entry(talk):
    talk.say("alice", "!ir start! 2019-10-07 14:00 wmcs-network")
    said, rest = talk.say("alice", "!ir close 2019-10-07 19:15")
    assert said.startswith("Incident 2 “wmcs-network” is closed as of 2019-10-07 19:15. I ask")
    assert rest.startswith("Incident 2: Still missing: summary, ")
    assert talk.report(2).timeline == ()


def test_a_closed_incident_is_opened_again(talk):
    talk.say("alice", "!ir close")
    assert talk.say("alice", "!ir reopen") == [
        f"Incident 1 “API returns 500” is open again, investigating. {logged(3)}."
    ]
    assert (head(talk).state, head(talk).closed_at) == (State.OPEN, None)
    assert talk.say("alice", "!ir reopen") == ["Incident 1 “API returns 500” is open."]
    assert talk.say("alice", "!log goes on") == [logged(4)]


@pytest.mark.parametrize("status", ["identified", "monitoring", "resolved"])
@pytest.mark.parametrize("ending", ["close", "cancel a test"])
def test_an_incident_that_is_opened_again_has_the_status_it_had(talk, status, ending):
    talk.say("alice", f"!ir status {status}")
    for _ in range(2):
        talk.say("op", f"!ir {ending}")
        assert f"is open again, {status}." in talk.say("alice", "!ir reopen")[0]
        assert head(talk).status == status
    talk.say("alice", "!ir undo")
    assert head(talk).state is not State.OPEN


def test_a_close_beside_an_outage_says_how_long_the_outage_was(talk):
    talk.later(minutes=30)
    talk.say("alice", "!log 12:05 OUTAGE BEGINS")
    talk.say("alice", "!log 12:28 OUTAGE ENDS")
    assert "is closed after 30 min (outage: 23 min)." in talk.say("alice", "!ir close")[0]


@pytest.mark.parametrize(
    ("ends", "said"),
    [("12:05:49", "is closed after 30 min (outage: less than a minute)."), ("12:40", "is closed (outage: 35 min).")],
)
def test_a_close_says_no_length_that_the_outage_gives_the_lie(talk, ends, said):
    talk.later(minutes=60)
    talk.say("alice", "!log 12:05 OUTAGE BEGINS")
    talk.say("alice", f"!log {ends} OUTAGE ENDS")
    assert said in talk.say("alice", "!ir close 12:30")[0]


def test_a_close_names_what_contradicts_itself_as_missing_does(talk):
    talk.later(minutes=60)
    talk.say("alice", "!log 12:05 OUTAGE BEGINS")
    check = " Check: the outage that began at 2026-11-22 12:05 UTC has no end."
    assert check in talk.say("alice", "!ir close 12:29")[1]
    talk.say("alice", "!ir undo")
    talk.say("alice", "!log 12:30 OUTAGE ENDS")
    check = " Check: #4 ends the outage at 12:30, after the incident was closed at 12:29."
    assert check in talk.say("alice", "!ir close 12:29")[1]
    assert check in talk.say("alice", "!ir missing")[0]
    assert check in talk.say("op", "!ir final")[0]
    assert talk.say("op", "!ir final! enough")[0].endswith(check)


def test_what_becomes_of_the_report_is_told_of_a_closed_incident_only(talk):
    assert "report" not in talk.say("alice", "!ir")[0]
    talk.say("alice", "!ir close")
    for verb, said in (("review", "up for review"), ("final! enough", "final"), ("draft", "a draft")):
        talk.say("op", f"!ir {verb}")
        assert f": closed, report {said};" in talk.say("alice", "!ir")[0]
        assert f": closed, report {said};" in talk.say("alice", "!ir show 1")[0]


def test_an_incident_written_down_afterwards_has_the_length_of_its_outage_only(talk):
    talk.say("alice", "!ir start! 2019-10-07 14:00 wmcs-network")
    talk.say("alice", "!log 14:05 OUTAGE BEGINS")
    talk.say("alice", "!log 14:28 OUTAGE ENDS")
    assert "2 “wmcs-network” is closed (outage: 23 min). It ends now" in talk.say("alice", "!ir close")[0]
    assert talk.say("alice", "!ir show 2")[0].startswith("2 “wmcs-network”: closed, report a draft; no coordinator")


def test_an_incident_closed_at_once_has_no_length_worth_saying(talk):
    assert "“API returns 500” is closed. #2" in talk.say("alice", "!ir close")[0]
    assert ": closed, report a draft; no coordinator" in talk.say("alice", "!ir")[0]


def test_who_was_being_asked_is_asked_no_more_once_it_is_open_again(talk):
    talk.say("alice", "!ir close")
    talk.say("alice", "!ir reopen")
    assert talk.say("alice", "yes", channel=None) == [NOTHING_ASKED]


def test_an_older_incident_that_is_opened_again_is_the_current_one(talk):
    talk.say("alice", "!ir close")
    talk.say("alice", "!ir start two")
    talk.say("alice", "!ir reopen @1")
    assert talk.say("alice", "!log goes on") == [logged(4, incident=1)]


def test_cancelling_says_why_in_the_timeline(talk):
    expect_refusal(talk, "op", "!ir cancel", "no text", "!ir cancel REASON")
    assert talk.say("op", "!ir cancel a test gone astray") == [
        f"Incident 1 “API returns 500” is cancelled. {logged(2)}. If it was the wrong one: !ir undo."
    ]
    assert head(talk).state is State.CANCELLED
    assert talk.texts()[-1] == "Incident cancelled: a test gone astray"
    assert talk.say("alice", "!ir close")[0].startswith("Incident 1 “API returns 500” has been cancelled since")
    assert talk.report().scorecard is None


def test_a_cancelled_incident_makes_room_for_the_next(talk):
    talk.say("op", "!ir cancel no incident at all")
    assert talk.say("alice", "!ir start two")[0].startswith("Incident 2 “two” has been open")


def test_the_document_is_a_draft_then_reviewed_then_final(talk):
    fill(talk)
    talk.say("alice", "!ir close")
    talk.say("alice", "!ir score yyyyyyyyyyyyyyy")
    assert talk.say("alice", "!ir draft") == ["The report of 1 is a draft already."]
    assert talk.say("alice", "!ir review") == [report_is(1, "API returns 500", "up for review")]
    assert talk.say("op", "!ir final") == [report_is(1, "API returns 500", "final")]
    assert head(talk).document_status is DocumentStatus.FINAL
    talk.say("alice", "!ir draft")
    assert head(talk).document_status is DocumentStatus.DRAFT


def test_final_is_refused_while_parts_are_missing_unless_somebody_insists(talk):
    fill(talk)
    talk.say("alice", "!ir impact -")
    talk.say("alice", "!ir close")
    refusal = "Not final, still missing: impact and scorecard. !ir final! REASON insists."
    for line in ("!ir final", "!ir final!", "!ir final nobody knows"):
        assert talk.say("op", line) == [refusal]
    assert head(talk).document_status is DocumentStatus.DRAFT
    talk.say("op", "!ir final! nobody knows")
    assert head(talk).document_status is DocumentStatus.FINAL


def test_an_open_incident_has_no_final_report(talk):
    refusal = ["Incident 1 “API returns 500” is open: !ir close ends it first."]
    assert talk.say("op", "!ir final") == refusal
    assert talk.say("op", "!ir final! now") == refusal


def test_an_incident_written_down_afterwards_asks_whether_it_really_ends_now(talk):
    talk.say("alice", "!ir start! 2026-11-18 14:00 Old outage of mail")

    assert "if it ended before: !ir undo, then !ir close WHEN" in talk.say("alice", "!ir close")[0]


def test_why_a_report_is_final_although_parts_are_missing_is_said(talk):
    talk.operators = {"alice"}
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir close")

    assert talk.say("alice", "!ir final! good enough")[0].endswith("(good enough).")
