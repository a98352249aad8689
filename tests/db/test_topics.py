"""The topic of a channel: one segment of it is the bot's, while a public incident is open there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from irscribe.config import Switch, load
from tests.talk import CHANNEL
from tests.watch import Watch

pytestmark = pytest.mark.alike_on_postgresql

SLOWLY = timedelta(minutes=5)
"""How often the bot looks while nothing is expected."""
WELCOME = "Welcome | docs: https://example.org/x | on call: bob"


def segment(text):
    return f"{WELCOME} [irscribe {text}]"


@pytest.fixture
def config():
    return replace(load(None), topic=Switch(default=True))


@pytest.fixture
def watch(talk):
    watch = Watch(talk)
    watch.topics[CHANNEL] = WELCOME
    return watch


@pytest.fixture
def opened(watch):
    watch.say("alice", "!ir start API returns 500")
    watch.look()
    assert watch.topics[CHANNEL] == segment("1: investigating")
    return watch


def minutes(watch, of):
    return [(at - of).total_seconds() / 60 for at, _ in watch.topics_set]


def test_follows_status_and_coordinator_at_most_every_five_minutes(opened):
    began = opened.talk.now
    opened.say("alice", "!ir ic me")
    opened.wait(minutes=2)
    opened.say("alice", "!ir status monitoring")
    opened.wait(minutes=4)
    assert opened.topics[CHANNEL] == segment("1: monitoring, IC alice")
    assert minutes(opened, began) == [0, 5]


def test_is_taken_out_at_the_close_and_what_people_wrote_is_as_before(opened):
    opened.wait(minutes=10, every=SLOWLY)
    opened.say("alice", "!ir close")
    opened.wait(minutes=1)
    assert opened.topics[CHANNEL] == WELCOME
    opened.wait(hours=1, every=SLOWLY)
    assert len(opened.topics_set) == 2


def test_words_that_somebody_adds_meanwhile_stay(opened):
    opened.topics[CHANNEL] = segment("1: investigating") + " | see you at the bridge"
    opened.wait(minutes=10, every=SLOWLY)
    opened.say("alice", "!ir status resolved")
    opened.wait(minutes=1)
    assert opened.topics[CHANNEL] == segment("1: resolved") + " | see you at the bridge"
    opened.wait(minutes=10, every=SLOWLY)
    opened.say("alice", "!ir close")
    opened.wait(minutes=1)
    assert opened.topics[CHANNEL] == WELCOME + " | see you at the bridge"


@pytest.mark.parametrize("restarts", [False, True])
def test_is_never_put_back_once_somebody_has_removed_it(opened, restarts):
    opened.topics[CHANNEL] = "Something else"
    if restarts:
        opened.restart()
    opened.wait(minutes=10, every=SLOWLY)
    opened.say("alice", "!ir status monitoring")
    opened.wait(hours=1, every=SLOWLY)
    opened.say("alice", "!ir close")
    opened.say("alice", "!ir reopen")
    opened.wait(hours=1, every=SLOWLY)
    assert opened.topics[CHANNEL] == "Something else"
    assert len(opened.topics_set) == 1


def test_the_next_incident_gets_its_own(opened):
    opened.topics[CHANNEL] = WELCOME
    opened.wait(minutes=10, every=SLOWLY)
    opened.say("alice", "!ir close")
    opened.say("alice", "!ir start the next one")
    opened.wait(minutes=1)
    assert opened.topics[CHANNEL] == segment("2: investigating")


def test_an_older_one_that_somebody_copied_back_is_brought_up_to_date(opened):
    opened.wait(minutes=10, every=SLOWLY)
    opened.say("alice", "!ir status monitoring")
    opened.wait(minutes=6)
    opened.topics[CHANNEL] = "New | " + segment("1: investigating")
    opened.wait(minutes=1)
    assert opened.topics[CHANNEL] == "New | " + segment("1: monitoring")


def test_a_bot_that_is_killed_before_it_was_set_sets_it_later(watch):
    watch.say("alice", "!ir start API returns 500")
    watch.die()
    assert watch.topics[CHANNEL] == WELCOME
    watch.wait(minutes=6)
    assert watch.topics[CHANNEL] == segment("1: investigating")


def test_a_bot_that_is_killed_after_it_was_set_does_not_set_it_again(opened):
    opened.restart()
    opened.wait(hours=1, every=SLOWLY)
    assert len(opened.topics_set) == 1
    opened.say("alice", "!ir close")
    opened.wait(minutes=1)
    assert opened.topics[CHANNEL] == WELCOME


def test_a_bot_that_is_killed_at_a_change_or_at_the_end_does_it_later(opened):
    opened.wait(minutes=10, every=SLOWLY)
    opened.say("alice", "!ir status monitoring")
    opened.die()
    assert opened.topics[CHANNEL] == segment("1: investigating")
    opened.wait(minutes=6)
    assert opened.topics[CHANNEL] == segment("1: monitoring")
    opened.wait(minutes=6)
    opened.say("alice", "!ir close")
    opened.die()
    assert opened.topics[CHANNEL] == segment("1: monitoring")
    opened.wait(minutes=6)
    assert opened.topics[CHANNEL] == WELCOME


def test_one_that_was_lost_on_the_way_is_no_reason_to_give_up(watch):
    watch.loses_topics = True
    watch.say("alice", "!ir start API returns 500")
    watch.wait(minutes=2)
    watch.loses_topics = False
    watch.wait(minutes=6)
    assert watch.topics[CHANNEL] == segment("1: investigating")


def test_goes_at_once_when_the_incident_becomes_private(opened):
    opened.say("alice", "!ir private on")
    opened.look()
    assert opened.topics[CHANNEL] == WELCOME
    opened.wait(hours=1, every=SLOWLY)
    assert len(opened.topics_set) == 2


@pytest.mark.parametrize("option", ["--private", "--drill"])
def test_names_neither_private_incidents_nor_drills(watch, option):
    watch.say("alice", f"!ir start {option} API returns 500")
    watch.wait(hours=1, every=SLOWLY)
    assert watch.topics_set == []


def test_is_taken_out_of_a_cancelled_incident(opened):
    opened.say("alice", "!ir cancel a test gone astray")
    opened.wait(minutes=10, every=SLOWLY)
    assert opened.topics[CHANNEL] == WELCOME


def test_says_less_where_there_is_little_room(watch):
    watch.topics[CHANNEL] = "x" * 280
    watch.say("alice", "!ir start API returns 500")
    watch.look()
    assert watch.topics[CHANNEL] == "x" * 280 + " [irscribe 1]"


def test_and_nothing_where_there_is_none(watch):
    watch.topics[CHANNEL] = "ü" * 148
    watch.say("alice", "!ir start API returns 500")
    watch.wait(hours=1, every=SLOWLY)
    assert watch.topics_set == []


def test_a_muted_incident_leaves_it_as_it_is_until_the_close(opened):
    opened.say("alice", "!ir mute")
    opened.say("alice", "!ir status monitoring")
    opened.wait(hours=1, every=SLOWLY)
    assert opened.topics[CHANNEL] == segment("1: investigating")
    opened.say("alice", "!ir close")
    opened.wait(minutes=1)
    assert opened.topics[CHANNEL] == WELCOME


def test_two_incidents_in_a_channel_share_the_place_of_the_current_one(opened):
    opened.wait(minutes=10, every=SLOWLY)
    opened.say("alice", "!ir start! a second one")
    opened.wait(minutes=1)
    assert opened.topics[CHANNEL] == segment("2: investigating")
    opened.wait(minutes=10, every=SLOWLY)
    opened.say("alice", "!ir close")
    opened.wait(minutes=1)
    assert opened.topics[CHANNEL] == segment("1: investigating")


class TestOff:
    """Without the setting, and beside other tools, the topic is left alone."""

    @pytest.fixture(params=["off", "unasked"])
    def config(self, request):
        if request.param == "off":
            return load(None)
        return replace(load(None), topic=Switch(default=True), unasked=None)

    def test_nothing_is_set(self, watch):
        watch.say("alice", "!ir start API returns 500")
        watch.wait(hours=1, every=SLOWLY)
        assert watch.topics_set == []
