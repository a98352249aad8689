"""The report a conversation gives: order, outages, what is missing, what contradicts itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from irscribe.domain.missing import PARTS
from irscribe.domain.report import Kind
from tests.replies import LOGGED


@pytest.fixture
def talk(talk):
    """An incident opened at noon; an hour later people write down what happened."""
    talk.say("alice", "!ir start API returns 500")
    talk.later(hours=1)
    return talk


def clock(hour, minute=0):
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC)


def outages(talk):
    return [(each.begins, each.ends, each.scope) for each in talk.report().durations.outages]


def log(talk, *lines):
    for line in lines:
        assert LOGGED in talk.say("alice", f"!log {line}")[0]


def test_entries_stand_by_time_then_by_number(talk):
    log(talk, "12:30 third", "12:10 first", "12:30 fourth", "12:20 second")
    assert talk.texts() == ["Incident opened.", "first", "second", "third", "fourth"]


def test_an_entry_of_unknown_time_stands_behind_the_one_typed_before_it(talk):
    log(talk, "12:30 b", "??:?? behind b", "12:10 a", "??:?? behind a", "??:?? and this", "12:20 c")
    assert talk.texts() == ["Incident opened.", "a", "behind a", "and this", "c", "b", "behind b"]


def test_an_entry_of_unknown_time_follows_the_one_it_stands_behind(talk):
    log(talk, "12:30 b", "??:?? behind b", "12:10 a")
    talk.say("alice", "!ir move 2 12:05")
    assert talk.texts() == ["Incident opened.", "b", "behind b", "a"]


def test_an_entry_of_unknown_time_stands_behind_what_is_still_there(talk):
    log(talk, "12:30 b", "12:10 a", "??:?? lost")
    talk.say("alice", "!ir strike 3")
    assert talk.texts() == ["Incident opened.", "b", "lost"]


def test_entries_of_unknown_time_alone_keep_their_order(talk):
    talk.say("alice", "!ir start! 2019-10-07 14:00 wmcs-network")
    for text in ("one", "two", "three"):
        talk.later(minutes=-1)
        talk.say("alice", f"!log ??:?? {text}")
    assert talk.texts(2) == ["one", "two", "three"]
    talk.say("alice", "!log 13:00 four")
    assert talk.texts(2) == ["one", "two", "three", "four"]


def test_struck_and_redacted_entries_are_left_out_and_keep_their_numbers(talk):
    log(talk, "12:10 a", "12:20 b", "12:30 c")
    talk.say("alice", "!ir strike 2")
    talk.say("alice", "!ir redact 3 a password")
    assert [(each.number, each.text) for each in talk.report().timeline] == [(1, "Incident opened."), (4, "c")]


def test_a_marker_wins_over_every_other_kind(talk):
    talk.say("alice", "!ir update OUTAGE BEGINS for everybody")
    talk.say("alice", "!ir decided it is no OUTAGE")
    assert [each.kind for each in talk.report().timeline] == [Kind.LIFECYCLE, Kind.OUTAGE, Kind.DECISION]


def test_a_pair_of_markers_is_an_outage(talk):
    log(talk, "12:10 OUTAGE BEGINS", "12:40 OUTAGE ENDS")
    assert outages(talk) == [(clock(12, 10), clock(12, 40), None)]
    assert talk.report().durations.outage_minutes is None
    talk.say("alice", "!ir close")
    durations = talk.report().durations
    assert (durations.outage_minutes, durations.open_minutes) == (30, 60)


def test_the_end_of_a_part_does_not_end_the_whole(talk):
    log(talk, "12:10 OUTAGE BEGINS", "12:20 OUTAGE for most VMs ENDS", "12:40 USER-FACING TOOLFORGE OUTAGE ENDS")
    assert outages(talk) == [(clock(12, 10), None, None)]
    talk.say("alice", "!ir close")
    assert outages(talk) == [(clock(12, 10), clock(12, 40), None)]


def test_outages_of_their_own_scope_are_their_own(talk):
    for line in ("begins 12:10 NFS", "begins 12:15 DNS", "ends 12:20 NFS", "ends 12:30 DNS", "begins 12:40 NFS"):
        talk.say("alice", f"!ir outage {line}")
    assert outages(talk) == [
        (clock(12, 10), clock(12, 20), "for NFS"),
        (clock(12, 15), clock(12, 30), "for DNS"),
        (clock(12, 40), None, "for NFS"),
    ]
    talk.say("alice", "!ir close")
    assert talk.report().warnings == ("the outage “for NFS” that began at 2026-11-22 12:40 UTC has no end",)


def test_a_struck_marker_marks_nothing(talk):
    log(talk, "12:10 OUTAGE BEGINS", "12:40 OUTAGE ENDS")
    talk.say("alice", "!ir strike 2-3")
    assert outages(talk) == []


def test_start_and_end_are_as_set_else_the_markers_else_opening_and_closing(talk):
    talk.say("alice", "!ir close 12:50")
    span = lambda: (talk.report().metadata.start, talk.report().metadata.end)  # noqa: E731 - said once, read thrice
    assert span() == (clock(12), clock(12, 50))
    log(talk, "12:10 OUTAGE BEGINS", "12:40 OUTAGE ENDS")
    assert span() == (clock(12, 10), clock(12, 40))
    talk.say("alice", "!ir start-time 12:05")
    talk.say("alice", "!ir end-time 12:45")
    assert span() == (clock(12, 5), clock(12, 45))


def test_the_first_entry_after_the_start_is_counted_from_it(talk):
    log(talk, "12:10 OUTAGE BEGINS", "12:17 looking", "12:05 before it")
    assert talk.report().durations.to_first_entry_minutes == 7


def test_everything_is_missing_from_an_empty_report(talk):
    talk.say("alice", "!ir start! 2019-10-07 14:00")
    talk.say("alice", "!ir remove alice")
    talk.say("alice", "!ir close 2019-10-07 15:00")
    assert talk.report(2).missing == PARTS[:-1]


def test_the_scorecard_is_missing_only_once_it_is_closed(talk):
    assert "scorecard" not in talk.report().missing
    talk.say("alice", "!ir close")
    assert "scorecard" in talk.report().missing
    talk.say("alice", "!ir score yyyyyyyyyyyyyyy")
    assert "scorecard" not in talk.report().missing


def test_prose_that_contradicts_the_times_is_warned_of(talk):
    log(talk, "12:10 OUTAGE BEGINS", "12:40 OUTAGE ENDS")
    talk.say("alice", "!ir impact For about 2 hours nobody could log in.")
    assert talk.report().warnings == ("impact says “about 2 hours”; start and end are 30 min apart",)
    talk.say("alice", "!ir impact For 30 minutes nobody could log in.")
    assert talk.report().warnings == ()


def test_an_end_before_the_start_is_warned_of(talk):
    talk.say("alice", "!ir end-time 11:00")
    assert talk.report().warnings[0].startswith("end (2026-11-22 11:00 UTC) is before start")


def test_what_is_not_known_is_null_and_never_invented(talk):
    report = talk.report()
    assert (report.summary, report.impact, report.detection, report.scorecard) == (None, None, None, None)
    metadata = report.metadata
    assert (metadata.task, metadata.others, metadata.metrics, metadata.end) == (None, None, None, None)
    assert (metadata.people_paged.count, metadata.people_paged.text) == (None, None)
    assert report.incident.severity is None


def test_the_same_record_gives_the_same_report_at_any_later_time(talk):
    log(talk, "12:10 OUTAGE BEGINS", "??:?? somewhere")
    before = talk.report()
    talk.later(days=1000)
    assert talk.report() == before
