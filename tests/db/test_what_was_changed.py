"""The notes of the time before an incident began: what was changed?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from irscribe.config import load
from irscribe.domain.listed import read_item
from tests.replies import in_private

pytestmark = pytest.mark.every_case_on_postgresql


@pytest.fixture
def config():
    return replace(load(None), relays=(read_item("account:logmsgbot"),))


@pytest.fixture
def later(talk):
    """Notes of three hours, kept while nothing was open, then an incident."""
    talk.accounts["logmsgbot"] = "logmsgbot"
    for minutes, nick, line in (
        (0, "bob", "!log restarted the switch"),
        (90, "logmsgbot", "!log bob@deploy1002 rolled out 1.42"),
        (30, "carol", "!log depooled db1003"),
        (15, "dora", "it is slow"),
        (5, "alice", "!ir start API returns 500"),
    ):
        talk.later(minutes=minutes)
        talk.say(nick, line)
    talk.say("alice", "!log not before the start")
    return talk


def told(talk, nick, line, **more):
    return [str(each.text) for each in talk.hear(nick, line, **more) if each.to == nick]


def test_it_tells_in_private_what_was_noted_in_the_hour_before(later):
    assert later.say("dora", "!ir changes") == [in_private("2 notes from before 1 began (13:20–14:20 UTC)")]
    assert told(later, "dora", "!ir changes") == [
        "13:30 logmsgbot: bob@deploy1002 rolled out 1.42",
        "14:00 carol: depooled db1003",
    ]
    assert told(later, "dora", "!ir changes -3h") == [
        "12:00 bob: restarted the switch",
        "13:30 logmsgbot: bob@deploy1002 rolled out 1.42",
        "14:00 carol: depooled db1003",
    ]
    assert told(later, "dora", "!ir changes 1 30m") == ["14:00 carol: depooled db1003"]


def test_the_start_is_that_of_the_report(later):
    later.say("alice", "!ir start-time 13:35")
    assert told(later, "dora", "!ir changes 10m") == ["13:30 logmsgbot: bob@deploy1002 rolled out 1.42"]


def test_where_nothing_is_kept_it_says_so(talk):
    talk.say("alice", "!ir start API returns 500")
    assert talk.say("dora", "!ir changes") == [
        "No notes are kept from before 1 began (11:00–12:00 UTC): !ir changes -3h looks further."
    ]


def test_a_discarded_and_a_redacted_note_are_not_told(later):
    later.say("alice", "!ir adopt")
    later.operators.add("alice")
    number = next(each.number for each in later.report().timeline if each.text == "depooled db1003")
    later.say("alice", f"!ir redact {number} a secret")
    assert told(later, "dora", "!ir changes") == ["13:30 logmsgbot: bob@deploy1002 rolled out 1.42"]


def test_lines_that_were_taken_in_are_told_as_they_were_said(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.chat("bob", "I reverted the deploy")
    talk.chat("carol", "and I depooled db1003")
    talk.later(minutes=2)
    talk.say("alice", "!log ^^")
    talk.say("alice", "!log [12:01] <bob> it is back")
    talk.chat("carol", "lunch")
    talk.say("alice", "!log ^")
    talk.say("alice", "!ir undo")
    talk.say("alice", "!ir close")
    talk.later(minutes=30)
    talk.say("alice", "!ir start again")
    assert told(talk, "dora", "!ir changes") == [
        "12:00 alice: <bob> I reverted the deploy",
        "12:00 alice: <carol> and I depooled db1003",
        "12:01 alice: <bob> it is back (pasted by alice)",
    ]
    talk.say("alice", "!ir strike @1 2-3")
    assert told(talk, "dora", "!ir changes") == ["12:01 alice: <bob> it is back (pasted by alice)"]


def test_notes_of_a_private_incident_are_told_to_nobody_who_may_not_see_it(talk):
    talk.say("alice", "!ir start --private leak")
    talk.say("alice", "!log the key is public")
    talk.say("alice", "!ir close")
    talk.later(minutes=30)
    talk.say("bob", "!ir start API returns 500")
    private = {"channel": None, "shared": ("#incidents",)}
    assert told(talk, "bob", "!ir changes @2") == ["12:00 alice: the key is public"]
    assert [line for line in told(talk, "dora", "changes @2", **private) if "key" in line] == []
    assert told(talk, "alice", "changes @2", **private) == ["12:00 alice: the key is public"]


def test_who_is_not_in_its_channel_gets_no_notes_that_went_into_no_incident(later):
    """A responder asks in private, and is no more in the channel."""
    later.say("alice", "!ir private on")
    away = {"channel": None, "shared": ("#elsewhere",)}
    assert told(later, "alice", "changes @1", **away)[0].startswith("No notes are kept")


@pytest.mark.parametrize("typed", ["soon", "-8d", "-1h soon"])
def test_what_is_no_length_of_time_is_refused(later, typed):
    assert later.say("dora", f"!ir changes {typed}") == [
        "How long before? Type !ir changes -1h or !ir changes -90m, a week at most."
    ]
