"""Channels in which another bot owns `!log`, and relays that forward what machines say."""

from __future__ import annotations

import pytest

from irscribe.config import load
from irscribe.domain.report import Kind
from tests.replies import continued, logged
from tests.snapshot import record
from tests.talk import Talk


@pytest.fixture
def channel(tmp_path):
    """A talk in which `!log` has some mode, and logmsgbot is a relay."""
    talks = []

    def opened(mode: str, line: str | None = "!ir start slow") -> Talk:
        settings = tmp_path / "config.ini"
        settings.write_text(
            f"[core]\nchannels = #incidents\n[irscribe]\nlog_mode = {mode}\nrelays = logmsgbot\n", encoding="utf-8"
        )
        talk = Talk(tmp_path, config=load(settings))
        if line:
            talk.say("alice", line)
        talks.append(talk)
        return talk

    yield opened
    for talk in talks:
        talk.database.close()


@pytest.mark.parametrize(
    ("typed", "text", "at"),
    [
        ("slow", "slow", "12:00"),
        ("11:40 slow", "slow", "11:40"),
        ("25:10 slow", "25:10 slow", "12:00"),
        ("11:40 CET slow", "11:40 CET slow", "12:00"),
        ("2026-11-22 13:00 slow", "2026-11-22 13:00 slow", "12:00"),
        ("11:40", "11:40", "12:00"),
        ("+ slow", "+ slow", "12:00"),
        ("+| slow", "+| slow", "12:00"),
        ("^ bob", "^ bob", "12:00"),
        ("@7 slow", "@7 slow", "12:00"),
        ("--force slow", "--force slow", "12:00"),
        ("- slow", "- slow", "12:00"),
        ("11:40ish slow", "11:40ish slow", "12:00"),
    ],
)
def test_a_quiet_log_is_recorded_without_a_word_whatever_it_says(channel, typed, text, at):
    talk = channel("quiet")

    assert talk.say("bob", f"!log {typed}") == []
    found = next(entry for entry in talk.report().timeline if entry.kind is Kind.NOTE)
    assert (found.text, f"{found.at:%H:%M}") == (text, at)


def test_a_quiet_log_help_and_an_empty_one_are_somebody_elses(channel):
    talk = channel("quiet")
    before = record(talk)

    assert talk.say("bob", "!log help") == []
    assert talk.say("bob", "!log") == []
    assert record(talk) == before


def test_note_answers_in_a_quiet_channel(channel):
    talk = channel("quiet")

    assert talk.say("bob", "!note slow") == [logged(2)]
    assert "00:00" in talk.say("bob", "!note 25:10 slow")[0]
    assert "!log [WHEN] TEXT" in talk.say("bob", "!note help")[0]


def test_note_goes_on_with_a_quiet_log(channel):
    talk = channel("quiet")
    talk.say("bob", "!log slow")

    assert talk.say("bob", "!note + and slower") == [continued(2)]


@pytest.mark.parametrize("line", [None, "!ir start 2019-10-07 14:00 old"])
def test_a_quiet_log_is_only_kept_while_nothing_live_is_open(channel, line):
    talk = channel("quiet", line)
    before = record(talk)

    assert talk.say("bob", "!log 11:40 slow") == []
    assert record(talk) == before
    if line is None:
        assert "1 note" in talk.say("alice", "!ir start slow")[0]
    assert "1 note taken in" in talk.say("alice", "!ir adopt")[0]


def test_a_quiet_log_is_only_kept_once_the_incident_is_closed(channel):
    talk = channel("quiet")
    talk.say("alice", "!ir close")
    before = record(talk)

    assert talk.say("bob", "!log 11:40 slow") == []
    assert record(talk) == before


def test_an_adopted_quiet_log_is_text_where_it_is_no_command(channel):
    talk = channel("quiet", None)
    talk.say("bob", "!log 25:10 slow")
    talk.say("bob", "!log + slower")
    talk.say("alice", "!ir start slow")

    talk.say("alice", "!ir adopt")
    assert {"25:10 slow", "+ slower"} <= set(talk.texts())


def test_a_log_is_not_heard_where_it_is_off(channel):
    talk = channel("off")
    before = record(talk)

    assert talk.say("bob", "!log slow") == []
    assert talk.say("bob", "!log help") == []
    assert record(talk) == before
    assert talk.say("bob", "!note slow") == [logged(2)]


def test_a_channel_may_differ(channel):
    talk = channel("full, #incidents=quiet")

    assert talk.say("bob", "!log slow") == []
    assert "slow" in talk.texts()


@pytest.mark.parametrize(
    ("typed", "author", "text", "kind"),
    [
        ("root@cumin1001 START - rebooting hosts", "root@cumin1001", "START - rebooting hosts", Kind.ALERT),
        ("11:40 root@cumin1001 rebooting", "root@cumin1001", "rebooting", Kind.ALERT),
        ("rebooting hosts", "logmsgbot", "rebooting hosts", Kind.NOTE),
        ("root@cumin1001", "logmsgbot", "root@cumin1001", Kind.NOTE),
        ("@bob rebooting", "logmsgbot", "@bob rebooting", Kind.NOTE),
    ],
)
def test_a_relays_line_is_by_whom_it_says(channel, typed, author, text, kind):
    talk = channel("full")
    talk.accounts["logmsgbot"] = "logmsgbot"

    talk.say("logmsgbot", f"!log {typed}")
    found = next(entry for entry in talk.report().timeline if entry.kind is not Kind.LIFECYCLE)
    assert (found.author.nick, found.text, found.kind) == (author, text, kind)


def test_a_relay_is_known_by_its_account_under_any_nick(channel):
    talk = channel("full")
    talk.accounts["logmsgbot_"] = "logmsgbot"

    talk.say("logmsgbot_", "!log root@cumin1001 rebooting")
    assert talk.report().timeline[1].kind is Kind.ALERT


def test_an_address_typed_by_anybody_else_is_text(channel):
    talk = channel("full")

    talk.say("bob", "!log root@cumin1001 is me")
    assert (talk.texts()[1], talk.report().timeline[1].author.nick) == ("root@cumin1001 is me", "bob")
    assert talk.report().timeline[1].kind is Kind.NOTE


def test_a_relays_alert_may_be_a_marker(channel):
    talk = channel("full")
    talk.accounts["logmsgbot"] = "logmsgbot"

    talk.say("logmsgbot", "!log icinga@alert1001 OUTAGE BEGINS")
    assert talk.report().timeline[1].kind is Kind.OUTAGE


def test_a_relayed_line_in_a_quiet_channel_is_recorded_in_silence(channel):
    talk = channel("quiet")
    talk.accounts["logmsgbot"] = "logmsgbot"

    assert talk.say("logmsgbot", "!log root@cumin1001 25:10 START") == []
    assert talk.texts()[1] == "25:10 START"


def test_a_relays_note_waits_without_a_word_while_nothing_is_open(channel):
    talk = channel("full", line=None)
    talk.accounts["logmsgbot"] = "logmsgbot"
    assert talk.say("logmsgbot", "!log root@db1003 depooled") == []
    assert "your line is kept for an hour" in talk.say("bob", "!log on it")[0]

    assert "2 notes from before wait" in talk.say("alice", "!ir start slow")[0]
    talk.say("alice", "!ir adopt")
    assert talk.texts()[1:] == ["depooled", "on it"]
