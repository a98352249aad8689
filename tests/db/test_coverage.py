"""A gap is said in the report, and once in the channel; lines that were kept for the bot are read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from irscribe.config import LogMode, LogModes, load
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.prose import without_ping
from tests.replies import LOGGED, NO_INCIDENTS, was_away
from tests.talk import CHANNEL, NETWORK, Talk


def extend(talk, *, over=False, channel=CHANNEL):
    talk.handle(HeardUntil(network=NETWORK, channels=(channel,), until=talk.now, over=over))
    return talk.now


def rejoin(talk, *, at=None, channel=CHANNEL):
    """The bot came at that moment, and now has everything that was kept for it; what it says."""
    at = at or talk.now
    back = ChannelRejoined(network=NETWORK, channel=channel, at=at, said_before=at)
    return [str(reply.text) for reply in talk.handle(back)]


def gaps(talk, number=1):
    return [(gap.begins, gap.ends) for gap in talk.report(number).gaps]


@pytest.fixture
def away(talk):
    """An incident is open; the bot left at 12:05 and is in the channel again since 12:09."""
    rejoin(talk)
    talk.say("alice", "!ir start API returns 500")
    talk.later(minutes=5)
    extend(talk, over=True)
    talk.later(minutes=4)
    return talk


def read_back(talk, nick, line, *, ago, **more):
    """Somebody said it so many minutes before the bot came back; it is read back now."""
    said_at = talk.now - timedelta(minutes=ago)
    return talk.say(nick, line, said_at=said_at, heard_at=talk.now + timedelta(seconds=1), read_back=True, **more)


def test_a_lost_connection_is_a_gap_of_the_live_incident_and_told_once(away):
    lost = away.now - timedelta(minutes=4)
    assert rejoin(away) == [was_away("12:05", "12:09")]
    assert gaps(away) == [(lost, away.now)]
    assert rejoin(away) == []
    assert gaps(away) == [(lost, away.now)]


def test_a_silence_that_comes_to_the_record_twice_is_one_gap(away):
    lost = away.now - timedelta(minutes=4)
    away.later(minutes=15)
    for _ in range(2):
        away.handle(HeardUntil(network=NETWORK, channels=(CHANNEL,), until=lost, over=True))
        assert rejoin(away) == [was_away("12:05", "12:24")]
    assert gaps(away) == [(lost, away.now)]


def test_while_the_channel_is_heard_there_is_no_gap(talk):
    rejoin(talk)
    talk.say("alice", "!ir start API returns 500")
    for _ in range(5):
        talk.later(seconds=10)
        extend(talk)
    assert gaps(talk) == []


def test_a_kill_is_a_gap_from_the_last_sign_of_life(talk):
    rejoin(talk)
    talk.say("alice", "!ir start API returns 500")
    talk.later(minutes=1)
    alive = extend(talk)
    talk.later(hours=2)
    rejoin(talk)
    assert gaps(talk) == [(alive, talk.now)]


def test_no_gap_covers_what_is_recorded(talk):
    rejoin(talk)
    talk.say("alice", "!ir start API returns 500")
    extend(talk)
    talk.later(seconds=8)
    talk.say("alice", "!log the last note before the kill")
    recorded = talk.now
    talk.later(minutes=1)
    rejoin(talk)
    assert gaps(talk) == [(recorded, talk.now)]


def test_a_gap_begins_with_the_incident_at_the_earliest(talk):
    rejoin(talk)
    talk.say("alice", "!ir start first")
    extend(talk)
    talk.say("alice", "!ir close")
    talk.later(days=1)
    opened = talk.now
    talk.say("alice", "!ir start second")
    talk.later(minutes=1)
    rejoin(talk)
    assert gaps(talk, 1) == []
    assert gaps(talk, 2) == [(opened, talk.now)]


def test_a_silence_of_less_than_a_second_is_none(talk):
    rejoin(talk)
    talk.say("alice", "!ir start API returns 500")
    extend(talk, over=True)
    talk.now += timedelta(milliseconds=900)
    assert rejoin(talk) == []
    assert gaps(talk) == []


def test_a_short_silence_is_told_to_the_second(talk):
    rejoin(talk)
    talk.say("alice", "!ir start API returns 500")
    extend(talk, over=True)
    talk.later(seconds=2)
    assert rejoin(talk) == [was_away("12:00:00", "12:00:02")]


def test_what_is_written_down_afterwards_was_not_missed(talk):
    rejoin(talk)
    talk.say("alice", "!ir start 2019-10-07 14:00 long ago")
    extend(talk, over=True)
    talk.later(hours=1)
    assert rejoin(talk) == []
    assert gaps(talk) == []


def test_a_silence_elsewhere_is_no_gap_here(away):
    rejoin(away, channel="#elsewhere")
    extend(away, over=True, channel="#elsewhere")
    away.later(hours=1)
    rejoin(away, channel="#elsewhere")
    assert gaps(away) == []


def test_what_is_known_to_be_heard_is_not_taken_back(away):
    late = HeardUntil(network=NETWORK, channels=(CHANNEL,), until=away.now - timedelta(minutes=6))
    away.handle(late)
    rejoin(away)
    assert gaps(away) == [(away.now - timedelta(minutes=4), away.now)]


def test_a_clock_that_was_set_back_hides_no_silence(talk):
    talk.later(hours=5)
    rejoin(talk)
    extend(talk)
    talk.later(hours=-5)
    talk.say("alice", "!ir start API returns 500")
    talk.later(minutes=5)
    lost = extend(talk)
    talk.later(minutes=4)
    assert rejoin(talk) == [was_away("12:05", "12:09")]
    assert gaps(talk) == [(lost, talk.now)]


def test_missed_notes_are_recorded_at_their_own_times_and_acknowledged_together(away):
    assert read_back(away, "alice", "!log failed over", ago=3) == []
    assert read_back(away, "bob", "!log 12:01 first alert", ago=2) == []
    assert rejoin(away) == [was_away("12:05", "12:09", read_back=f"#2 and #3 {LOGGED}")]
    entries = {entry.number: entry for entry in away.report().timeline}
    assert [f"{entries[number].at:%H:%M}" for number in (2, 3)] == ["12:06", "12:01"]
    assert entries[2].recorded_at > entries[2].at


def test_a_line_is_read_back_once_even_where_its_id_was_not_kept(away):
    read_back(away, "alice", "!log failed over", ago=3, msgid="m-1")
    read_back(away, "alice", "!log failed over", ago=3, msgid="m-1")
    read_back(away, "alice", "!log failed over", ago=3, msgid=None)
    assert away.texts() == ["Incident opened.", "failed over"]


def test_the_same_words_at_another_time_are_another_line(away):
    read_back(away, "alice", "!log still down", ago=3, msgid=None)
    read_back(away, "alice", "!log still down", ago=2, msgid=None)
    assert away.texts() == ["Incident opened.", "still down", "still down"]


def test_what_was_heard_before_the_bot_left_is_not_taken_again(talk):
    rejoin(talk)
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!log failed over")
    extend(talk, over=True)
    talk.later(minutes=1)
    read_back(talk, "alice", "!log failed over", ago=1, msgid=None)
    assert talk.texts() == ["Incident opened.", "failed over"]


def test_what_was_said_before_the_bot_ever_came_is_not_for_it(talk):
    read_back(talk, "alice", "!ir start long ago", ago=60)
    assert rejoin(talk) == []
    assert talk.say("alice", "!ir list") == [NO_INCIDENTS]


def test_missed_commands_are_carried_out_as_if_typed_then_and_named(away):
    read_back(away, "alice", "!ir sev 2", ago=3)
    read_back(away, "alice", "!ir status mitigated", ago=2)
    read_back(away, "bob", "!ir moove 1 12:00", ago=1)
    (said,) = rejoin(away)
    again = f"not taken, please type again: {without_ping('bob')} 12:08"
    assert said == was_away("12:05", "12:09", read_back=f"2 commands carried out; {again}")
    assert away.report().incident.severity == 2


def test_an_incident_that_was_opened_meanwhile_has_its_gap_from_there(talk):
    rejoin(talk)
    extend(talk, over=True)
    talk.later(minutes=9)
    read_back(talk, "alice", "!ir start API returns 500", ago=6)
    assert rejoin(talk) == [was_away("12:03", "12:09", read_back="1 command carried out")]
    assert gaps(talk) == [(talk.now - timedelta(minutes=6), talk.now)]


def test_missed_notes_that_no_incident_takes_are_kept_for_adopt(talk):
    rejoin(talk)
    extend(talk, over=True)
    talk.later(minutes=9)
    read_back(talk, "alice", "!log it broke", ago=6)
    assert rejoin(talk) == ["Read back what I missed: 1 note kept for !ir adopt."]


def test_a_quiet_channel_hears_nothing_of_the_notes_that_were_read_back(tmp_path):
    talk = Talk(tmp_path, config=replace(load(None), log_modes=LogModes(LogMode.QUIET)))
    rejoin(talk)
    talk.say("alice", "!ir start API returns 500")
    extend(talk, over=True)
    talk.later(minutes=4)
    read_back(talk, "alice", "!log for the other bot", ago=3)
    read_back(talk, "alice", "!note for us", ago=2)
    assert rejoin(talk) == [was_away("12:00", "12:04", read_back=f"#3 {LOGGED}")]
    assert talk.texts() == ["Incident opened.", "for the other bot", "for us"]
    talk.database.close()
