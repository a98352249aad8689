"""A line names its incident by ``@N`` before the verb, by ``@N`` behind it, or by a bare number."""

from __future__ import annotations

import pytest

from irscribe.domain.report import State
from tests.replies import logged, report_is
from tests.snapshot import record, refused

ELSEWHERE = "#elsewhere"
UNKNOWN = "There is no incident {} here: !ir list shows what there is."


@pytest.fixture
def two(talk):
    """Two incidents of a channel, the second one current."""
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir start! mail is slow")
    return talk


def test_an_address_before_the_verb_closes_that_incident_and_logs_nothing(two):
    assert two.say("alice", "!ir @1 close")[0].startswith("Incident 1 “API returns 500” is closed")
    assert two.report(1).incident.state is State.CLOSED
    assert two.report(2).incident.state is State.OPEN
    assert two.texts(1) == ["Incident opened.", "Incident closed."]


@pytest.mark.parametrize("verb", ["status", "who", "missing", "recap", "actions", "scorecard", "show"])
def test_an_address_before_behind_or_as_a_bare_number_asks_the_same(two, verb):
    before = record(two)
    said = [two.say("bob", f"!ir {line}") for line in (f"@1 {verb}", f"{verb} @1", f"{verb} 1", f"{verb} #1")]
    assert said[0]
    assert said == [said[0]] * 4
    assert record(two) == before


def test_a_bare_number_closes_reopens_and_reviews_that_incident(two):
    assert two.say("alice", "!ir close 1")[0].startswith("Incident 1 “API returns 500” is closed")
    assert two.say("alice", "!ir review #1") == [report_is(1, "API returns 500", "up for review")]
    assert two.say("alice", "!ir draft 1") == [report_is(1, "API returns 500", "a draft")]
    assert two.say("alice", "!ir reopen 1")[0].startswith("Incident 1 “API returns 500” is open again")


def test_a_bare_number_gives_no_right_that_an_address_does_not(two):
    assert refused(two, "mallory", "!ir close 1") == refused(two, "mallory", "!ir @1 close")


def test_a_number_that_may_be_a_reason_changes_nothing(two):
    two.operators.add("alice")
    assert "!ir @1 cancel REASON" in refused(two, "alice", "!ir cancel 1")
    assert "!ir @1 final [REASON]" in refused(two, "alice", "!ir final 1")
    assert "!ir @1 join" in refused(two, "bob", "!ir join 1")


@pytest.mark.parametrize("line", ["!ir missing 1", "!ir close 1", "!ir @1 close", "!ir @1 status", "!ir export 1"])
def test_an_incident_of_another_channel_is_refused_whichever_way_it_is_named(two, line):
    assert "belongs to #incidents" in refused(two, "alice", line, channel=ELSEWHERE)


@pytest.mark.parametrize("line", ["!ir missing 1", "!ir close #1", "!ir @1 close", "!ir who 1", "!ir export html 1"])
def test_a_private_incident_does_not_exist_elsewhere_whichever_way_it_is_named(talk, line):
    talk.say("alice", "!ir start --private leaked key")
    assert refused(talk, "alice", line, channel=ELSEWHERE) == UNKNOWN.format(1)
    assert refused(talk, "alice", line.replace("1", "7"), channel=ELSEWHERE) == UNKNOWN.format(7)


@pytest.mark.parametrize(
    "line", ["!ir reopen 1.", "!ir leave 1!", "!ir draft of 1", "!ir review no.1", "!ir publish 1."]
)
def test_a_near_number_changes_no_incident(two, line):
    two.operators.add("alice")
    two.say("alice", "!ir close")
    assert "type !ir @1 " in refused(two, "alice", line)


def test_an_address_before_log_is_that_of_the_note(two):
    assert two.say("bob", "!ir @1 log it is back") == [logged(2, incident=1)]


def test_show_with_an_address_and_a_number_asks_which_one(two):
    assert "with one number" in refused(two, "bob", "!ir @1 show 2")


def test_the_timeline_is_in_the_order_of_its_times_and_shows_the_last_of_it(talk):
    talk.say("alice", "!ir start API returns 500")
    for line in ("one", "11:30 earlier", "??:?? just after", "11:40 between"):
        talk.say("bob", f"!log {line}")
    talk.say("bob", "!log gone")
    talk.say("bob", "!ir strike 6")
    in_order = ["#3", "#4", "#5", "#1", "#2"]
    assert numbers(talk, "!ir timeline") == in_order
    assert numbers(talk, "!ir timeline 3") == in_order[-3:]
    assert numbers(talk, "!ir timeline") == [f"#{each.number}" for each in talk.report().timeline]


def numbers(talk, line):
    return [each.text.split()[0] for each in talk.hear("bob", line, channel=None)]
