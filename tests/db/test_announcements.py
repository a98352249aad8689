"""Announcements: other channels hear of an incident by hand, again as its state changes, and that there was none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from irscribe.config import Announce, load
from irscribe.domain.listed import read_item
from irscribe.domain.mark import as_typed
from irscribe.domain.unasked import Budget
from tests.talk import CHANNEL
from tests.watch import Watch

pytestmark = pytest.mark.alike_on_postgresql

SLOWLY = timedelta(minutes=5)
"""How often the bot looks while nothing is expected."""
NEWS, STAFF = "#news", "#staff"


def settings(**more):
    given = {"announce_channels": (NEWS, STAFF), "trusted": (read_item("account:tina"),), **more}
    return replace(load(None), channels=(CHANNEL, NEWS, STAFF), **given)


@pytest.fixture
def config():
    return settings(announce=Announce.CHANGES)


@pytest.fixture
def watch(talk):
    talk.accounts["tina"] = "tina"
    watch = Watch(talk, people=("alice", "bob", "tina"))
    watch.people |= {NEWS: ("zoe",), STAFF: ()}
    watch.say("alice", "!ir start API returns 500")
    return watch


def say(watch, nick, line):
    """Say a command; who was told what."""
    watch.talk.present = watch.people[CHANNEL]
    return [(each.to, watch.talk.application.spoken(each.text, each.to)) for each in watch.talk.hear(nick, line)]


def announced(watch):
    return [(each.to, as_typed(each.text)) for each in watch.said if each.to in (NEWS, STAFF)]


def only(told, channel=NEWS):
    return [as_typed(text) for to, text in told if to == channel]


def test_says_number_title_state_impact_since_when_and_the_address(watch, talk):
    say(watch, "alice", "!ir sev 2")
    say(watch, "alice", "!ir impact logins of bob fail, see T123 #page")
    say(watch, "alice", "!ir status identified")
    talk.later(minutes=35)
    told = say(watch, "tina", "!ir announce half of the logins fail")
    assert told[0] == (CHANNEL, "I tell #news and #staff of 1, and again when its state changes.")
    assert [to for to, _ in told[1:]] == [NEWS, STAFF]
    (line,) = only(told)
    assert line == (
        "Incident 1 “API returns 500” in #incidents: severity 2, identified, since 12:00 UTC (35 min); "
        "impact: logins of bob fail, see T123 #page; half of the logins fail."
    )
    assert not [word for word in ("T123", "#page", "bob") if word in told[1][1]]


class TestAddress:
    """The page on the wiki, else the report under its address, else the task."""

    @pytest.fixture
    def config(self):
        config = settings()
        return replace(
            config,
            reports_url="https://reports.example",
            phabricator=replace(config.phabricator, url="https://phab.example"),
        )

    def test_ends_the_line(self, watch, talk):
        assert "https://" not in only(say(watch, "tina", "!ir announce one"))[0]
        say(watch, "tina", "!ir task T123")
        assert only(say(watch, "tina", "!ir announce two"))[0].endswith("; two. https://phab.example/T123")
        talk.application.config.reports.mkdir(parents=True)
        (talk.application.config.reports / "incident-1.html").touch()
        assert only(say(watch, "tina", "!ir announce three"))[0].endswith(" https://reports.example/incident-1.html")


class TestWhoMay:
    """A trusted person, or the coordinator whom one gave the role or confirmed."""

    @pytest.mark.parametrize("line", ["!ir ic me", "!ir join"])
    def test_nobody_else(self, watch, line):
        say(watch, "bob", line)
        say(watch, "alice", "!ir add bob")
        say(watch, "bob", line)
        said = say(watch, "bob", "!ir announce")
        assert [to for to, _ in said] == [CHANNEL]
        assert "only the trusted people" in said[0][1]

    def test_the_coordinator_to_whom_a_trusted_person_gave_the_role(self, watch):
        say(watch, "tina", "!ir ic bob")
        assert only(say(watch, "bob", "!ir announce"))

    def test_the_coordinator_whom_a_trusted_person_confirms(self, watch):
        say(watch, "alice", "!ir ic bob")
        assert not only(say(watch, "bob", "!ir announce"))
        assert say(watch, "alice", "!ir ic bob") == [(CHANNEL, "b\u200bob is the coordinator already.")]
        assert say(watch, "tina", "!ir ic bob") == [
            (CHANNEL, "b\u200bob is confirmed as the coordinator of 1, and may use !ir announce.")
        ]
        assert only(say(watch, "bob", "!ir announce"))
        assert say(watch, "tina", "!ir ic bob") == [(CHANNEL, "b\u200bob is the coordinator already.")]

    def test_a_confirmation_can_be_taken_back(self, watch):
        say(watch, "alice", "!ir ic bob")
        say(watch, "tina", "!ir ic bob")
        say(watch, "tina", "!ir undo")
        assert not only(say(watch, "bob", "!ir announce"))

    def test_by_a_hand_off_of_a_trusted_person(self, watch):
        say(watch, "tina", "!ir handoff bob")
        say(watch, "bob", "!ir accept")
        assert only(say(watch, "bob", "!ir announce"))

    def test_not_by_a_hand_off_of_a_coordinator_who_was_confirmed(self, watch):
        say(watch, "tina", "!ir ic alice")
        say(watch, "alice", "!ir handoff bob")
        say(watch, "bob", "!ir accept")
        assert not only(say(watch, "bob", "!ir announce"))
        assert not only(say(watch, "alice", "!ir announce"))


class TestRefused:
    """What others may not hear, or have heard."""

    @pytest.mark.parametrize(
        ("before", "refusal"),
        [
            ("!ir private on", "1 is private: nobody elsewhere hears of it."),
            ("!ir cancel a test", "1 is cancelled; where it was announced, I correct that."),
        ],
    )
    def test_what_others_may_not_hear(self, watch, before, refusal):
        say(watch, "tina", before)
        assert say(watch, "tina", "!ir announce") == [(CHANNEL, refusal)]

    def test_a_drill(self, watch):
        say(watch, "alice", "!ir start! --drill practice")
        assert say(watch, "tina", "!ir announce") == [(CHANNEL, "2 is a drill: it is announced nowhere.")]

    def test_the_same_twice_unless_there_is_more_to_say(self, watch, talk):
        say(watch, "tina", "!ir announce")
        talk.later(minutes=2)
        assert say(watch, "tina", "!ir announce") == [
            (CHANNEL, "1 was announced so at 12:00: !ir announce TEXT says more.")
        ]
        assert only(say(watch, "tina", "!ir announce the bridge is open"))

    def test_what_does_not_fit_into_a_line(self, watch):
        said = say(watch, "tina", f"!ir announce {'word ' * 60}")
        assert said == [(CHANNEL, said[0][1])]
        assert said[0][1].startswith("That is too long for one line of an announcement: leave out ")

    def test_where_no_channel_is_set(self, watch, talk):
        object.__setattr__(talk.application.config, "announce_channels", ())
        assert say(watch, "tina", "!ir announce") == [
            (CHANNEL, "The settings name no channel for announcements ([irscribe] announce_channels).")
        ]


class TestChanges:
    """Whoever heard of an incident hears of each change of its state."""

    @pytest.fixture
    def told(self, watch):
        say(watch, "tina", "!ir announce")
        return watch

    def states(self, watch):
        return [
            (at, text.split(": ", 1)[1].replace(",", "").split()[0])
            for at, to, text in ((each.at, each.to, as_typed(each.text)) for each in watch.said)
            if to == NEWS
        ]

    def test_status_close_and_reopening_are_told_once_each(self, told):
        for line in ("status identified", "status monitoring", "close", "reopen"):
            told.say("alice", f"!ir {line}")
            told.wait(minutes=10, every=SLOWLY)
        assert [state for _, state in self.states(told)] == ["identified", "monitoring", "closed", "monitoring"]
        assert len([each for each in announced(told) if each[0] == STAFF]) == 4

    def test_what_changes_within_five_minutes_is_one_line_with_the_last_state(self, told):
        began = told.talk.now
        for line in ("status identified", "status monitoring", "status resolved"):
            told.say("alice", f"!ir {line}")
            told.wait(minutes=1)
        told.wait(minutes=10)
        assert [((at - began).total_seconds() / 60, state) for at, state in self.states(told)] == [(5, "resolved")]

    def test_what_is_taken_back_within_that_time_is_not_told(self, told):
        told.say("alice", "!ir status identified")
        told.wait(minutes=1)
        told.say("alice", "!ir undo")
        told.wait(minutes=30, every=SLOWLY)
        assert announced(told) == []

    def test_a_bot_that_is_killed_after_the_mark_says_it_never(self, told):
        told.wait(minutes=10, every=SLOWLY)
        told.say("alice", "!ir status identified")
        told.die()
        told.wait(minutes=30, every=SLOWLY)
        assert announced(told) == []
        told.say("alice", "!ir status monitoring")
        told.wait(minutes=1)
        assert [state for _, state in self.states(told)] == ["monitoring"]

    def test_a_bot_that_was_away_says_one_line(self, told):
        told.say("alice", "!ir status identified")
        told.say("alice", "!ir status monitoring")
        told.talk.later(days=1)
        told.restart()
        told.wait(minutes=10, every=SLOWLY)
        assert [state for _, state in self.states(told)] == ["monitoring"]

    def test_a_channel_in_which_the_bot_is_not_hears_it_later(self, told):
        del told.people[NEWS]
        told.say("alice", "!ir status identified")
        told.wait(minutes=30, every=SLOWLY)
        assert self.states(told) == []
        told.people[NEWS] = ("zoe",)
        told.wait(minutes=1)
        assert [state for _, state in self.states(told)] == ["identified"]

    @pytest.mark.parametrize("line", ["!ir mute", "!ir private on"])
    def test_nothing_is_told_of_a_muted_or_private_one(self, told, line):
        told.say("alice", line)
        told.say("alice", "!ir status identified")
        told.wait(hours=1, every=SLOWLY)
        assert announced(told) == []

    def test_nothing_is_told_of_one_that_was_never_announced(self, watch):
        watch.say("alice", "!ir status identified")
        watch.wait(hours=1, every=SLOWLY)
        assert announced(watch) == []


class TestCorrection:
    """A cancel corrects what was announced, whatever the settings say about changes."""

    @pytest.fixture(params=["ask", "trial"])
    def config(self, request):
        return settings(unasked=None if request.param == "trial" else Budget(3))

    def test_is_said_at_once_where_it_was_announced(self, watch):
        say(watch, "tina", "!ir announce")
        watch.say("alice", "!ir status identified")
        watch.wait(minutes=10, every=SLOWLY)
        assert announced(watch) == []
        watch.say("tina", "!ir cancel a test gone astray")
        watch.wait(minutes=1)
        line = (
            "Correction: incident 1 “API returns 500” in #incidents, announced here at 12:00, is cancelled: "
            "it was none."
        )
        assert announced(watch) == [(NEWS, line), (STAFF, line)]
        watch.wait(hours=1, every=SLOWLY)
        assert len(announced(watch)) == 2

    def test_and_so_is_a_cancel_that_is_taken_back(self, watch):
        say(watch, "tina", "!ir announce")
        watch.say("tina", "!ir cancel a test gone astray")
        watch.wait(minutes=1)
        watch.say("tina", "!ir undo")
        watch.wait(minutes=1)
        assert announced(watch)[-1][1].startswith("Incident 1 “API returns 500” in #incidents: investigating")

    def test_is_not_said_of_a_private_one(self, watch):
        say(watch, "tina", "!ir announce")
        watch.say("tina", "!ir private on")
        watch.say("tina", "!ir cancel a test gone astray")
        watch.wait(hours=1, every=SLOWLY)
        assert announced(watch) == []


class TestOwnChannel:
    """In the incident's own channel announcements share the budget of all that is said unasked there."""

    @pytest.fixture
    def config(self):
        return settings(announce=Announce.CHANGES, announce_channels=(CHANNEL, NEWS), unasked=Budget(1))

    def test_is_told_within_the_budget(self, watch):
        told = say(watch, "tina", "!ir announce")
        assert [to for to, _ in told] == [CHANNEL, CHANNEL, NEWS]
        watch.talk.later(minutes=10)
        told = say(watch, "tina", "!ir announce again")
        assert [to for to, _ in told] == [CHANNEL, NEWS]
        assert told[0][1] == (
            "I tell #news of 1, and again when its state changes; not #incidents itself, "
            "where I have said enough unasked."
        )

    def test_changes_too(self, watch):
        say(watch, "tina", "!ir announce")
        for line in ("status identified", "status monitoring"):
            watch.say("alice", f"!ir {line}")
            watch.wait(minutes=40, every=SLOWLY)
        own = [each for each in watch.said if each.to == CHANNEL]
        assert len(own) == 1


def test_a_redaction_names_where_a_title_was_announced(watch):
    say(watch, "tina", "!ir announce")
    assert "what was announced in #news and #staff" in say(watch, "tina", "!ir redact title held a name")[0][1]


def test_making_it_private_names_where_it_was_announced(watch):
    say(watch, "tina", "!ir announce")
    said = say(watch, "tina", "!ir private on")
    assert "It was announced in #news and #staff." in said[0][1]
