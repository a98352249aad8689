"""Events that nobody types again are recorded once the database takes them again: coverage, nicks, logins."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import replace
from queue import SimpleQueue

import pytest

from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.events import NamesakeJoined
from irscribe.domain.request import Identified, Left, Renamed
from irscribe.engine.writer import COMMITS_BEFORE_GIVING_UP, MOST_UNRECORDED, NOT_RECORDED
from models import Database
from tests.db.desk import SOON, Desk, locked
from tests.replies import LOGGED, logged, was_away
from tests.talk import CHANNEL, NETWORK, Talk

TAKES_NO_GAPS = "create trigger broken before insert on gap begin insert into nowhere values (1); end"


@contextmanager
def away(desk):
    """There is no database, until the end of the block."""
    elsewhere = desk.path.with_name("away.db")
    desk.path.rename(elsewhere)
    yield
    elsewhere.rename(desk.path)


def rename(desk, nick, new, **more):
    person = replace(desk.talk.person(nick), **more)
    desk.writer.submit(Renamed(person=person, network=NETWORK, nick=new))


def fall_silent(desk, *, minutes=4):
    """The bot leaves its channel now, and is back after so many minutes."""
    desk.writer.submit(HeardUntil(network=NETWORK, channels=(CHANNEL,), until=desk.talk.now, over=True))
    desk.talk.later(minutes=minutes)
    rejoin(desk)


def rejoin(desk):
    now = desk.talk.now
    desk.writer.submit(ChannelRejoined(network=NETWORK, channel=CHANNEL, at=now, said_before=now))


def see_refused(desk):
    """The events submitted before have not been recorded: a note behind them is refused."""
    assert desk.ask("!log while it is away") == NOT_RECORDED


def rounds(desk, count):
    """Let the writer look about so many times: it is woken by what people say to each other."""
    ticks = SimpleQueue()
    desk.writer.clock = lambda: ticks.put(None) or desk.talk.now
    for _ in range(count):
        desk.submit("mere talk")
        ticks.get(timeout=SOON)


def gaps(desk):
    return [(gap.begins, gap.ends) for gap in desk.talk.report().gaps]


def authors(desk):
    """The persons whom the record takes for the authors of the notes, in the order of the notes."""
    return [person for (person,) in desk.rows("select person from entry order by number")]


@pytest.fixture
def heard(desk):
    """The bot has heard its channel so far."""
    rejoin(desk)
    desk.ask("!log first alert")
    return desk


def test_a_silence_is_recorded_and_told_although_nobody_says_anything(heard):
    lost = heard.talk.now
    with away(heard):
        fall_silent(heard)
        see_refused(heard)
    assert heard.answers(1) == [was_away("12:00", "12:04")]
    assert gaps(heard) == [(lost, heard.talk.now)]


def test_what_is_owed_comes_before_the_next_note(heard, monkeypatch):
    monkeypatch.setattr("irscribe.engine.writer.RETRY_INTERVAL", 600.0)
    with away(heard):
        fall_silent(heard)
        see_refused(heard)
    heard.submit("!log afterwards")
    assert [said.partition(":")[0] for said in heard.answers(2)] == ["I was away 12", "#3 12"]


def test_who_changes_nick_meanwhile_or_logs_in_stays_who_they_were(heard):
    with locked(heard.path):
        heard.set_on_checkout("busy_timeout=50")
        rename(heard, "alice", "alicia")
        rename(heard, "mallory", "alice")
        rename(heard, "alicia", "alison", user="~alice", host="alice.example")
        see_refused(heard)
    alice = replace(heard.talk.person("alison"), user="~alice", host="alice.example")
    assert heard.ask("!log by alice", nick="alison", person=alice) == logged(3)
    with locked(heard.path):
        heard.writer.submit(Identified(person=replace(alice, account="alice"), network=NETWORK))
        see_refused(heard)
    heard.talk.accounts["dora"] = "alice"
    assert heard.ask("!log by dora, who is alice", nick="dora") == logged(4)
    mallory = replace(heard.talk.person("mallory"), nick="alice")
    assert heard.ask("!log by mallory", person=mallory) == logged(5)
    alice, *others, mallory = authors(heard)
    assert {alice} == {*others}
    assert mallory != alice


def test_a_nick_changes_hands_when_it_does_and_not_again_when_that_is_recorded(heard):
    with away(heard):
        rename(heard, "alice", "alicia")
        heard.writer.submit(Left(nick="bob"))
        rename(heard, "mallory", "alice")
        see_refused(heard)
        followed = [*heard.followed]
    assert followed == ["alice -> alicia", "bob", "mallory -> alice"]
    fall_silent(heard)
    heard.answers(1)
    assert heard.followed == followed


def test_a_database_that_takes_nothing_is_left_alone_for_a_while(heard, monkeypatch):
    monkeypatch.setattr("irscribe.engine.writer.RETRY_INTERVAL", 600.0)
    with away(heard):
        fall_silent(heard)
        see_refused(heard)
    rounds(heard, 3)
    assert gaps(heard) == []
    heard.submit("!log afterwards")
    heard.answers(2)
    assert len(gaps(heard)) == 1


def test_the_end_is_one_more_try(heard, monkeypatch, caplog):
    monkeypatch.setattr("irscribe.engine.writer.RETRY_INTERVAL", 600.0)
    with away(heard):
        fall_silent(heard)
        see_refused(heard)
    heard.writer.stop(SOON)
    assert len(gaps(heard)) == 1
    assert not any("lost" in each.getMessage() for each in caplog.records)


def test_what_is_owed_at_the_end_is_lost_and_logged_in_one_line(heard, caplog):
    with away(heard):
        fall_silent(heard)
        rename(heard, "alice", "alicia")
        heard.writer.submit(HeardUntil(network=NETWORK, channels=(CHANNEL,), until=heard.talk.now))
        heard.writer.submit(Left(nick="bob"))
        see_refused(heard)
        heard.writer.stop(SOON)
    assert [each.getMessage() for each in caplog.records if "lost" in each.getMessage()] == [
        "lost to the record, as the database takes nothing: 1 HeardUntil, 1 ChannelRejoined, 1 Renamed"
    ]


def test_of_too_much_the_oldest_is_lost_and_a_silence_is_rather_too_long(heard, monkeypatch, caplog):
    monkeypatch.setattr("irscribe.engine.writer.MOST_UNRECORDED", 2)
    heard.talk.later(minutes=5)
    with away(heard):
        fall_silent(heard)
        rename(heard, "alice", "alicia")
        see_refused(heard)
    assert heard.answers(1) == [was_away("12:00", "12:09")]
    lost = [each.getMessage() for each in caplog.records if "lost" in each.getMessage()]
    assert lost == ["lost to the record, as too much is owed to it: 1 HeardUntil"]
    assert MOST_UNRECORDED > 1000


def test_what_the_database_alone_does_not_take_holds_nobody_up_and_is_given_up(heard, caplog):
    heard.rows(TAKES_NO_GAPS)
    fall_silent(heard)
    for number in range(COMMITS_BEFORE_GIVING_UP):
        assert heard.ask(f"!log {number}").endswith(LOGGED)
    assert [each.getMessage() for each in caplog.records if "lost" in each.getMessage()] == [
        "lost to the record, as the database takes everything else: 1 ChannelRejoined"
    ]


def test_what_the_database_took_a_little_late_is_not_given_up(heard, caplog):
    heard.rows(TAKES_NO_GAPS)
    fall_silent(heard)
    for number in range(COMMITS_BEFORE_GIVING_UP - 1):
        heard.ask(f"!log {number}")
    heard.rows("drop trigger broken")
    assert heard.answers(1)[0].startswith("I was away ")
    assert not any("lost" in each.getMessage() for each in caplog.records)


def test_the_bot_that_lost_its_turn_is_owed_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("irscribe.engine.writer.RETRY_INTERVAL", 0.0)
    talk = Talk(tmp_path, alone=True)
    desk = Desk(talk)
    with closing(talk.database), closing(Database(str(talk.database.url), alone=True)) as other:
        talk.database.close()
        other.take_leader_lock()
        desk.writer.start()
        fall_silent(desk)
        see_refused(desk)
        rounds(desk, 3)
        other.close()
        assert "Incident 1 " in desk.ask("!ir start API returns 500")
        desk.writer.stop(SOON)
        assert desk.rows("select * from coverage") == []


def test_a_challenge_and_a_mistake_of_ours_are_not_owed(heard, caplog):
    with away(heard):
        rename(heard, "alice", "\ud800")
        see_refused(heard)
    heard.writer.stop(SOON)
    assert "a request failed and was rolled back" in caplog.text
    assert not any("lost" in each.getMessage() for each in caplog.records)
    assert [type(each).__name__ for each in heard.talk.adapter.refuse(NamesakeJoined(), NOT_RECORDED)] == ["StepDown"]
