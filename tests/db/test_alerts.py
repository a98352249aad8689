"""Alerts: kept by the incident, entered in silence, offered as detection, forgotten."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from irscribe.config import load
from irscribe.domain.alertlines import read_told
from irscribe.domain.alerts import Entered
from irscribe.domain.events import AlertsWaiting
from irscribe.domain.report import Kind
from irscribe.domain.talk import Role, TalkHeard
from irscribe.render import FORMATS, render
from irscribe.services.report.exports import style
from tests.snapshot import expect_refusal, kept_texts
from tests.talk import CHANNEL, Talk

pytestmark = pytest.mark.alike_on_postgresql

SITE = "https://alerts.example.org/?q=alertname%3D"
PROBE = f"FIRING: ProbeDown: Service text-https has failed probes #page - runbook - dashboard - {SITE}ProbeDown"
PROBE_OVER = f"RESOLVED: ProbeDown: Service text-https has failed probes #page - runbook - {SITE}ProbeDown"
DISK = "PROBLEM - Disk space on db1155 is CRITICAL: DISK CRITICAL - free space: / 1 GB"
DISK_OVER = "RECOVERY - Disk space on db1155 is OK: DISK OK"


@pytest.fixture
def opened(talk):
    talk.say("bob", "!ir start API returns 500")
    return talk


def tell(talk: Talk, text: str, *, nick: str = "jinxer-wm", **more: object) -> None:
    """An alert bot says a line."""
    talk.chat(nick, text, role=Role.ALERT_BOT, told=read_told(text), **more)


def page(name: str) -> str:
    return f"FIRING: {name}: it is broken #page - {SITE}{name}"


def tick(talk: Talk, **span: float) -> None:
    """Let time pass; the job looks."""
    talk.later(**span)
    assert talk.handle(AlertsWaiting()) == []


def kept(talk: Talk, number: int = 1) -> list[tuple[str, int, bool, bool]]:
    """The alerts: name, how often, whether it is over, whether it paged."""
    return [(each.name, each.count, each.over_at is not None, each.paged) for each in talk.report(number).alerts]


def entered(talk: Talk, number: int = 1) -> list[str]:
    """The entries made of alerts."""
    return [each.text for each in talk.report(number).timeline if each.kind is Kind.ALERT]


def test_an_alert_is_kept_with_its_times_and_how_often_it_fired(opened):
    tell(opened, DISK, nick="icinga-wm")
    first_at = opened.now
    opened.later(minutes=4)
    tell(opened, DISK, nick="icinga-wm")
    opened.later(minutes=6)
    tell(opened, DISK_OVER, nick="icinga-wm")
    (alert,) = opened.report().alerts
    assert (alert.name, alert.source, alert.count, alert.paged) == ("Disk space on db1155", "icinga-wm", 2, False)
    assert alert.first_at == first_at.replace(microsecond=0)
    assert alert.last_at - alert.first_at == timedelta(minutes=4)
    assert alert.over_at - alert.first_at == timedelta(minutes=10)


def test_a_page_is_entered_with_its_own_words_and_so_is_its_end(opened):
    tell(opened, PROBE)
    opened.later(minutes=5)
    tell(opened, PROBE_OVER)
    assert entered(opened) == [PROBE, PROBE_OVER]
    entry = next(each for each in opened.report().timeline if each.kind is Kind.ALERT)
    assert entry.author.nick == "jinxer-wm"


def test_repeats_are_counted_and_not_entered(opened):
    for _ in range(5):
        tell(opened, PROBE)
        opened.later(minutes=2)
    assert entered(opened) == [PROBE]
    assert kept(opened) == [("ProbeDown", 5, False, True)]


def test_by_default_only_pages_are_entered(opened):
    tell(opened, DISK)
    tick(opened, minutes=5)
    assert entered(opened) == []
    assert kept(opened) == [("Disk space on db1155", 1, False, False)]


@pytest.mark.parametrize(("mode", "count"), [(Entered.ALL, 2), (Entered.NONE, 0)])
def test_the_settings_say_which_are_entered(tmp_path, mode, count):
    talk = Talk(tmp_path, config=replace(load(None), alerts=mode))
    talk.say("bob", "!ir start API returns 500")
    tell(talk, DISK)
    talk.later(minutes=2)
    tell(talk, PROBE)
    assert len(entered(talk)) == count
    assert len(kept(talk)) == 2
    talk.database.close()


def test_faster_ones_than_one_a_minute_are_one_entry(opened):
    tell(opened, PROBE)
    for name in "ABCDEFG":
        tell(opened, page(name))
    tick(opened, seconds=30)
    assert entered(opened) == [PROBE]
    tick(opened, seconds=31)
    assert entered(opened) == [PROBE, "7 more alerts: A, B, C, D, E, F, G"]
    tell(opened, PROBE_OVER)
    tell(opened, page("H"))
    tick(opened, minutes=1)
    assert entered(opened)[2:] == ["1 more alert: H; over: ProbeDown"]
    tick(opened, minutes=5)
    assert len(entered(opened)) == 3


def test_one_that_waited_alone_keeps_its_own_words(opened):
    tell(opened, PROBE)
    tell(opened, page("A"))
    tick(opened, minutes=1)
    assert entered(opened) == [PROBE, page("A")]


def test_what_waits_is_entered_before_the_close(opened):
    tell(opened, PROBE)
    tell(opened, page("A"))
    opened.say("bob", "!ir close")
    assert opened.texts()[-2:] == [page("A"), "Incident closed."]


def test_nothing_is_ever_said_about_an_alert(opened):
    said = []
    for line in (PROBE, DISK, PROBE_OVER, DISK_OVER):
        text = opened.heard("jinxer-wm", line, role=Role.ALERT_BOT, told=read_told(line))
        said += opened.handle(TalkHeard(lines=(text,)))
    assert said == []
    assert opened.handle(AlertsWaiting()) == []


def test_alerts_of_the_hour_before_the_start_count(talk):
    tell(talk, "FIRING: Old: was long ago")
    talk.later(minutes=61)
    tell(talk, PROBE)
    first_at = talk.now
    tell(talk, DISK)
    tell(talk, PROBE)
    tell(talk, DISK_OVER)
    tell(talk, PROBE, channel="#elsewhere")
    talk.later(minutes=5)
    talk.say("bob", "!ir start API returns 500")
    assert kept(talk) == [("ProbeDown", 2, False, True), ("Disk space on db1155", 1, True, False)]
    assert entered(talk) == [PROBE]
    assert next(each for each in talk.report().timeline if each.kind is Kind.ALERT).at == first_at.replace(
        microsecond=0
    )


def test_a_line_heard_before_the_start_and_handed_on_behind_it_counts_once(talk):
    lines = [talk.heard("jinxer-wm", PROBE, role=Role.ALERT_BOT, told=read_told(PROBE)) for _ in range(3)]
    for line in lines:
        talk.hearing.hear(line)
    talk.handle(talk.request("bob", "!ir start API returns 500"))
    talk.handle(TalkHeard(lines=tuple(lines)))
    assert kept(talk) == [("ProbeDown", 3, False, True)]


def test_a_batch_that_is_recorded_twice_counts_once(opened):
    lines = tuple(
        opened.heard("jinxer-wm", text, role=Role.ALERT_BOT, told=read_told(text))
        for text in (PROBE, PROBE, DISK, DISK_OVER, PROBE_OVER)
    )
    opened.handle(TalkHeard(lines=lines))
    once = opened.report()
    opened.handle(TalkHeard(lines=lines))
    assert opened.report() == once


def test_an_alert_that_ended_in_the_last_incident_is_left_to_it(opened):
    tell(opened, DISK)
    tell(opened, DISK_OVER)
    tell(opened, PROBE)
    opened.say("bob", "!ir close")
    opened.later(minutes=1)
    opened.say("bob", "!ir start the next one")
    assert kept(opened, 2) == [("ProbeDown", 1, False, True)]


def test_the_end_of_an_alert_that_nobody_heard_of_is_none(opened):
    tell(opened, DISK_OVER)
    assert kept(opened) == []


def test_an_alert_that_fires_again_is_not_over(opened):
    tell(opened, PROBE)
    tell(opened, PROBE_OVER)
    opened.later(minutes=5)
    tell(opened, PROBE)
    assert kept(opened) == [("ProbeDown", 2, False, True)]
    assert "1 alert, 1 firing" in opened.say("bob", "!ir status")[0]


def test_an_acknowledgement_counts_nothing_and_ends_nothing(opened):
    tell(opened, DISK)
    tell(opened, "ACKNOWLEDGEMENT - Disk space on db1155 is CRITICAL: DISK CRITICAL alice known")
    assert kept(opened) == [("Disk space on db1155", 1, False, False)]


def test_one_alert_that_two_bots_tell_of_is_one(opened):
    tell(opened, PROBE)
    tell(opened, "FIRING: probedown: the same, by another bot", nick="second-bot")
    assert kept(opened) == [("ProbeDown", 1, False, True)]


def test_what_is_read_back_after_an_absence_counts_once(opened):
    tell(opened, PROBE)
    said_at = opened.now
    opened.later(minutes=5)
    tell(opened, PROBE, read_back=True, said_at=said_at.replace(microsecond=0))
    assert kept(opened) == [("ProbeDown", 1, False, True)]
    tell(opened, PROBE_OVER, read_back=True, said_at=said_at + timedelta(minutes=2))
    (alert,) = opened.report().alerts
    assert alert.over_at == (said_at + timedelta(minutes=2)).replace(microsecond=0)


def test_what_is_written_down_afterwards_takes_no_alerts_of_now(talk):
    talk.say("bob", "!ir start 2026-11-20 09:00 long ago")
    tell(talk, PROBE)
    assert kept(talk) == []


def test_after_the_close_it_takes_none(opened):
    opened.say("bob", "!ir close")
    tell(opened, PROBE)
    assert kept(opened) == []
    opened.say("bob", "!ir reopen")
    assert kept(opened) == [("ProbeDown", 1, False, True)]


def test_status_counts_them_and_alerts_lists_them(opened):
    tell(opened, PROBE)
    tell(opened, DISK, nick="icinga-wm")
    tell(opened, DISK_OVER, nick="icinga-wm")
    assert "; 2 alerts, 1 firing;" in opened.say("bob", "!ir status")[0]
    first, second = opened.say("bob", "!ir alerts")
    assert first.startswith("1. P\u200brobeDown (from jinxer-wm, ")
    assert first.endswith(", once, not said to be over, paged)")
    assert second.startswith("2. D\u200bisk ")
    assert "over at " in second


def test_without_any_that_is_said(opened):
    assert opened.say("bob", "!ir alerts") == ["I heard of no alert for 1 “API returns 500”."]
    assert "alert" not in opened.say("bob", "!ir status")[0]


def test_all_formats_of_the_report_hold_them(opened):
    tell(opened, PROBE)
    for form in FORMATS:
        assert "ProbeDown" in render(opened.report(), form, style(opened.application, {}))


def test_an_incident_takes_the_alerts_of_a_further_channel(tmp_path):
    talk = Talk(tmp_path, config=replace(load(None), channels=(CHANNEL, "#databases")))
    talk.present = ("bob",)
    talk.say("bob", "!ir start API returns 500")
    talk.say("bob", "!ir also #databases")
    tell(talk, DISK, channel="#databases")
    assert kept(talk) == [("Disk space on db1155", 1, False, False)]
    talk.database.close()


def test_a_transaction_that_fails_leaves_nothing_and_is_tried_again(opened):
    line = opened.heard("jinxer-wm", PROBE, role=Role.ALERT_BOT, told=read_told(PROBE))
    event = TalkHeard(lines=(line,))
    with suppress(ZeroDivisionError), opened.database.write() as session:
        opened.adapter.handle(session, event, opened.now)
        raise ZeroDivisionError
    assert kept(opened) == []
    opened.handle(event)
    assert kept(opened) == [("ProbeDown", 1, False, True)]
    assert entered(opened) == [PROBE]


class TestDetection:
    """The first alert is offered as the detection."""

    def test_is_offered_while_it_is_missing_and_taken_by_one_command(self, talk):
        tell(talk, PROBE)
        talk.later(minutes=4)
        talk.say("bob", "!ir start API returns 500")
        _, offered = talk.say("bob", "!ir missing")
        first = "First alert: ProbeDown from jinxer-wm (a page) at 2026-11-22 12:00 UTC"
        assert offered.startswith(
            "First alert: P\u200brobeDown from j\u200binxer-w\u200bm (a page) at 2026-11-22 12:00 UTC"
        )
        assert offered.endswith(" !ir detection ok takes that as detection.")
        (said,) = talk.say("bob", "!ir detection ok")
        assert "Detection" in said
        assert talk.report().detection == f"{first}, 4 min before the first human line."
        assert len(talk.say("bob", "!ir missing")) == 1
        talk.say("bob", "!ir undo")
        assert talk.report().detection is None

    def test_says_if_people_were_first(self, opened):
        opened.later(minutes=10)
        tell(opened, PROBE)
        opened.say("bob", "!ir detection ok")
        assert opened.report().detection.endswith(", 10 min after the first human line.")

    def test_takes_no_start_or_outage_that_is_dated_back_for_a_line_of_a_person(self, talk):
        tell(talk, PROBE)
        talk.later(minutes=4)
        talk.say("bob", "!ir start 9:00 API returns 500")
        talk.say("bob", "!log 9:05 OUTAGE BEGINS")
        talk.say("bob", "!ir detection ok")
        assert talk.report().detection.endswith(", 4 min before the first human line.")

    def test_counts_what_people_said_to_each_other(self, talk):
        tell(talk, PROBE)
        talk.later(minutes=1)
        talk.chat("alice", "is it slow?")
        talk.later(minutes=4)
        talk.say("bob", "!ir start API returns 500")
        talk.say("bob", "!ir detection ok")
        assert talk.report().detection.endswith(", 1 min before the first human line.")

    def test_is_refused_where_there_is_no_alert(self, opened):
        expect_refusal(opened, "bob", "!ir detection ok", "!ir detection TEXT")


class TestRedaction:
    """Nothing of a redacted alert stays."""

    LEAK = "FIRING: TokenHunter2Leaked: in public #page"

    @pytest.mark.parametrize("line", ["!ir redact alert 1 a secret", "!ir redact 2 a secret"])
    def test_of_the_alert_or_of_its_entry_takes_both(self, opened, line):
        opened.operators.add("bob")
        tell(opened, self.LEAK)
        opened.later(minutes=2)
        tell(opened, "RESOLVED: TokenHunter2Leaked: in public #page")
        (said,) = opened.say("bob", line)
        assert "redacted" in said
        assert "Hunter2" not in kept_texts(opened)
        assert kept(opened) == []
        opened.say("bob", "!ir close")
        opened.say("bob", "!ir start another")
        assert "Hunter2" not in kept_texts(opened)

    @pytest.mark.parametrize("line", ["!ir redact alert 1 a secret", "!ir redact 2 a secret"])
    def test_holds_though_the_alert_is_told_again(self, opened, line):
        opened.operators.add("bob")
        tell(opened, self.LEAK)
        opened.say("bob", line)
        opened.later(minutes=5)
        tell(opened, self.LEAK)
        tell(opened, PROBE)
        assert "Hunter2" not in kept_texts(opened)
        assert kept(opened) == [("ProbeDown", 1, False, True)]

    def test_cannot_be_undone(self, opened):
        opened.operators.add("bob")
        tell(opened, self.LEAK)
        opened.say("bob", "!ir redact alert 1 a secret")
        expect_refusal(opened, "bob", "!ir undo", "Your last change was the redaction of alert 1")

    def test_of_one_that_still_waits_takes_its_words(self, opened):
        opened.operators.add("bob")
        tell(opened, PROBE)
        tell(opened, self.LEAK)
        opened.say("bob", "!ir redact alert 2 a secret")
        tick(opened, minutes=5)
        assert "Hunter2" not in kept_texts(opened)
        assert kept(opened) == [("ProbeDown", 1, False, True)]

    def test_is_for_trusted_people(self, opened):
        tell(opened, PROBE)
        expect_refusal(opened, "alice", "!ir redact alert 1 a secret", "Redacting what others typed")

    def test_of_an_alert_that_is_not_there_is_refused(self, opened):
        opened.operators.add("bob")
        expect_refusal(opened, "bob", "!ir redact alert 7 a secret", "There is no alert 7")


class TestStorm:
    """A thousand lines a minute."""

    def test_is_few_transactions_and_loses_nothing(self, opened):
        lines = [
            opened.heard("jinxer-wm", text, role=Role.ALERT_BOT, told=read_told(text))
            for number in range(1000)
            for text in [page(f"Alert{number % 50}")]
        ]
        for each in lines:
            opened.hearing.hear(each)
        opened.hearing.flush()
        tick(opened, minutes=1)
        assert sum(count for _, count, _, _ in kept(opened)) == 1000
        assert len(entered(opened)) == 2

    def test_leaves_what_people_said_in_recent_talk(self, talk):
        talk.chat("alice", "I pulled the wrong cable")
        for number in range(2000):
            text = page(f"Alert{number % 50}")
            talk.hearing.hear(talk.heard("jinxer-wm", text, role=Role.ALERT_BOT, told=read_told(text)))
        talk.say("bob", "!ir start API returns 500")
        (said,) = talk.say("bob", "!log ^")
        assert "p\u200bulled" in said


class TestLogLinks:
    """A bot that answers ``!log`` with an address gives the note its link."""

    URL = "https://wikitech.example.org/wiki/Server_Admin_Log"

    def test_the_answer_is_the_link_of_the_note_before_it(self, opened):
        opened.say("alice", "!log restarting mysql")
        tell(opened, f"Logged the message at {self.URL}", nick="stashbot")
        assert [(each.url, each.title) for each in opened.report().links] == [(self.URL, "log entry of #2")]

    def test_each_note_gets_its_own_and_an_address_stands_once(self, opened):
        for number in range(3):
            opened.say("alice", f"!log step {number}")
        for number in range(3):
            tell(opened, f"Logged the message at {self.URL}/{number // 2}", nick="stashbot")
        assert [each.title for each in opened.report().links] == ["log entry of #2", "log entry of #4"]

    def test_an_answer_to_nothing_is_nothing(self, opened):
        tell(opened, f"Logged the message at {self.URL}", nick="stashbot")
        opened.say("alice", "!log restarting mysql")
        opened.later(minutes=2)
        tell(opened, f"Logged the message at {self.URL}", nick="stashbot")
        assert opened.report().links == ()

    def test_only_a_bot_of_the_settings_may_say_so(self, opened):
        opened.say("alice", "!log restarting mysql")
        opened.chat("mallory", f"Logged the message at {self.URL}")
        assert opened.report().links == ()


def test_alert_lines_are_no_kept_talk(opened):
    tell(opened, DISK)
    opened.chat("alice", "looking")
    assert DISK not in kept_texts(opened)
    assert opened.say("bob", "!log ^ jinxer-wm")[0].startswith("#2 ")
