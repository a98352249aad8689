"""An incident that nobody opened: where several pages fire and go on firing, one line says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from irscribe.config import load
from irscribe.domain.alertlines import read_told
from irscribe.domain.alerts import StartSuggestion
from irscribe.domain.talk import Role
from tests.snapshot import expect_refusal
from tests.talk import CHANNEL, Talk
from tests.watch import Watch

pytestmark = pytest.mark.alike_on_postgresql


@pytest.fixture
def watch(talk):
    return Watch(talk)


def fire(watch: Watch, *names: str, over: bool = False, page: str = "#page", **more: object) -> None:
    for name in names:
        text = f"{'RESOLVED' if over else 'FIRING'}: {name}: it is broken {page}"
        watch.talk.chat("jinxer-wm", text, role=Role.ALERT_BOT, told=read_told(text), **more)


def test_two_pages_that_fire_for_five_minutes_are_one_line(watch):
    fire(watch, "Api", "T123 alice")
    assert watch.wait(minutes=4) == []
    (said,) = watch.wait(minutes=2)
    assert said.to == CHANNEL
    assert said.text == (
        "2 pages have been firing since 12:00, and no incident is open here: A\u200bpi, T\u200b123 a\u200blice. "
        "!ir start TITLE opens one; !ir dismiss says that none is needed."
    )
    assert "#page" not in said.text
    assert watch.wait(minutes=50) == []


def test_the_same_page_twice_is_one(watch):
    fire(watch, "A", "A", "A")
    assert watch.wait(minutes=30) == []


def test_what_is_no_page_does_not_count(watch):
    fire(watch, "A")
    fire(watch, "B", page="")
    assert watch.wait(minutes=30) == []


def test_pages_that_are_over_do_not_count(watch):
    fire(watch, "A", "B")
    watch.wait(minutes=3)
    fire(watch, "B", over=True)
    assert watch.wait(minutes=30) == []


def test_pages_too_far_apart_do_not_count(watch):
    fire(watch, "A")
    watch.wait(minutes=11)
    fire(watch, "B")
    assert watch.wait(minutes=9) == []
    fire(watch, "C")
    assert len(watch.wait(minutes=6)) == 1


def test_where_an_incident_is_open_nothing_is_suggested(watch):
    watch.say("bob", "!ir start API returns 500")
    watch.say("bob", "!ir ic me")
    fire(watch, "A", "B")
    assert watch.wait(minutes=20) == []


def test_the_pages_of_the_incident_that_was_closed_are_known(watch):
    fire(watch, "A", "B")
    watch.say("bob", "!ir start API returns 500")
    watch.wait(minutes=2)
    watch.say("bob", "!ir close")
    assert watch.wait(minutes=30) == []
    fire(watch, "C", "D")
    assert len(watch.wait(minutes=6)) == 1


def test_not_again_for_an_hour(watch):
    fire(watch, "A", "B")
    (first,) = watch.wait(minutes=10)
    for _ in range(6):
        fire(watch, "C", "D")
        watch.wait(minutes=9)
    assert len(watch.said) == 1
    (second,) = watch.wait(minutes=15)
    assert second.at - first.at >= timedelta(hours=1)


def test_once_dismissed_only_pages_that_fire_later_count(watch):
    fire(watch, "A", "B")
    (said,) = watch.say("alice", "!ir dismiss")
    assert said == "I suggest no incident for A, B; pages that fire from now on count again."
    fire(watch, "A", "B")
    assert watch.wait(minutes=30) == []
    fire(watch, "C", "D")
    assert len(watch.wait(minutes=6)) == 1
    assert len(watch.say("alice", "!ir dismiss")) == 1


def test_without_a_page_there_is_nothing_to_dismiss(watch):
    expect_refusal(watch.talk, "alice", "!ir dismiss", "nothing to dismiss")
    fire(watch, "A", page="")
    expect_refusal(watch.talk, "alice", "!ir dismiss", "nothing to dismiss")


def test_it_shares_the_budget_of_the_channel(watch):
    watch.say("alice", "!ir start API returns 500")
    watch.say("bob", "hm")
    assert len(watch.wait(minutes=10)) == 1
    watch.say("alice", "!ir cancel a mistake")
    fire(watch, "A", "B")
    assert watch.wait(minutes=14) == []
    assert len(watch.wait(minutes=2)) == 1


def test_a_bot_killed_before_the_line_was_said_never_says_it(watch):
    fire(watch, "A", "B")
    watch.talk.later(minutes=6)
    watch.nudging.look()
    (event,) = watch.due
    assert len(watch.talk.handle(event)) == 1  # marked and committed; the bot is killed here
    watch.restart()
    assert watch.wait(minutes=50) == []
    assert watch.talk.handle(event) == []


@pytest.mark.parametrize("settings", [{"suggest_start": None}, {"unasked": None}, {"recent": None}])
def test_the_settings_turn_it_off(tmp_path, settings):
    talk = Talk(tmp_path, config=replace(load(None), **settings))
    watch = Watch(talk)
    fire(watch, "A", "B")
    assert watch.wait(minutes=30) == []
    talk.database.close()


def test_the_settings_say_how_many(tmp_path):
    wanted = StartSuggestion(pages=3, within=timedelta(minutes=2))
    talk = Talk(tmp_path, config=replace(load(None), suggest_start=wanted))
    watch = Watch(talk)
    fire(watch, "A", "B")
    assert watch.wait(minutes=10) == []
    fire(watch, "C", "D", "E")
    assert len(watch.wait(minutes=6)) == 1
    talk.database.close()
