"""Whoever joins a channel while an incident is open there gets one line in private."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from irscribe.config import Switch, load
from irscribe.domain.mark import as_typed
from irscribe.domain.request import Renamed
from tests.talk import CHANNEL, NETWORK
from tests.watch import Watch

pytestmark = pytest.mark.alike_on_postgresql

LINE = (
    "In #incidents, incident 1 “API returns 500” is open: investigating, nobody coordinates it. "
    "!ir @1 recap sends you where it stands, !ir @1 join takes part."
)
SECONDS = timedelta(seconds=5)


@pytest.fixture
def config():
    return replace(load(None), greet=Switch(default=True))


@pytest.fixture
def watch(talk):
    watch = Watch(talk)
    watch.say("alice", "!ir start API returns 500")
    return watch


def greeted(watch, nick, **span):
    """Join; what the bot says in private meanwhile."""
    watch.join(nick)
    return [as_typed(each.text) for each in watch.wait(every=SECONDS, **(span or {"seconds": 10})) if each.to == nick]


def test_once_and_not_in_the_same_breath(watch):
    watch.join("zoe")
    assert watch.wait(seconds=4, every=timedelta(seconds=2)) == []
    assert greeted(watch, "zoe") == [LINE]
    assert greeted(watch, "zoe") == []
    watch.restart()
    assert greeted(watch, "zoe") == []


def test_each_incident_is_told(watch):
    assert greeted(watch, "zoe")
    watch.say("alice", "!ir close")
    watch.say("alice", "!ir start the next one")
    assert "incident 2" in greeted(watch, "zoe")[0]


@pytest.mark.parametrize("line", ["!ir join", "!log I was here before"])
def test_not_whoever_works_on_it_or_wrote_in_it(watch, line):
    watch.say("zoe", line)
    assert greeted(watch, "zoe") == []


def test_no_bot(watch):
    watch.bots.add("jinxer")
    assert greeted(watch, "jinxer") == []


def test_nobody_who_has_left_again(watch):
    watch.join("zoe")
    watch.people[CHANNEL] = ("alice",)
    assert watch.wait(seconds=20, every=SECONDS) == []


def test_whoever_changes_their_nick_meanwhile(watch, talk):
    watch.join("zoe")
    watch.people[CHANNEL] = ("alice", "zoe2")
    watch.nudging.rename(Renamed(person=talk.person("zoe"), network=NETWORK, nick="zoe2"))
    assert [each.to for each in watch.wait(seconds=10, every=SECONDS)] == ["zoe2"]


@pytest.mark.parametrize("line", ["!ir close", "!ir private on", "!ir mute"])
def test_nothing_of_one_that_is_over_private_or_muted(watch, line):
    watch.say("alice", line)
    assert greeted(watch, "zoe", minutes=2) == []


def test_a_crowd_is_told_four_a_minute_and_nobody_after_ten_minutes(watch):
    nicks = [f"n{count}" for count in range(60)]
    for each in nicks:
        watch.join(each)
    said = watch.wait(minutes=15, every=timedelta(seconds=15))
    told = [each for each in said if each.to in nicks]
    assert len({each.to for each in told}) == len(told)
    assert 36 <= len(told) <= 44
    per_minute = [
        sum(start <= each.at < start + timedelta(minutes=1) for each in told) for start in {e.at for e in told}
    ]
    assert max(per_minute) == 4


def test_a_bot_that_is_killed_after_the_mark_greets_nobody_twice(watch):
    watch.join("zoe")
    watch.talk.later(seconds=10)
    watch.die()
    assert greeted(watch, "zoe") == []


class TestOff:
    """By default, and beside other tools, nobody is greeted."""

    @pytest.fixture(params=["off", "trial"])
    def config(self, request):
        return load(None) if request.param == "off" else replace(load(None), greet=Switch(default=True), unasked=None)

    def test_nobody_is_greeted(self, watch):
        assert greeted(watch, "zoe", minutes=2) == []
