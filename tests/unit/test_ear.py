"""When the record is told that the network can be heard."""

from __future__ import annotations

from irscribe.ear import Ear


def _told(events):
    return [(event.network, event.again) for event in events]


def test_a_connection_ends_a_silence_and_every_beat_says_that_it_lasts():
    events = []
    ear = Ear(events.append)
    ear.open("testnet")
    ear.beat()
    assert _told(events) == [("testnet", True), ("testnet", False)]
    assert events[0].at <= events[1].at


def test_the_end_of_a_connection_is_the_last_that_was_heard():
    events = []
    ear = Ear(events.append)
    ear.open("testnet")
    ear.close()
    ear.beat()
    ear.close()
    assert _told(events) == [("testnet", True), ("testnet", False)]


def test_without_a_connection_nothing_is_heard():
    events = []
    ear = Ear(events.append)
    ear.beat()
    ear.close()
    assert events == []
