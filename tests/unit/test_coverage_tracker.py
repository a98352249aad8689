"""The coverage tracker tells the record once a channel is heard, and until when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.services.coverage.tracker import CoverageTracker

HEARD_UNTIL = datetime(2026, 11, 22, 15, 2, tzinfo=UTC)
JOINED_AT = datetime(2026, 11, 22, 15, 7, tzinfo=UTC)


@pytest.fixture
def events():
    return []


@pytest.fixture
def tracker(events):
    tracker = CoverageTracker(events.append, clock=lambda: JOINED_AT)
    tracker.connect("testnet", CaseMapping.ASCII, lambda: HEARD_UNTIL)
    return tracker


def rejoin(tracker, channel):
    tracker.join(channel, said_before=HEARD_UNTIL)
    tracker.end_read_back(channel)


def test_a_channel_is_heard_once_its_gap_has_been_read_back(tracker, events):
    tracker.join("#Ops", said_before=HEARD_UNTIL)
    tracker.record()
    assert events == []
    tracker.end_read_back("#ops")
    (told,) = events
    assert told == ChannelRejoined(network="testnet", channel="#Ops", at=JOINED_AT, said_before=HEARD_UNTIL)


def test_every_record_says_until_when_the_channels_were_heard(tracker, events):
    rejoin(tracker, "#ops")
    rejoin(tracker, "#db")
    events.clear()
    tracker.record()
    assert events == [HeardUntil(network="testnet", channels=("#ops", "#db"), until=HEARD_UNTIL)]


def test_a_bot_that_leaves_a_channel_hears_the_others_still(tracker, events):
    rejoin(tracker, "#ops")
    rejoin(tracker, "#db")
    events.clear()
    tracker.leave("#OPS")
    tracker.record()
    assert events == [
        HeardUntil(network="testnet", channels=("#ops",), until=HEARD_UNTIL, over=True),
        HeardUntil(network="testnet", channels=("#db",), until=HEARD_UNTIL),
    ]


def test_the_end_of_a_connection_is_told_once(tracker, events):
    rejoin(tracker, "#ops")
    events.clear()
    tracker.disconnect()
    tracker.record()
    tracker.disconnect()
    assert events == [HeardUntil(network="testnet", channels=("#ops",), until=HEARD_UNTIL, over=True)]


def test_an_answer_about_a_channel_the_bot_has_left_is_no_return(tracker, events):
    tracker.join("#ops", said_before=HEARD_UNTIL)
    tracker.leave("#ops")
    tracker.end_read_back("#ops")
    tracker.join("#db", said_before=HEARD_UNTIL)
    tracker.disconnect()
    tracker.end_read_back("#db")
    assert events == []
