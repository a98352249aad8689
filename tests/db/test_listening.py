"""What the bot could not hear is said in the report and once in the channel; what was kept for it is read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from irscribe.config import LogMode, LogModes, load
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.prose import without_ping
from tests.talk import CHANNEL, NETWORK, Talk


def hear(talk, *, over=False, channel=CHANNEL):
    talk.handle(HeardUntil(network=NETWORK, channels=(channel,), until=talk.now, over=over))
    return talk.now


def come_back(talk, *, at=None, channel=CHANNEL):
    """The bot came at that moment, and now has everything that was kept for it; what it says."""
    at = at or talk.now
    back = ChannelRejoined(network=NETWORK, channel=channel, at=at, said_before=at)
    return [str(reply.text) for reply in talk.handle(back)]


def gaps(talk, number=1):
    return [(gap.begins, gap.ends) for gap in talk.report(number).gaps]


@pytest.fixture
def away(talk):
    """An incident is open; the bot left at 12:05 and is in the channel again since 12:09."""
    come_back(talk)
    talk.say("alice", "!ir start API returns 500")
    talk.later(minutes=5)
    hear(talk, over=True)
    talk.later(minutes=4)
    return talk


def missed(talk, nick, line, *, ago, **more):
    """Somebody said it so many minutes before the bot came back; it is read back now."""
    said_at = talk.now - timedelta(minutes=ago)
    return talk.say(nick, line, said_at=said_at, heard_at=talk.now + timedelta(seconds=1), missed=True, **more)


def test_a_lost_connection_is_a_gap_of_the_live_incident_and_told_once(away):
    lost = away.now - timedelta(minutes=4)
    assert come_back(away) == ["I was away 12:05–12:09: what was said here then is not recorded."]
    assert gaps(away) == [(lost, away.now)]
    assert come_back(away) == []
    assert gaps(away) == [(lost, away.now)]


def test_a_silence_that_comes_to_the_record_twice_is_one_gap(away):
    lost = away.now - timedelta(minutes=4)
    away.later(minutes=15)
    for _ in range(2):
        away.handle(HeardUntil(network=NETWORK, channels=(CHANNEL,), until=lost, over=True))
        assert come_back(away) == ["I was away 12:05–12:24: what was said here then is not recorded."]
    assert gaps(away) == [(lost, away.now)]


def test_while_the_channel_is_heard_there_is_no_gap(talk):
    come_back(talk)
    talk.say("alice", "!ir start API returns 500")
    for _ in range(5):
        talk.later(seconds=10)
        hear(talk)
    assert gaps(talk) == []


def test_a_kill_is_a_gap_from_the_last_sign_of_life(talk):
    come_back(talk)
    talk.say("alice", "!ir start API returns 500")
    talk.later(minutes=1)
    alive = hear(talk)
    talk.later(hours=2)
    come_back(talk)
    assert gaps(talk) == [(alive, talk.now)]


def test_no_gap_covers_what_is_recorded(talk):
    come_back(talk)
    talk.say("alice", "!ir start API returns 500")
    hear(talk)
    talk.later(seconds=8)
    talk.say("alice", "!log the last note before the kill")
    recorded = talk.now
    talk.later(minutes=1)
    come_back(talk)
    assert gaps(talk) == [(recorded, talk.now)]


def test_a_gap_begins_with_the_incident_at_the_earliest(talk):
    come_back(talk)
    talk.say("alice", "!ir start first")
    hear(talk)
    talk.say("alice", "!ir close")
    talk.later(days=1)
    opened = talk.now
    talk.say("alice", "!ir start second")
    talk.later(minutes=1)
    come_back(talk)
    assert gaps(talk, 1) == []
    assert gaps(talk, 2) == [(opened, talk.now)]


def test_a_silence_of_less_than_a_second_is_none(talk):
    come_back(talk)
    talk.say("alice", "!ir start API returns 500")
    hear(talk, over=True)
    talk.now += timedelta(milliseconds=900)
    assert come_back(talk) == []
    assert gaps(talk) == []


def test_a_short_silence_is_told_to_the_second(talk):
    come_back(talk)
    talk.say("alice", "!ir start API returns 500")
    hear(talk, over=True)
    talk.later(seconds=2)
    assert come_back(talk) == ["I was away 12:00:00–12:00:02: what was said here then is not recorded."]


def test_what_is_written_down_afterwards_was_not_missed(talk):
    come_back(talk)
    talk.say("alice", "!ir start 2019-10-07 14:00 long ago")
    hear(talk, over=True)
    talk.later(hours=1)
    assert come_back(talk) == []
    assert gaps(talk) == []


def test_a_silence_elsewhere_is_no_gap_here(away):
    come_back(away, channel="#elsewhere")
    hear(away, over=True, channel="#elsewhere")
    away.later(hours=1)
    come_back(away, channel="#elsewhere")
    assert gaps(away) == []


def test_what_is_known_to_be_heard_is_not_taken_back(away):
    late = HeardUntil(network=NETWORK, channels=(CHANNEL,), until=away.now - timedelta(minutes=6))
    away.handle(late)
    come_back(away)
    assert gaps(away) == [(away.now - timedelta(minutes=4), away.now)]


def test_a_clock_that_was_set_back_hides_no_silence(talk):
    talk.later(hours=5)
    come_back(talk)
    hear(talk)
    talk.later(hours=-5)
    talk.say("alice", "!ir start API returns 500")
    talk.later(minutes=5)
    lost = hear(talk)
    talk.later(minutes=4)
    assert come_back(talk) == ["I was away 12:05–12:09: what was said here then is not recorded."]
    assert gaps(talk) == [(lost, talk.now)]


def test_missed_notes_are_recorded_at_their_own_times_and_acknowledged_together(away):
    assert missed(away, "alice", "!log failed over", ago=3) == []
    assert missed(away, "bob", "!log 12:01 first alert", ago=2) == []
    assert come_back(away) == ["I was away 12:05–12:09; read back: #2 and #3 logged."]
    entries = {entry.number: entry for entry in away.report().timeline}
    assert [f"{entries[number].at:%H:%M}" for number in (2, 3)] == ["12:06", "12:01"]
    assert entries[2].recorded_at > entries[2].at


def test_a_line_is_read_back_once_even_where_its_id_was_not_kept(away):
    missed(away, "alice", "!log failed over", ago=3, msgid="m-1")
    missed(away, "alice", "!log failed over", ago=3, msgid="m-1")
    missed(away, "alice", "!log failed over", ago=3, msgid=None)
    assert away.texts() == ["Incident opened.", "failed over"]


def test_the_same_words_at_another_time_are_another_line(away):
    missed(away, "alice", "!log still down", ago=3, msgid=None)
    missed(away, "alice", "!log still down", ago=2, msgid=None)
    assert away.texts() == ["Incident opened.", "still down", "still down"]


def test_what_was_heard_before_the_bot_left_is_not_taken_again(talk):
    come_back(talk)
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!log failed over")
    hear(talk, over=True)
    talk.later(minutes=1)
    missed(talk, "alice", "!log failed over", ago=1, msgid=None)
    assert talk.texts() == ["Incident opened.", "failed over"]


def test_what_was_said_before_the_bot_ever_came_is_not_for_it(talk):
    missed(talk, "alice", "!ir start long ago", ago=60)
    assert come_back(talk) == []
    assert talk.say("alice", "!ir list") == ["There are no incidents yet."]


def test_missed_commands_are_carried_out_as_if_typed_then_and_named(away):
    missed(away, "alice", "!ir sev 2", ago=3)
    missed(away, "alice", "!ir status mitigated", ago=2)
    missed(away, "bob", "!ir moove 1 12:00", ago=1)
    (said,) = come_back(away)
    assert said == (
        f"I was away 12:05–12:09; read back: 2 commands carried out; "
        f"not taken, please type again: {without_ping('bob')} 12:08."
    )
    assert away.report().incident.severity == 2


def test_an_incident_that_was_opened_meanwhile_has_its_gap_from_there(talk):
    come_back(talk)
    hear(talk, over=True)
    talk.later(minutes=9)
    missed(talk, "alice", "!ir start API returns 500", ago=6)
    assert come_back(talk) == ["I was away 12:03–12:09; read back: 1 command carried out."]
    assert gaps(talk) == [(talk.now - timedelta(minutes=6), talk.now)]


def test_missed_notes_that_no_incident_takes_are_kept_for_adopt(talk):
    come_back(talk)
    hear(talk, over=True)
    talk.later(minutes=9)
    missed(talk, "alice", "!log it broke", ago=6)
    assert come_back(talk) == ["Read back what I missed: 1 note kept for !ir adopt."]


def test_a_quiet_channel_hears_nothing_of_the_notes_that_were_read_back(tmp_path):
    talk = Talk(tmp_path, config=replace(load(None), log_modes=LogModes(LogMode.QUIET)))
    come_back(talk)
    talk.say("alice", "!ir start API returns 500")
    hear(talk, over=True)
    talk.later(minutes=4)
    missed(talk, "alice", "!log for the other bot", ago=3)
    missed(talk, "alice", "!note for us", ago=2)
    assert come_back(talk) == ["I was away 12:00–12:04; read back: #3 logged."]
    assert talk.texts() == ["Incident opened.", "for the other bot", "for us"]
    talk.database.close()
