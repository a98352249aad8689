"""Each nudge about an open incident is given at its time, once, within the budget of its channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from irscribe.config import load
from irscribe.domain.attendance import UnaskedDue
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.nudges import Kind, Nudge, Nudges
from irscribe.domain.report import Kind as EntryKind
from irscribe.domain.request import Renamed
from irscribe.domain.talk import Role
from irscribe.domain.unasked import Budget
from models import nudges, parts
from models.tables import entry_version
from tests.talk import CHANNEL, NETWORK, NOON
from tests.watch import Watch

pytestmark = pytest.mark.alike_on_postgresql

NONE = dict.fromkeys(("coordinator", "update", "coordinator_gone", "impact", "close", "quiet"))
"""The settings with which nothing is said about an open incident."""
HINT = " (!ir mute silences me)"
NAME = "1 “A\u200bPI r\u200beturns 5\u200b00”"
"""An incident by its number and its title, as it is quoted."""


def only(**delays):
    return replace(load(None), nudges=Nudges(**(NONE | delays)))


@pytest.fixture
def watch(talk):
    return Watch(talk)


def times(said, of=NOON):
    """The minutes since noon."""
    return [(each.at - of) // timedelta(minutes=1) for each in said]


class TestCoordinator:
    """Somebody is to coordinate while several people are active."""

    @pytest.fixture
    def config(self):
        return only(coordinator=timedelta(minutes=10))

    def start(self, watch):
        watch.say("alice", "!ir start API returns 500")
        watch.say("bob", "I am looking")

    def test_is_asked_for_after_ten_minutes_and_once_more_after_thirty(self, watch):
        self.start(watch)
        said = watch.wait(minutes=10)
        assert [each.text for each in said] == [
            "Incident 1: nobody coordinates it: !ir ic me, or !ir ic none (!ir mute silences me)."
        ]
        assert (times(said), said[0].to) == ([10], CHANNEL)
        watch.say("bob", "still at it")
        assert [each.text for each in watch.wait(hours=3)] == [
            "Incident 1: nobody coordinates it: !ir ic me, or !ir ic none."
        ]
        assert times(watch.said) == [10, 30]

    def test_is_not_asked_for_while_one_person_is_alone(self, watch):
        watch.say("alice", "!ir start API returns 500")
        watch.say("alice", "hello?")
        assert watch.wait(minutes=60) == []

    def test_a_second_person_who_speaks_late_is_enough(self, watch):
        watch.say("alice", "!ir start API returns 500")
        watch.wait(minutes=20)
        watch.say("bob", "hm")
        assert times(watch.wait(minutes=1)) == [21]

    @pytest.mark.parametrize("command", ["ic me", "ic bob", "ic none"])
    def test_is_not_asked_for_once_the_question_is_answered(self, watch, command):
        self.start(watch)
        watch.wait(minutes=9)
        watch.say("alice", f"!ir {command}")
        assert watch.wait(minutes=60) == []

    def test_two_who_wrote_in_the_record_are_active_after_a_restart(self, watch):
        self.start(watch)
        watch.say("bob", "!log db1003 is down")
        watch.restart()
        assert times(watch.wait(minutes=10)) == [10]

    def test_a_bot_is_not_active(self, watch, talk):
        watch.say("alice", "!ir start API returns 500")
        watch.hear(talk.request("jinxer-wm", "FIRING: HighLatency #page"), role=Role.BOT)
        assert watch.wait(minutes=20) == []

    def test_a_person_with_a_new_nick_is_one(self, watch, talk):
        watch.say("alice", "!ir start API returns 500")
        before = talk.person("alice")
        renamed = Renamed(person=before, network=NETWORK, nick="al")
        watch.nudging.rename(renamed)
        talk.handle(renamed)
        watch.say("al", "here again", person=replace(before, nick="al"))
        assert watch.wait(minutes=60) == []


class TestUpdate:
    """Silence in the record is said to the coordinator, then in the channel, each time after twice as long."""

    @pytest.fixture
    def config(self):
        return only(update=timedelta(minutes=30))

    @pytest.fixture
    def watch(self, talk):
        watch = Watch(talk)
        watch.say("alice", "!ir start see T123 #page bob")
        watch.say("alice", "!ir ic me")
        return watch

    def test_is_asked_for_in_private_and_a_quarter_of_an_hour_later_in_the_channel(self, watch):
        first, second = watch.wait(minutes=50)
        assert (times([first]), first.to) == ([30], "alice")
        assert first.text.replace("\u200b", "") == (
            "Incident 1 “see T123 #page bob”: no update for 30 min: !ir @1 update TEXT, or !ir @1 nextupdate 1h."
        )
        assert not [each for each in ("T123", "#page", "bob") if each in first.text]
        assert (times([second]), second.to) == ([45], CHANNEL)
        assert second.text == ("Incident 1: no update for 45 min: !ir update TEXT, or !ir nextupdate 1h.")

    def test_three_times_at_most_each_after_twice_as_long(self, watch):
        said = watch.wait(hours=12, every=timedelta(minutes=5))
        assert [(at, each.to) for at, each in zip(times(said), said, strict=True)] == [
            (30, "alice"),
            (45, CHANNEL),
            (60, "alice"),
            (75, CHANNEL),
            (120, "alice"),
            (135, CHANNEL),
        ]

    def test_is_asked_for_in_half_the_time_at_severity_one(self, watch):
        watch.say("alice", "!ir sev 1")
        assert times(watch.wait(minutes=31)) == [15, 30]

    @pytest.mark.parametrize("line", ["!log the fix is out", "!ir update half is back", "!ir decided we roll back"])
    def test_a_note_begins_the_silence_anew_and_answers_what_was_asked_in_private(self, watch, line):
        watch.wait(minutes=29)
        watch.say("bob", line)
        assert times(watch.wait(minutes=33)) == [59]
        watch.say("bob", line)
        assert times(watch.wait(minutes=76)) == [62 + 60, 62 + 75]

    @pytest.mark.parametrize("line", ["I am on it", "!ir who", "!ir impact users see errors"])
    def test_what_is_no_note_does_not(self, watch, line):
        watch.wait(minutes=29)
        watch.say("bob", line)
        assert times(watch.wait(minutes=2)) == [30]

    def test_a_note_of_a_machine_does_not(self, watch, talk):
        watch.wait(minutes=29)
        watch.say("bob", "!log icinga says")
        with talk.database.write() as session:
            session.execute(update(entry_version).where(entry_version.c.number == 2).values(kind=EntryKind.ALERT.value))
        assert times(watch.wait(minutes=2)) == [30]

    def test_is_not_asked_for_once_it_is_resolved(self, watch):
        watch.wait(minutes=29)
        watch.say("alice", "!ir status resolved")
        assert watch.wait(hours=10, every=timedelta(minutes=5)) == []

    def test_a_promise_silences_until_then(self, watch):
        watch.say("alice", "!ir join")
        assert watch.say("alice", "!ir nextupdate 2h") == [
            "The next update of 1 is promised for 14:00; until then I ask for none."
        ]
        assert times(watch.wait(hours=3)) == [120, 135, 150, 165]

    def test_an_update_before_the_promised_time_keeps_it(self, watch):
        watch.say("alice", "!ir nextupdate 1h")
        watch.wait(minutes=50)
        watch.say("alice", "!ir update half is back")
        assert times(watch.wait(minutes=31)) == [80]

    def test_without_a_coordinator_only_the_channel_is_asked(self, watch):
        watch.say("alice", "!ir ic none")
        said = watch.wait(minutes=50)
        assert [each.to for each in said] == [CHANNEL]

    def test_somebody_else_with_the_coordinators_nick_is_told_nothing(self, watch):
        watch.strangers = {"alice"}
        assert [each.to for each in watch.wait(minutes=50)] == [CHANNEL]


class TestGone:
    """The coordinator is not in the channel any more."""

    @pytest.fixture
    def config(self):
        return only(coordinator_gone=timedelta(minutes=10))

    @pytest.fixture
    def watch(self, talk):
        watch = Watch(talk)
        watch.say("alice", "!ir start API returns 500")
        watch.say("alice", "!ir ic me")
        watch.wait(minutes=1)
        return watch

    def test_is_said_after_ten_minutes_and_wakes_nobody(self, watch):
        watch.people[CHANNEL] = ("bob",)
        assert [each.text for each in watch.wait(minutes=60)] == [
            f"Incident 1: a\u200blice coordinates it and has been gone for 10 min: !ir ic me takes over{HINT}."
        ]

    def test_a_coordinator_who_comes_back_begins_anew(self, watch):
        watch.people[CHANNEL] = ("bob",)
        watch.wait(minutes=9)
        watch.people[CHANNEL] = ("alice", "bob")
        watch.wait(minutes=1)
        watch.people[CHANNEL] = ("bob",)
        assert watch.wait(minutes=9) == []

    def test_one_of_several_nicks_is_enough(self, watch, talk):
        talk.accounts |= {"alice": "al", "alice_phone": "al"}
        watch.say("alice", "!ir ic none")
        watch.say("alice", "!ir ic me")
        watch.people[CHANNEL] = ("alice_phone",)
        assert watch.wait(minutes=60) == []

    def test_a_netsplit_does_not_count(self, watch):
        watch.people[CHANNEL], watch.split = ("bob",), ("alice",)
        assert watch.wait(minutes=60) == []

    def test_a_bot_that_sees_nobody_counts_nothing(self, watch):
        watch.people = {}
        watch.wait(minutes=60)
        watch.people = {CHANNEL: ("bob",)}
        assert watch.wait(minutes=9) == []
        assert times(watch.wait(minutes=2)) == [72]

    def test_each_coordinator_is_missed_once(self, watch):
        watch.people[CHANNEL] = ("bob",)
        watch.wait(minutes=20)
        watch.say("bob", "!ir join")
        watch.say("alice", "!ir ic bob", channel=CHANNEL)
        watch.people[CHANNEL] = ("carol",)
        assert ["b\u200bob" in each.text for each in watch.wait(minutes=60)] == [True]


class TestOthers:
    """The impact, the close, the quiet."""

    @pytest.fixture
    def config(self):
        return only(impact=timedelta(), close=timedelta(minutes=30), quiet=timedelta(hours=4))

    @pytest.fixture
    def watch(self, talk):
        watch = Watch(talk)
        watch.say("alice", "!ir start API returns 500")
        return watch

    def test_the_impact_is_asked_for_when_monitoring_is_set(self, watch):
        watch.wait(minutes=10)
        watch.say("alice", "!ir status monitoring the fix is out")
        said = watch.wait(hours=1)
        assert [each.text for each in said] == [
            "Incident 1: monitoring, and no impact is written yet: !ir impact TEXT (!ir mute silences me)."
        ]
        assert times(said) == [11]

    def test_an_impact_that_is_written_is_not(self, watch):
        watch.say("alice", "!ir join")
        watch.say("alice", "!ir impact users see errors")
        watch.say("alice", "!ir status monitoring the fix is out")
        assert watch.wait(hours=1) == []

    def test_the_close_is_offered_half_an_hour_after_resolved(self, watch):
        watch.wait(minutes=5)
        watch.say("alice", "!ir status resolved")
        said = watch.wait(hours=1)
        assert [each.text for each in said] == [
            "Incident 1: resolved for 30 min: !ir close ends it (!ir mute silences me)."
        ]
        assert times(said) == [35]

    def test_a_status_that_was_taken_back_counts_no_more(self, watch):
        watch.say("alice", "!ir status resolved")
        watch.say("alice", "!ir undo")
        assert watch.wait(hours=1) == []

    def test_four_hours_without_a_line_of_anybody_are_said_to_the_coordinator_once(self, watch):
        watch.say("alice", "!ir ic me")
        watch.wait(hours=3)
        watch.say("bob", "anybody here?")
        said = watch.wait(hours=20, every=timedelta(minutes=5))
        assert [(each.to, each.text) for each in said] == [
            (
                "alice",
                f"Incident {NAME}: nothing heard for 4 h: !ir @1 status resolved, or !ir @1 close.",
            )
        ]
        assert times(said) == [7 * 60]

    def test_without_a_coordinator_the_channel_hears_of_the_silence(self, watch):
        said = watch.wait(hours=5, every=timedelta(minutes=5))
        assert [each.to for each in said] == [CHANNEL]

    def test_talk_from_before_a_restart_still_counts(self, watch, talk):
        rejoined(talk)
        watch.say("alice", "!ir ic me")
        watch.wait(hours=3)
        watch.say("bob", "anybody here?")
        watch.look()
        watch.restart()
        assert times(watch.wait(hours=5, every=timedelta(minutes=5))) == [7 * 60]

    def test_a_time_in_which_nobody_listened_is_no_silence(self, watch, talk):
        rejoined(talk)
        watch.say("alice", "!ir ic me")
        talk.handle(HeardUntil(network=NETWORK, channels=(CHANNEL,), until=talk.now, over=True))
        talk.later(hours=20)
        watch.restart()
        rejoined(talk)
        assert watch.wait(hours=3, minutes=59) == []
        assert times(watch.wait(minutes=2)) == [24 * 60]


def rejoined(talk):
    talk.handle(ChannelRejoined(network=NETWORK, channel=CHANNEL, at=talk.now, said_before=talk.now))


class TestSilence:
    """People can silence the bot."""

    def provoke(self, watch):
        """Let everything fall due."""
        watch.say("bob", "I am looking")
        return watch.wait(hours=6, every=timedelta(minutes=5))

    def test_of_a_muted_incident_nothing_is_said(self, watch):
        watch.say("alice", "!ir start API returns 500")
        assert watch.say("bob", "!ir mute") == ["I say nothing unasked about 1: !ir unmute ends that."]
        assert self.provoke(watch) == []
        assert watch.say("bob", "!ir unmute") == ["I speak about 1 again when something needs somebody."]
        assert len(watch.wait(minutes=1)) == 1

    def test_two_hours_of_silence_are_two_hours(self, watch):
        watch.say("alice", "!ir start API returns 500")
        watch.say("alice", "!ir mute 2h")
        watch.say("bob", "I am looking")
        assert times(watch.wait(minutes=121)) == [120]

    @pytest.mark.parametrize("config", [replace(load(None), unasked=None), only()])
    def test_of_settings_that_want_none_nothing_is_said(self, talk):
        watch = Watch(talk)
        watch.say("alice", "!ir start API returns 500")
        watch.say("alice", "!ir ic me")
        watch.say("alice", "!ir status monitoring")
        assert self.provoke(watch) == []

    def test_of_what_is_written_down_afterwards_nothing_is_said(self, watch):
        watch.say("alice", "!ir start 2026-11-20 08:00 API returned 500")
        assert self.provoke(watch) == []

    @pytest.mark.parametrize(
        ("typed", "part"),
        [
            ("mute soon", "“soon” is no length of time I can read: type !ir mute 2h"),
            ("mute 0m", "From a second to 30 days"),
            ("mute 40d", "From a second to 30 days"),
            ("unmute", "I am not muted about 1"),
            ("nextupdate 15:40", "“15:40” is no length of time I can read: type !ir nextupdate 2h."),
            ("nextupdate none", "No update is promised"),
            ("nextupdate", "No update is promised: !ir nextupdate 2h promises one."),
        ],
    )
    def test_what_cannot_be_read_is_refused_in_one_line_and_changes_nothing(self, watch, talk, typed, part):
        watch.say("alice", "!ir start API returns 500")
        watch.say("alice", "!ir join")
        (refusal,) = watch.say("alice", f"!ir {typed}")
        assert part in refusal
        with talk.database.read() as session:
            assert not {"mute", "next_update"} & parts.fields(session, 1).keys()

    def test_mute_and_promise_can_be_taken_back(self, watch):
        watch.say("alice", "!ir start API returns 500")
        watch.say("alice", "!ir join")
        watch.say("alice", "!ir mute 2h")
        assert watch.say("alice", "!ir undo") == ["Taken back: mute."]
        watch.say("alice", "!ir nextupdate 2h")
        assert watch.say("alice", "!ir undo") == ["Taken back: next update."]

    def test_who_may(self, watch):
        watch.say("alice", "!ir start API returns 500")
        assert "join first" in watch.say("bob", "!ir nextupdate 2h")[0]
        assert "unmute" in watch.say("bob", "!ir mute")[0]


class TestOnce:
    """Together in one line, within the budget, marked before it is said."""

    def test_what_falls_due_together_is_one_line_for_all_incidents_of_a_channel(self, watch):
        watch.say("alice", "!ir start one")
        watch.say("bob", "!ir start! two")
        (said,) = watch.wait(minutes=10)
        assert said.text == (
            "Incident 1: nobody coordinates it: !ir @1 ic me, or !ir @1 ic none; "
            "Incident 2: nobody coordinates it: !ir @2 ic me, or !ir @2 ic none (!ir mute silences me)."
        )

    def test_many_incidents_are_one_line_still(self, watch):
        for number in range(30):
            watch.say("alice", f"!ir start! incident {number}")
        watch.say("bob", "hm")
        (said,) = watch.wait(minutes=10)
        assert len(said.text.encode()) <= 400
        assert "more" in said.text
        assert watch.wait(minutes=10) == []

    def test_a_day_away_is_one_line(self, watch, talk):
        rejoined(talk)
        watch.say("alice", "!ir start API returns 500")
        watch.say("bob", "!ir ic me")
        watch.say("bob", "!ir ic none")
        talk.handle(HeardUntil(network=NETWORK, channels=(CHANNEL,), until=talk.now, over=True))
        talk.later(days=1)
        watch.restart()
        rejoined(talk)
        watch.look()
        watch.wait(minutes=200)
        assert [each.text for each in watch.said] == [
            "Incident 1: no update for 1 d: !ir update TEXT, or !ir nextupdate 1h (!ir mute silences me)."
        ]

    def test_nothing_is_said_twice_after_a_kill_between_the_mark_and_the_line(self, watch, talk):
        watch.say("alice", "!ir start API returns 500")
        watch.say("bob", "hm")
        talk.later(minutes=10)
        watch.nudging.look()
        (due,) = watch.due
        assert isinstance(due, UnaskedDue)
        talk.handle(due)  # committed, and the process is killed before the line is sent
        watch.restart()
        assert watch.wait(minutes=5) == []
        assert talk.handle(due) == []

    def test_the_mark_is_there_before_anything_is_said(self, watch, talk):
        watch.say("alice", "!ir start API returns 500")
        watch.say("bob", "hm")
        watch.wait(minutes=10)
        with talk.database.read() as session:
            assert nudges.given(session, 1) == {Nudge(Kind.COORDINATOR): NOON + timedelta(minutes=10)}
            assert nudges.said_unasked(session, NETWORK, CHANNEL) == [NOON + timedelta(minutes=10)]

    @pytest.mark.parametrize("config", [replace(load(None), unasked=Budget(1))])
    def test_a_channel_has_one_budget_for_all_its_incidents(self, talk):
        watch = Watch(talk)
        watch.say("alice", "!ir start one")
        watch.say("bob", "hm")
        watch.wait(minutes=5)
        watch.say("alice", "!ir start! two")
        said = [each for each in watch.wait(hours=2) if each.to == CHANNEL]
        assert times(said) == [10, 71]

    def test_each_channel_has_a_budget_of_its_own(self, talk):
        watch = Watch(talk)
        watch.people["#ops"] = ("alice", "bob")
        for channel in (CHANNEL, "#ops"):
            watch.say("alice", "!ir start it broke", channel=channel)
            watch.say("bob", "hm", channel=channel)
        assert sorted(each.to for each in watch.wait(minutes=10)) == [CHANNEL, "#ops"]

    def test_a_line_waits_behind_acknowledgements(self, watch, talk):
        watch.say("alice", "!ir start API returns 500")
        watch.say("bob", "hm")
        talk.later(minutes=10)
        watch.nudging.look()
        (reply,) = talk.handle(watch.due[0])
        assert not reply.urgent
        assert reply.changes_nothing
