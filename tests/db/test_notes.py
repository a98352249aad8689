"""Notes: the lines of the timeline as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from irscribe.domain.moment import Precision
from irscribe.domain.report import Kind
from tests.replies import logged, public_update_logged, unread_time
from tests.snapshot import record, refused
from tests.talk import NOON


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


@pytest.fixture
def afterwards(talk):
    talk.say("alice", "!ir start 2019-10-07 14:00 wmcs-network")
    return talk


def times(talk, number=1):
    return {entry.text: entry.at and f"{entry.at:%m-%d %H:%M:%S}" for entry in talk.report(number).timeline}


def entry(talk, text, number=1):
    return next(each for each in talk.report(number).timeline if each.text == text)


def test_a_note_without_a_time_has_the_one_the_server_says_it_was_said_at(opened):
    said = NOON + timedelta(seconds=7, microseconds=123456)

    assert opened.say("bob", "!log the site is slow", said_at=said) == [logged(2)]

    found = entry(opened, "the site is slow")
    assert (found.at, found.precision) == (said.replace(microsecond=0), Precision.SECOND)
    assert (found.kind, found.author.nick) == (Kind.NOTE, "bob")


def test_log_and_note_are_the_same(opened):
    assert opened.say("bob", "!log one") == [logged(2)]
    assert opened.say("bob", "!note two") == [logged(3)]
    assert opened.texts()[1:] == ["one", "two"]


@pytest.mark.parametrize(
    ("typed", "shown", "text"),
    [
        ("11:40 slow", "11:40", "slow"),
        ("11:40:05 slow", "11:40", "slow"),
        ("11:40Z slow", "11:40", "slow"),
        ("11:40 UTC slow", "11:40", "slow"),
        ("11:40 GMT: slow", "11:40", "slow"),
        ("13:40+02:00 slow", "11:40", "slow"),
        ("13:40 +0200 slow", "11:40", "slow"),
        ("06:40 -0500 slow", "11:40", "slow"),
        ("~11:40 slow", "11:40 (approximately)", "slow"),
        ("11:40 (approximately) slow", "11:40 (approximately)", "slow"),
        ("ca. 11:40 slow", "11:40 (approximately)", "slow"),
        ("[11:40] slow", "11:40", "slow"),
        ("(11:40) – slow", "11:40", "slow"),
        ("11:00-11:30 slow", "11:00 – 11:30", "slow"),
        ("11:00 - 11:30: slow", "11:00 – 11:30", "slow"),
        ("11:00–13:30 slow", "11:00 – 13:30", "slow"),
        ("-10m slow", "11:50", "slow"),
        ("-1h30m slow", "10:30", "slow"),
        ("10m ago slow", "11:50", "slow"),
        ("now slow", "12:00", "slow"),
        ("??:?? slow", "??:??", "slow"),
        ("yesterday 23:50 slow", "2026-11-21 23:50", "slow"),
        ("yesterday at 23:50 slow", "2026-11-21 23:50", "slow"),
        ("2026-11-22 at 11:40 slow", "11:40", "slow"),
        ("2026-11-22 11:40 slow", "11:40", "slow"),
        ("2026-11-22T04:40-07:00 slow", "11:40", "slow"),
        ("at 11:40 slow", "11:40", "slow"),
        ("2240 hosts down", "12:00", "2240 hosts down"),
        ("1003 is back", "12:00", "1003 is back"),
        ("2026-11-22T11:40Z slow", "11:40", "slow"),
        ("2026-11-20 slow", "2026-11-20", "slow"),
        ("2026-11-20 - 2026-11-21 slow", "2026-11-20 – 2026-11-21", "slow"),
        ("-2d slow", "2026-11-20 12:00", "slow"),
        ("23:50 slow", "2026-11-21 23:50", "slow"),
        ("12:05 slow", "12:05", "slow"),
        ("2 servers down", "12:00", "2 servers down"),
        ("3.5k errors", "12:00", "3.5k errors"),
        ("10x traffic", "12:00", "10x traffic"),
        ("80:20 rule", "12:00", "80:20 rule"),
        ("10:20:30:40:50:60 flapping", "12:00", "10:20:30:40:50:60 flapping"),
        ("+20% latency", "12:00", "+20% latency"),
        (">50% of pages", "12:00", ">50% of pages"),
        ("^caret is text", "12:00", "^caret is text"),
        ("helped bob", "12:00", "helped bob"),
    ],
)
def test_a_time_in_front_says_when_it_happened(opened, typed, shown, text):
    assert opened.say("bob", f"!log {typed}") == [logged(2, at=shown)]
    assert text in opened.texts()


@pytest.mark.parametrize(
    ("typed", "guess"),
    [
        ("11:40ish it broke", "~11:40"),
        ("3pm it broke", "~15:00"),
        ("from 11:00 to 11:30 it broke", "11:00-11:30"),
        ("11.40 it broke", "11:40"),
        ("1.45 it broke", "01:45"),
        ("1140 it broke", "11:40"),
        ("1:4 it broke", "01:04"),
        ("01h45 it broke", "01:45"),
        ("T-5m it broke", "11:55"),
        ("T-5 it broke", "11:55"),
        ("+10m it broke", "11:50"),
        ("T-1h30m it broke", "10:30"),
        ("T-13h it broke", "2026-11-21 23:00"),
        ("half an hour ago it broke", "~11:30"),
        ("noon it broke", "~12:00"),
        ("yesterday it broke", "2026-11-21"),
        ("Nov 21 22:40 it broke", "2026-11-21 22:40"),
        ("21.11. 22:40 it broke", "2026-11-21 22:40"),
    ],
)
def test_text_that_looks_like_a_time_is_logged_now_and_says_so(opened, typed, guess):
    assert opened.say("bob", f"!log {typed}") == [logged(2) + unread_time(2, guess)]
    assert typed in opened.texts()
    assert opened.say("bob", f"!ir move 2 {guess}")[0].endswith(" moved")


@pytest.mark.parametrize(
    ("typed", "shown", "guess"),
    [
        ("01:30 to 01:40 hi", "01:30", "01:30-01:40"),
        ("2026-11-21 22.40 hi", "2026-11-21", "2026-11-21 22:40"),
    ],
)
def test_a_time_of_which_a_part_was_not_read_says_so(opened, typed, shown, guess):
    assert opened.say("bob", f"!log {typed}") == [logged(2, at=shown) + unread_time(2, guess, read=shown)]
    assert opened.say("bob", f"!ir move 2 {guess}")[0].endswith(" moved")


def test_afterwards_a_time_that_is_not_read_is_refused_with_the_one_to_type(afterwards):
    said = refused(afterwards, "bob", "!log Oct 7 22:40 it broke")
    assert "“Oct 7 22:40” is no time I can read: type 2019-10-07 22:40" in said
    assert "“22.40” is no time I can read: type 22:40" in refused(afterwards, "bob", "!ir update 22.40 it broke")


def test_a_note_after_the_close_that_is_kept_says_that_its_time_was_not_read(opened):
    opened.say("alice", "!ir close")

    said = opened.say("alice", "!log 22.40 it broke")[0]

    assert said.startswith("“22.40” is no time I can read: type 22:40. Incident 1 ")
    assert "kept for an hour" in said
    assert "no time" not in opened.say("alice", "!log it broke again")[0]


def test_a_public_update_has_the_hint_too(opened):
    said = opened.say("bob", "!ir public 11.40 posted “investigating”")
    assert said == [public_update_logged(2) + unread_time(2, "11:40")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("begins yesterday", "!ir outage begins 2026-11-21 [SCOPE]"),
        ("ends 11.40 NFS", "!ir outage ends 11:40 [SCOPE]"),
        ("begins 11:00 to 11:30", "!ir outage begins 11:00-11:30 [SCOPE]"),
    ],
)
def test_an_outage_takes_no_unread_time_for_its_scope(opened, typed, meant):
    assert meant in refused(opened, "bob", f"!ir outage {typed}")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "!log"),
        ("   ", "!log"),
        ("\x02\x02", "!log"),
        ("15:40", "no text"),
        ("11:40 –", "no text"),
        ("now", "no text"),
        ("25:10 x", "00:00"),
        ("11:60 x", "00:00"),
        ("11:40 CET x", "offset"),
        ("2026-11-22 12:06 x", "future"),
        ("12:06 x", "2026-11-21 12:06"),
        ("13:00 x", "2026-11-21 13:00"),
        ("11:30-11:20 x", "2026-11-22 11:20 - 2026-11-22 11:30, or 2026-11-22 11:30 - 2026-11-23 11:20"),
        ("2026-11-21 21:14-07:00 x", "2026-11-21T21:14-07:00"),
        ("2026-11-21 21:14-07:00 x", "2026-11-21 21:14 - 07:00"),
        ("2026-11-23 01:00 x", "future"),
        ("2026-02-30 10:00 x", "date"),
        ("--force x", "--force"),
        ("-x y", "-x"),
        ("— dash", "—"),
        ("@99 text", "99"),
        ("@1", "no text"),
        ("+", "no text"),
        ("+|", "no text"),
        ("^", "!log"),
        ("^ bob", "!log"),
        ("^ bob the words", "!log"),
    ],
)
def test_what_cannot_be_logged_is_refused_in_one_line_and_changes_nothing(opened, typed, said):
    opened.say("bob", "!log something to stand on")

    assert said in refused(opened, "bob", f"!log {typed}")


def test_help_is_answered_and_logged_nowhere(opened):
    before = record(opened)

    assert "!log [WHEN] TEXT" in opened.say("bob", "!log help")[0]
    assert "!log [WHEN] TEXT" in opened.say("bob", "!note HELP")[0]
    assert record(opened) == before


def test_a_line_delivered_twice_is_recorded_once_and_the_second_is_silent(opened):
    assert opened.say("bob", "!log once", msgid="same") == [logged(2)]
    before = record(opened)

    assert opened.say("bob", "!log once", msgid="same") == []
    assert record(opened) == before


def test_a_refused_line_delivered_twice_is_refused_once(opened):
    assert len(opened.say("bob", "!log 25:10 x", msgid="same")) == 1
    assert opened.say("bob", "!log 25:10 x", msgid="same") == []


def test_logging_alone_makes_nobody_a_responder(opened):
    opened.say("bob", "!log the site is slow")

    assert [each.name for each in opened.report().metadata.responders] == ["alice"]


def test_two_people_at_the_same_moment_get_numbers_of_their_own(opened):
    assert opened.say("bob", "!log one") == [logged(2)]
    assert opened.say("carol", "!log one") == [logged(3)]
    assert [each.author.nick for each in opened.report().timeline] == ["alice", "bob", "carol"]


def test_a_marker_in_the_text_makes_the_entry_an_outage(opened):
    opened.say("bob", "!log 11:40 OUTAGE BEGINS")
    opened.say("bob", "!log 11:50 all back, USER-FACING TOOLFORGE OUTAGE ENDS here")

    assert [(each.kind, each.marker and each.marker.phrase) for each in opened.report().timeline[:2]] == [
        (Kind.OUTAGE, "OUTAGE BEGINS"),
        (Kind.OUTAGE, "USER-FACING TOOLFORGE OUTAGE ENDS"),
    ]


@pytest.mark.parametrize(
    ("typed", "guess"),
    [
        ("OUTAGE BEGINS 11:45", "11:45"),
        ("NFS OUTAGE BEGINS: at 11:45, all of it", "at 11:45"),
        ("OUTAGE STARTS -20m", "11:40"),
        ("OUTAGE BEGINS around 11:45", "~11:45"),
        ("OUTAGE BEGINS yesterday 23:50", "yesterday 23:50"),
    ],
)
def test_a_time_behind_a_marker_is_not_the_marker_s_and_the_reply_says_so(opened, typed, guess):
    assert opened.say("bob", f"!log {typed}") == [logged(2) + unread_time(2, guess)]
    assert opened.say("bob", f"!ir move 2 {guess}")[0].startswith("#2 ")
    assert typed in opened.texts()


@pytest.mark.parametrize(
    "typed", ["OUTAGE BEGINS", "OUTAGE BEGINS for 2019 hosts", "11:40 OUTAGE BEGINS at 11:45 sharp"]
)
def test_without_a_time_behind_the_marker_or_with_one_in_front_nothing_is_asked(opened, typed):
    assert "move" not in opened.say("bob", f"!log {typed}")[0]


def test_words_that_are_nearly_a_marker_are_answered_with_the_command_that_makes_them_one(opened):
    opened.say("bob", "!log 11:40 OUTAGE BEGINS")
    (reply,) = opened.say("bob", "!log 11:50 OUTAGE OVER, all is back")
    command = "!ir fix 3 s/OUTAGE OVER/OUTAGE ENDS/"
    assert reply == logged(3, at="11:50") + f" (no marker: {command} makes it one)"
    opened.say("bob", command)
    assert [each.kind for each in opened.report().timeline[:2]] == [Kind.OUTAGE, Kind.OUTAGE]


def test_formatting_codes_leave_nothing_behind(opened):
    opened.say("bob", "!log \x02bold\x02 \x0304,01red\x03 text")

    assert "bold red text" in opened.texts()


# The day rule: live


def test_a_live_bare_time_is_the_latest_such_moment(talk):
    talk.say("alice", "!ir start slow")
    talk.later(hours=12, minutes=30)

    assert talk.say("bob", "!log 23:50 before midnight") == [logged(2, at="2026-11-22 23:50")]
    assert talk.say("bob", "!log 00:35 up to five minutes ahead") == [logged(3, at="2026-11-23 00:35")]
    assert "or 2026-11-22 00:36: type" in refused(talk, "bob", "!log 00:36 six minutes ahead")
    assert talk.say("bob", "!log 01:31 more than an hour ahead") == [
        logged(4, at="2026-11-22 01:31")
        + " (more than 12 hours before your last entry: type the date if you mean another day)"
    ]


def test_acknowledgements_show_the_date_once_the_incident_goes_on_into_another_day(opened):
    opened.later(days=1)

    assert opened.say("bob", "!log still slow") == [logged(2, at="2026-11-23 12:00")]


# The day rule: afterwards


def test_a_first_bare_time_afterwards_is_on_the_day_the_incident_started(afterwards):
    assert afterwards.say("bob", "!log 15:45 OUTAGE BEGINS") == [logged(1, at="2019-10-07 15:45")]


def test_a_typed_date_moves_the_day_of_this_person_only(afterwards):
    afterwards.say("bob", "!log 2019-10-08 09:00 one")
    afterwards.say("bob", "!log 10:00 two")
    afterwards.say("carol", "!log 11:00 three")

    assert times(afterwards) == {"three": "10-07 11:00:00", "one": "10-08 09:00:00", "two": "10-08 10:00:00"}


def test_an_entry_of_unknown_time_moves_no_day(afterwards):
    afterwards.say("bob", "!log 2019-10-08 09:00 one")
    afterwards.say("bob", "!log ??:?? two")
    afterwards.say("bob", "!log 10:00 three")

    assert times(afterwards)["three"] == "10-08 10:00:00"


def test_now_moves_the_day_like_any_entry(afterwards):
    afterwards.say("bob", "!log now writing this down")
    afterwards.say("bob", "!log 11:00 today")

    assert times(afterwards)["today"] == "11-22 11:00:00"


def test_an_entry_taken_back_moves_no_day(afterwards):
    afterwards.say("bob", "!log 15:00 one")
    afterwards.say("bob", "!log 2019-11-08 09:00 mistyped")
    afterwards.say("bob", "!ir undo")
    afterwards.say("bob", "!log 16:00 two")

    assert times(afterwards)["two"] == "10-07 16:00:00"


def test_somebody_elses_strike_moves_no_day(afterwards):
    afterwards.say("bob", "!log 2019-10-08 09:00 one")
    afterwards.say("alice", "!ir strike 1 logged twice")
    afterwards.say("bob", "!log 10:00 two")

    assert times(afterwards)["two"] == "10-08 10:00:00"


def test_a_bare_time_long_before_the_last_entry_gets_a_hint(afterwards):
    afterwards.say("bob", "!log 23:30 one")

    assert "type the date" in afterwards.say("bob", "!log 00:10 two")[0]
    assert "type the date" not in afterwards.say("bob", "!log 2019-10-08 00:10 three")[0]


def test_a_note_without_a_time_is_refused_afterwards_and_now_is_meant(afterwards):
    assert "`now`" in refused(afterwards, "bob", "!log the site was slow")
    assert afterwards.say("bob", "!log now the report is being written") == [logged(1, at="2026-11-22 12:00")]


# Closed incidents


def test_a_closed_incident_takes_notes_with_a_time_and_says_so(opened):
    opened.say("bob", "!log 11:50 one")
    opened.say("alice", "!ir close")

    assert opened.say("bob", "!log 11:55 two") == [logged(4, at="11:55", incident="closed 1")]
    assert opened.say("bob", "!log @1 three") == [logged(5, incident="closed 1")]
    assert "!log WHEN TEXT" in refused(opened, "bob", "!log four")


def test_after_the_close_bare_times_are_on_the_day_of_the_entry_typed_before(talk):
    talk.now = datetime(2026, 11, 22, 23, 40, tzinfo=UTC)
    talk.say("alice", "!ir start slow")
    talk.say("alice", "!log broken")
    talk.later(minutes=50)
    talk.say("alice", "!ir close")

    assert talk.say("alice", "!log 23:55 forgot to say") == [logged(4, at="2026-11-22 23:55", incident="closed 1")]
    assert talk.say("bob", "!log 23:56 so did I") == [logged(5, at="2026-11-22 23:56", incident="closed 1")]


def test_a_cancelled_incident_takes_notes_like_a_closed_one(opened):
    opened.operators.add("alice")
    opened.say("alice", "!ir cancel a test")

    assert opened.say("bob", "!log 11:55 late") == [logged(3, at="11:55", incident="cancelled 1")]


# Several incidents


def test_the_number_of_the_incident_is_said_when_several_are_open(opened):
    opened.say("alice", "!ir start! second one")

    assert opened.say("bob", "!log here") == [logged(2, incident=2)]
    assert opened.say("bob", "!log @1 11:50 there") == [logged(2, at="11:50", incident=1)]
    assert "there" in opened.texts(1)


def test_incidents_of_other_channels_are_not_addressed(opened):
    assert "belongs to #incidents" in refused(opened, "bob", "!log @1 psst", channel="#elsewhere")


def test_a_note_in_private_goes_into_the_incident_of_the_channel_one_is_in(opened):
    assert opened.say("bob", "!log quietly", channel=None) == [logged(2)]
    assert "quietly" in opened.texts()
