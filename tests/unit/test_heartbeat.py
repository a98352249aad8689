"""When the record is told that a channel can be heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.services.coverage.heartbeat import Heartbeat

WORD = datetime(2026, 11, 22, 15, 2, tzinfo=UTC)


@pytest.fixture
def events():
    return []


@pytest.fixture
def ear(events):
    ear = Heartbeat(events.append)
    ear.open("testnet", lambda: WORD)
    return ear


def enter(ear, channel):
    ear.enter(channel, said_before=WORD)
    ear.catch_up(channel)


def test_a_channel_is_heard_once_what_was_missed_has_been_read_back(ear, events):
    ear.enter("#Ops", said_before=WORD)
    ear.beat()
    assert events == []
    ear.catch_up("#ops")
    (come,) = events
    assert (type(come), come.network, come.channel, come.said_before) == (ChannelRejoined, "testnet", "#Ops", WORD)
    assert datetime.now(UTC) - come.at < timedelta(seconds=5)


def test_every_beat_says_until_when_the_server_was_heard(ear, events):
    enter(ear, "#ops")
    enter(ear, "#db")
    events.clear()
    ear.beat()
    assert events == [HeardUntil(network="testnet", channels=("#ops", "#db"), until=WORD)]


def test_who_is_sent_away_from_a_channel_hears_the_others_still(ear, events):
    enter(ear, "#ops")
    enter(ear, "#db")
    events.clear()
    ear.leave("#OPS")
    ear.beat()
    assert events == [
        HeardUntil(network="testnet", channels=("#ops",), until=WORD, over=True),
        HeardUntil(network="testnet", channels=("#db",), until=WORD),
    ]


def test_the_end_of_a_connection_is_told_once(ear, events):
    enter(ear, "#ops")
    events.clear()
    ear.close()
    ear.beat()
    ear.close()
    assert events == [HeardUntil(network="testnet", channels=("#ops",), until=WORD, over=True)]


def test_an_answer_about_a_channel_the_bot_has_left_is_no_return(ear, events):
    ear.enter("#ops", said_before=WORD)
    ear.leave("#ops")
    ear.catch_up("#ops")
    ear.enter("#db", said_before=WORD)
    ear.close()
    ear.catch_up("#db")
    assert events == []
