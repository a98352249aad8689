"""What the bot could not hear is said in the report."""

from __future__ import annotations

from datetime import timedelta

from irscribe.domain.hearing import Hearing
from tests.talk import NETWORK


def _hear(talk, *, again=False, network=NETWORK):
    talk.handle(Hearing(network=network, at=talk.now, again=again))
    return talk.now


def _gaps(talk, number=1):
    return [(gap.begins, gap.ends) for gap in talk.report(number).gaps]


def test_a_lost_connection_is_a_gap_of_the_live_incident(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.later(minutes=5)
    lost = _hear(talk)
    talk.later(minutes=2)
    back = _hear(talk, again=True)
    assert _gaps(talk) == [(lost, back)]


def test_while_the_network_is_heard_there_is_no_gap(talk):
    talk.say("alice", "!ir start API returns 500")
    for _ in range(5):
        talk.later(seconds=10)
        _hear(talk)
    assert _gaps(talk) == []


def test_a_kill_is_a_gap_from_the_last_sign_of_life(talk):
    talk.say("alice", "!ir start API returns 500")
    alive = _hear(talk)
    talk.later(hours=2)
    assert _hear(talk, again=True) > alive
    assert _gaps(talk) == [(alive, talk.now)]


def test_a_gap_begins_with_the_incident_at_the_earliest(talk):
    talk.say("alice", "!ir start first")
    _hear(talk)
    talk.say("alice", "!ir close")
    talk.later(days=1)
    opened = talk.now
    talk.say("alice", "!ir start second")
    talk.later(minutes=1)
    back = _hear(talk, again=True)
    assert _gaps(talk, 1) == []
    assert _gaps(talk, 2) == [(opened, back)]


def test_a_kill_right_after_the_start_is_a_gap_from_there(talk):
    talk.say("alice", "!ir start -2h API returns 500")
    heard = talk.now
    talk.later(minutes=3)
    assert _hear(talk, again=True) == talk.now
    assert _gaps(talk) == [(heard, talk.now)]


def test_a_silence_that_nobody_notices_is_no_gap(talk):
    talk.say("alice", "!ir start API returns 500")
    _hear(talk)
    talk.now += timedelta(milliseconds=900)
    _hear(talk, again=True)
    assert _gaps(talk) == []


def test_what_is_written_down_afterwards_was_not_missed(talk):
    talk.say("alice", "!ir start 2019-10-07 14:00 long ago")
    _hear(talk)
    talk.later(hours=1)
    _hear(talk, again=True)
    assert _gaps(talk) == []


def test_a_silence_elsewhere_is_no_gap_here(talk):
    talk.say("alice", "!ir start API returns 500")
    _hear(talk)
    talk.later(hours=1)
    _hear(talk, again=True, network="elsewhere")
    assert _gaps(talk) == []
