"""Of two bots on one database one is active, and each of them knows which."""

from __future__ import annotations

import re
from contextlib import ExitStack, closing
from dataclasses import replace
from time import monotonic

import pytest
from sqlalchemy.engine import make_url

from irscribe.adapter import Adapter
from irscribe.config import load
from irscribe.domain.errors import DatabaseError
from irscribe.domain.events import NamesakeJoined
from irscribe.engine.app import App
from irscribe.engine.leader import Leadership
from irscribe.services.application import build_application
from models import Database, VersionError
from tests.postgres import claim_free
from tests.proxy import Proxy
from tests.waiting import HANGS, wait_until

SOON = HANGS


class Bot:
    """One of the bots, with its database, its leadership, and a list of each begin and end."""

    def __init__(self, url) -> None:
        self.database = Database(url, alone=True)
        self.turns: list[str] = []
        self.standby = Leadership(
            self.database, begin=lambda: self.turns.append("begin"), end=lambda: self.turns.append("end")
        )


@pytest.fixture
def at_head():
    return True


@pytest.fixture
def bots(url):
    with ExitStack() as stack:
        first, second = Bot(url), Bot(url)
        for each in (first, second):
            stack.callback(each.database.close)
        yield first, second


def takes_over(standby):
    """True once a bot has the leader lock, which needs the server to notice that the other one is gone."""
    end = monotonic() + SOON
    while not standby.take():
        assert monotonic() < end, "the turn was never free"
    return True


def test_the_turn_is_taken_once_and_passes_on_when_its_owner_is_gone(bots, caplog):
    first, second = bots
    assert [first.standby.take(), second.standby.take(), first.standby.take(), second.standby.take()] == [
        True,
        False,
        True,
        False,
    ]
    first.database.close()
    assert takes_over(second.standby)
    assert not first.standby.take()
    assert (first.turns, second.turns) == (["begin", "end"], ["begin"])
    stands_by = (
        r"Another bot is at work on this database \(.+ since \d{4}-\d\d-\d\d \d\d:\d\d UTC\); this one stands by\."
    )
    said = [record.getMessage() for record in caplog.records]
    assert said[1] == "This bot takes over."
    assert [bool(re.fullmatch(stands_by, each)) for each in said] == [True, False, True]


def test_a_turn_that_is_offered_is_anybodys_and_comes_back_where_nobody_wants_it(postgresql):
    first, second = Bot(postgresql), Bot(postgresql)
    with closing(first.database), closing(second.database):
        assert first.standby.take()
        first.standby.offer()
        assert not first.standby.is_active
        assert takes_over(first.standby)
        first.standby.offer()
        assert takes_over(second.standby)
        assert not first.standby.take()
    assert (first.turns, second.turns) == (["begin", "end", "begin", "end"], ["begin"])


def test_a_turn_is_kept_while_the_database_is_out_of_reach_for_nobody_else_can_have_it(postgresql):
    url = make_url(postgresql)
    with Proxy((url.host, url.port)) as proxy:
        way = url.set(host="127.0.0.1", port=proxy.address[1]).render_as_string(hide_password=False)
        bot = Bot(way)
        with closing(bot.database):
            assert bot.standby.take()
            proxy.close()
            bot.standby.offer()
            assert bot.standby.is_active


def test_a_bot_whose_turn_nobody_else_has_speaks_of_no_other_bot(postgresql, caplog):
    bot = Bot(postgresql)
    with closing(bot.database):
        assert bot.standby.take()
        bot.database.release_leader_lock()
        bot.standby.start()
        wait_until(lambda: not bot.standby.is_active, SOON, "the next sign of life did not find the turn gone")
        bot.standby.stop()
        assert takes_over(bot.standby)
    assert bot.turns == ["begin", "end", "begin"]
    assert caplog.records == []


def test_a_bot_that_lost_its_database_for_a_moment_speaks_of_no_other_bot(postgresql, caplog):
    url = make_url(postgresql)
    with Proxy((url.host, url.port)) as proxy:
        bot = Bot(url.set(host="127.0.0.1", port=proxy.address[1]).render_as_string(hide_password=False))
        with closing(bot.database):
            assert bot.standby.take()
            proxy.cut()
            assert bot.standby.take()
            assert "It cannot be known which bot is the active one" in caplog.text
            proxy.mend()
            assert takes_over(bot.standby)
    assert bot.turns == ["begin"]
    assert "nother bot" not in caplog.text


def test_a_file_is_not_offered_to_anybody(sqlite):
    bot = Bot(sqlite)
    assert bot.standby.take()
    bot.standby.offer()
    assert bot.standby.is_active
    bot.database.close()


def test_a_database_that_goes_away_while_the_turn_is_taken_is_tried_again_and_a_newer_one_is_not(postgresql, caplog):
    failing = [DatabaseError("The database does not open: gone."), VersionError("The database is newer.")]

    def begin() -> None:
        if failing:
            raise failing.pop(0)

    with closing(Database(postgresql, alone=True)) as database, closing(Database(postgresql, alone=True)) as other:
        standby = Leadership(database, begin=begin, end=lambda: None)
        assert not standby.take()
        assert "It cannot be known which bot is the active one: The database does not open: gone" in caplog.text
        claim_free(other)
        other.release_leader_lock()
        with pytest.raises(VersionError):
            takes_over(standby)
        assert not standby.is_active


def test_a_name_taken_by_somebody_ends_no_turn_on_a_file_that_nobody_else_can_reach(sqlite):
    bot = Bot(sqlite)
    assert bot.standby.take()
    bot.standby.give_way()
    assert bot.standby.is_active
    bot.database.close()


@pytest.fixture
def apps(tmp_path, url):
    """Two whole apps; the first one has the turn."""
    application = build_application(replace(load(None), database=url, reports=tmp_path / "reports"))
    first, second = App(application, Adapter), App(application, Adapter)
    for each in (first, second):
        each.start()
    assert first.take_leader_lock()
    assert not second.take_leader_lock()
    yield first, second
    for each in (first, second):
        each.stop(SOON)


def test_what_is_not_said_for_want_of_the_turn_is_in_the_log_once_with_how_often(apps, filed, tmp_path, url, caplog):
    frozen = App(build_application(replace(load(None), database=url, reports=tmp_path / "reports")), Adapter)
    for nick in ("alice", "bob", "alice"):
        frozen.submit(filed.request(nick, "!log a note"))
    frozen.submit(filed.request("alice", "!log a note", channel="#ops"))
    frozen.start()
    frozen.stop(SOON)
    said = [record.getMessage() for record in caplog.records if "another bot is the active one" in record.getMessage()]
    refusal = said[1].removeprefix("not said to #ops, as another bot is the active one: ")
    assert said == [
        f"not said to #incidents, as another bot is the active one: {refusal} (3 times)",
        f"not said to #ops, as another bot is the active one: {refusal}",
    ]


def test_a_connection_made_while_the_turn_was_lost_is_left_at_once(apps):
    left: list[str] = []
    for name, app in zip(("first", "second"), apps, strict=True):
        app.on_step_down(lambda name=name: left.append(name))
    assert left == ["second"]


def test_a_challenge_is_answered_by_the_database_and_only_where_that_is_gone_by_leaving(apps):
    left: list[str] = []
    first, _ = apps
    first.on_step_down(lambda: left.append("first"))
    first.submit(NamesakeJoined())
    first.stop(SOON)
    assert left == []
