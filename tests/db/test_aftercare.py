"""Work left after a close is said to its person once, in working hours; else to a channel, unless it is private."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from irscribe.config import load
from irscribe.domain.nudges import Nudges
from irscribe.domain.working_hours import read_working_hours
from tests.talk import CHANNEL
from tests.watch import Watch

pytestmark = pytest.mark.alike_on_postgresql

OFFICE = read_working_hours("Mon-Fri 08:00-17:00 Europe/Berlin")
HOURLY = timedelta(hours=1)
HALF_DAILY = timedelta(hours=12)
"""Often enough for what is counted in days."""
SUNDAY_NIGHT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)


def settings(**nudges):
    config = load(None)
    return replace(config, channels=(CHANNEL, "#sre"), nudges=Nudges(**nudges))


@pytest.fixture
def config():
    return settings()


@pytest.fixture
def watch(talk):
    return Watch(talk, people=("alice", "bob", "carol"))


def close(watch, *before):
    """Alice opens, coordinates and closes an incident at once."""
    watch.say("alice", "!ir start API returns 500")
    watch.say("alice", "!ir ic me")
    for line in before:
        watch.say("alice", line)
    return watch.say("alice", "!ir close")


def told(said, since):
    """The lines said: days since a moment, recipient, text."""
    return [((each.at - since).days, each.to, each.text.replace("\u200b", "")) for each in said]


def test_an_unfinished_scorecard_and_a_draft_are_said_to_the_coordinator_once(watch, talk):
    close(watch)
    closed = talk.now
    said = watch.wait(days=60, every=HALF_DAILY)
    assert told(said, closed) == [
        (1, "alice", "the scorecard of 1 “API returns 500” is not finished: !ir @1 score asks it."),
        (7, "alice", "the report of 1 “API returns 500” is still a draft: !ir @1 missing says what it lacks."),
    ]


def test_what_is_finished_is_not(watch):
    close(watch)
    assert "complete" in watch.say("alice", "!ir score nnnnnnnnnnnnnnn")[-1]
    watch.say("alice", "!ir review")
    assert watch.wait(days=60, every=HALF_DAILY) == []


@pytest.mark.parametrize(
    "config",
    [settings(scorecard=None, document=None, followups=None), replace(settings(), unasked=None)],
)
def test_of_settings_that_want_nothing_nothing_is_said(watch):
    close(watch, "!ir action add a runbook")
    assert watch.wait(days=60, every=HALF_DAILY) == []


def test_of_a_muted_incident_nothing_is_said(watch):
    close(watch, "!ir action add a runbook")
    watch.say("bob", "!ir mute")
    assert watch.wait(days=60, every=HALF_DAILY) == []


class TestFollowUps:
    """Those without owner and task, then those that are open, in one line for each owner."""

    @pytest.fixture
    def config(self):
        return settings(scorecard=None, document=None)

    def test_are_said_after_14_and_30_days(self, watch, talk):
        actions = ("add a runbook", "page the DBAs", "replace the disk @bob", "test it T234", "tell users @bob")
        close(watch, "!ir add bob", *(f"!ir action {each}" for each in actions), "!ir action done 5")
        closed = talk.now
        name = "1 “API returns 500”"
        assert told(watch.wait(days=60, every=HALF_DAILY), closed) == [
            (14, "alice", f"follow-ups 1 and 2 of {name} have neither owner nor task: !ir @1 action 1 assign NAME."),
            (30, "alice", f"follow-ups 1, 2 and 4 of {name} are open after 30 d: !ir @1 action done 1."),
            (30, "bob", f"follow-up 3 of {name} is open after 30 d: !ir @1 action done 3."),
        ]

    def test_are_not_said_before_the_day_they_are_due(self, watch):
        close(watch, "!ir action replace the disk @bob", "!ir action 1 due 2027-01-15")
        said = watch.wait(days=80, every=HALF_DAILY)
        assert [each.at.date().isoformat() for each in said] == ["2027-01-16"]

    def test_one_that_is_added_later_is_said_as_well_and_no_other_again(self, watch):
        close(watch, "!ir action add a runbook")
        watch.wait(days=15, every=HOURLY)
        watch.say("alice", "!ir action page the DBAs")
        (said,) = watch.wait(days=1, every=HOURLY)
        assert said.text.startswith("follow-up 2 of")


class TestWorkingHours:
    """By the clocks of a zone, from Monday to Friday."""

    @pytest.fixture
    def config(self):
        return settings(working_hours=OFFICE, document=None)

    def test_a_close_at_night_says_when_the_scorecard_is_asked(self, watch, talk):
        talk.now = SUNDAY_NIGHT
        answers = close(watch)
        assert (
            "Outside working hours I ask nobody: a\u200blice gets the scorecard on Mon 2026-11-30 at 07:00 UTC, "
            "and !ir score asks it now." in answers[0]
        )
        said = watch.wait(days=3, every=timedelta(minutes=10))
        assert [(str(each.at), each.to) for each in said] == [("2026-11-30 07:00:00+00:00", "alice")]

    def test_a_close_by_day_asks_at_once_and_reminds_a_day_later(self, watch, talk):
        talk.now = datetime(2026, 11, 27, 15, 59, tzinfo=UTC)
        assert "I ask a\u200blice the scorecard in private." in close(watch)[0]
        said = watch.wait(days=7, every=timedelta(minutes=10))
        assert [f"{each.at:%a %H:%M}" for each in said] == ["Mon 07:09"]

    @pytest.mark.parametrize("config", [replace(settings(working_hours=OFFICE), unasked=None)])
    def test_a_bot_that_says_nothing_by_itself_asks_at_once(self, watch, talk):
        talk.now = SUNDAY_NIGHT
        assert "I ask a\u200blice the scorecard in private." in close(watch)[0]


class TestReaching:
    """Somebody who is not there is told when they come, and named in a channel after two days."""

    @pytest.fixture
    def config(self):
        return settings(aftercare_channel="#sre", document=None)

    @pytest.fixture
    def watch(self, talk):
        watch = Watch(talk)
        watch.people["#sre"] = ("dave",)
        return watch

    def test_whoever_comes_within_two_days_is_told(self, watch):
        close(watch)
        watch.people[CHANNEL] = ("bob",)
        assert watch.wait(days=2, every=HOURLY) == []
        watch.people["#sre"] = ("dave", "alice")
        assert [each.to for each in watch.wait(days=10, every=HOURLY)] == ["alice"]

    def test_whoever_does_not_is_named_once_in_the_channel(self, watch, talk):
        close(watch)
        closed = talk.now
        watch.people[CHANNEL] = ("bob",)
        said = watch.wait(days=10, every=HOURLY)
        assert told(said, closed) == [
            (3, "#sre", "alice: the scorecard of 1 “API returns 500” is not finished: !ir @1 score asks it.")
        ]
        assert "alice" not in said[0].text

    def test_a_private_incident_is_named_nowhere(self, watch):
        close(watch, "!ir private on", "!ir action add a runbook @zoe")
        watch.people[CHANNEL] = ("bob", "zoe")
        assert watch.wait(days=60, every=HALF_DAILY) == []
        watch.people[CHANNEL] = ("alice",)
        assert {each.to for each in watch.wait(days=1, every=HOURLY)} == {"alice"}

    def test_somebody_else_with_the_nick_is_told_nothing(self, watch):
        close(watch)
        watch.strangers = {"alice"}
        assert [each.to for each in watch.wait(days=10, every=HOURLY)] == ["#sre"]

    @pytest.mark.parametrize("config", [settings(document=None)])
    def test_without_such_a_channel_nobody_else_is_told(self, watch):
        close(watch)
        watch.people[CHANNEL] = ("bob",)
        assert watch.wait(days=30, every=HOURLY) == []


def test_several_incidents_of_a_person_are_one_line(watch):
    close(watch)
    close(watch)
    said = watch.wait(days=2, every=HOURLY)
    assert ["1 “" in each.text and "2 “" in each.text for each in said] == [True]


def test_a_month_away_is_one_line(watch, talk):
    close(watch, "!ir action add a runbook")
    talk.later(days=31)
    watch.restart()
    said = watch.wait(days=5, every=HOURLY)
    assert [each.to for each in said] == ["alice"]
    assert "more" in said[0].text or "is open after 30 d" in said[0].text


@pytest.mark.parametrize("line", ["!ir reopen", "!ir undo"])
def test_an_incident_that_is_open_again_has_no_aftercare(watch, line):
    close(watch, "!ir mute")
    watch.say("alice", line)
    assert watch.wait(days=20, every=HOURLY) == []


def test_one_that_is_closed_again_has_it_from_then_on(watch, talk):
    close(watch)
    talk.later(hours=20)
    watch.say("alice", "!ir reopen")
    watch.say("alice", "!ir close")
    assert watch.wait(hours=23, every=HOURLY) == []
    assert len(watch.wait(hours=2, every=HOURLY)) == 1


def test_a_cancelled_incident_has_none(watch):
    watch.say("alice", "!ir start API returns 500")
    watch.say("alice", "!ir cancel a test")
    assert watch.wait(days=60, every=HALF_DAILY) == []
