"""The status of the work, updates, decisions, and public updates."""

from __future__ import annotations

import pytest

from irscribe.domain.report import Kind, Status
from tests.replies import decision_logged, entry, public_update_logged, unread_time, update_logged
from tests.snapshot import record, refused


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


@pytest.fixture
def afterwards(talk):
    talk.say("alice", "!ir start 2019-10-07 14:00 wmcs-network")
    return talk


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("investigating", Status.INVESTIGATING),
        ("identified", Status.IDENTIFIED),
        ("monitoring", Status.MONITORING),
        ("mitigated", Status.MONITORING),
        ("Mitigated:", Status.MONITORING),
        ("resolved", Status.RESOLVED),
        ("FIXED", Status.RESOLVED),
    ],
)
def test_a_state_is_set_and_is_an_entry(opened, typed, status):
    (answer,) = opened.say("bob", f"!ir status {typed} half the cells are back")

    assert answer == entry(2, f"status is {status}")
    assert opened.report().incident.status is status
    latest = opened.report().timeline[-1]
    assert (latest.kind, latest.text) == (Kind.STATUS, f"Status: {status} – half the cells are back")


def test_a_state_without_words_is_an_entry_too(opened):
    opened.say("bob", "!ir status monitoring")

    assert opened.texts()[-1] == "Status: monitoring"


def test_the_state_is_asked_for_without_changing_anything(opened):
    before = record(opened)

    for line in ("!ir", "!ir status", "!incident"):
        (answer,) = opened.say("bob", line)
        assert "1 “API returns 500”" in answer
        assert "investigating" in answer
    assert record(opened) == before


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("monitorin", "monitoring"),
        ("reslved", "resolved"),
        ("fxied", "fixed"),
        ("monitored", "monitoring"),
        ("Monitors:", "monitoring"),
        ("investigate", "investigating"),
        ("investigation", "investigating"),
        ("identify", "identified"),
        ("identifying", "identified"),
        ("mitigate", "mitigated"),
        ("mitigation", "mitigated"),
        ("resolving", "resolved"),
        ("fixing", "fixed"),
    ],
)
def test_a_near_miss_is_asked_about(opened, typed, meant):
    assert f"did you mean !ir status {meant}?" in refused(opened, "bob", f"!ir status {typed} now")


def test_a_fix_with_words_behind_it_is_an_update(opened):
    assert "did you mean !ir status fixed?" in refused(opened, "bob", "!ir status fix")
    assert opened.say("bob", "!ir status fix is rolling out") == [update_logged(2)]


def test_anything_else_is_an_update(opened):
    assert opened.say("bob", "!ir status half the cells are back") == [update_logged(2)]
    assert opened.texts()[-1] == "half the cells are back"
    assert opened.report().incident.status is Status.INVESTIGATING


@pytest.mark.parametrize(
    ("line", "text", "kind", "said"),
    [
        ("!ir update half is back", "half is back", Kind.STATUS, update_logged),
        ("!ir decided we roll back", "we roll back", Kind.DECISION, decision_logged),
        ("!ir public posted", "Public status page updated: posted", Kind.STATUS, public_update_logged),
        ("!ir update OUTAGE BEGINS", "OUTAGE BEGINS", Kind.OUTAGE, update_logged),
    ],
)
def test_updates_and_decisions_are_entries(opened, line, text, kind, said):
    assert opened.say("alice", line) == [said(2)]
    latest = opened.report().timeline[-1]
    assert (latest.text, latest.kind) == (text, kind)


def test_a_public_update_may_say_when(opened):
    assert opened.say("bob", "!ir public 11:40 posted") == [public_update_logged(2, at="11:40")]


@pytest.mark.parametrize(
    "line", ["!ir update", "!ir decided", "!ir public", "!ir public 11:40", "!ir update -", "!ir decided —"]
)
def test_an_update_without_words_is_refused(opened, line):
    sentence = refused(opened, "alice", line)
    assert "type !ir" in sentence


@pytest.mark.parametrize(
    ("typed", "guess"), [("11:40 half is back", "11:40"), ("10m ago we rolled back", "11:50"), ("11.40 done", "11:40")]
)
def test_a_time_in_front_of_an_update_is_text_and_the_reply_says_so(opened, typed, guess):
    assert opened.say("alice", f"!ir decided {typed}") == [decision_logged(2) + unread_time(2, guess)]
    assert opened.say("alice", f"!ir update {typed}") == [update_logged(3) + unread_time(3, guess)]
    assert opened.texts().count(typed) == 2
    assert opened.say("alice", f"!ir move 2 {guess}")[0].endswith(" moved")


@pytest.mark.parametrize("line", ["!ir update half is back", "!ir decided we roll back", "!ir public posted"])
def test_written_down_afterwards_an_update_says_when(afterwards, line):
    assert "`now`" in refused(afterwards, "alice", line)
    verb, words = line.split(" ", 2)[1:]
    assert afterwards.say("alice", f"!ir {verb} 15:40 {words}")[0].startswith("#1 2019-10-07 15:40 ")


def test_written_down_afterwards_a_state_is_no_entry(afterwards):
    assert afterwards.say("alice", "!ir status monitoring") == ["Incident 1 is monitoring now."]
    assert afterwards.texts() == []
    assert "!log WHEN TEXT" in refused(afterwards, "alice", "!ir status identified the cause")


def test_a_closed_incident_has_no_other_state(opened):
    opened.say("alice", "!ir close")

    assert "!ir reopen" in refused(opened, "alice", "!ir status monitoring")
    for line in ("status monitorin", "update half is back", "public posted", "outage begins"):
        assert refused(opened, "alice", f"!ir {line}").startswith("Incident 1 “API returns 500” is closed: !ir reopen ")
    assert opened.say("alice", "!ir update 11:40 half was back") == [update_logged(3, at="11:40", incident="closed 1")]
