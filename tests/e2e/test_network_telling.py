"""Telling others on a real network: the topic with and without the right to it, announcements, a late-comer."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from irscribe.demo import Client
from irscribe.domain.mark import as_typed
from tests.ircservers import expect_logged, plain, start_ngircd
from tests.lives import ForkedBot
from tests.waiting import HANGS, wait_until

SETTINGS = """[core]
nick = irscribe
{core}
channels = "#ops", "#news"
[irscribe]
announce_channels = "#news"
topic = on
greet = on
pace = none
limit = none
"""
TOPIC = "! irscribe topic"


@pytest.fixture
def ngircd(tmp_path):
    with start_ngircd(tmp_path) as server:
        (tmp_path / "config.ini").write_text(SETTINGS.format(core=plain(server)))
        yield server


def rows(folder, statement, *values):
    with closing(sqlite3.connect(folder / "var" / "irscribe.db", timeout=HANGS)) as database, database:
        return database.execute(statement, values).fetchall()


def let_time_pass(folder):
    """Make the last change of the topic one of ten minutes ago."""
    before = (datetime.now(UTC) - timedelta(minutes=10)).replace(tzinfo=None).isoformat(" ")
    rows(folder, "update topic_segment set set_at = ?", before)


def has_given_up(folder):
    return rows(folder, "select given_up from topic_segment") == [(1,)]


def _hand_over(alice, bob, zoe):
    """Offer the role to one, who gets the recap; another one who accepts it is refused."""
    bob.join("#ops")
    alice.say("#ops", "!ir handoff bob")
    bob.expect("private <irscribe> alice hands the coordination of 1 ")
    zoe.say("#ops", "!ir accept")
    zoe.expect("#ops <irscribe> The coordination of 1 is offered to ")
    bob.say("#ops", "!ir accept")
    zoe.expect("#ops <irscribe> .*bob becomes IC")


def test_the_topic_is_kept_over_a_kill_and_left_alone_where_the_bot_may_not_or_is_not_wanted(ngircd, tmp_path):
    with Client("alice", ngircd.address) as alice, Client("bob", ngircd.address) as bob:
        alice.join("#ops")
        bob.join("#news")
        alice.send("MODE #ops +t")
        alice.send("TOPIC #ops :Welcome | \x02docs\x02: https://example.org")
        alice.expect("! alice topic")
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            alice.say("#ops", "!ir start API returns 500")
            alice.expect("#ops <irscribe> Incident 1 ")
            expect_logged(bot, "The topic of #ops is left alone: the bot is no operator there.")
            alice.send("MODE #ops +o irscribe")
            let_time_pass(tmp_path)
            said = alice.expect(TOPIC)
            assert said.text == "Welcome | \x02docs\x02: https://example.org [irscribe 1: investigating]"
            alice.say("#ops", "!ir announce")
            assert as_typed(bob.expect("#news <irscribe> ").text).startswith("Incident 1 “API returns 500” in #ops: ")
            wait_until(lambda: rows(tmp_path, "select seen from topic_segment") == [(1,)], HANGS, "not seen")
            bot.tell(signal.SIGKILL)
            bot.ended()
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            alice.expect("! irscribe join")
            alice.send("MODE #ops +o irscribe")
            with Client("zoe", ngircd.address) as zoe:
                zoe.join("#ops")
                assert "incident 1 “API returns 500” is open" in as_typed(zoe.expect("private <irscribe> ").text)
                _hand_over(alice, bob, zoe)
            let_time_pass(tmp_path)
            alice.say("#ops", "!ir cancel a test gone astray")
            assert as_typed(bob.expect("#news <irscribe> ").text).startswith("Correction: incident 1 ")
            assert alice.expect(TOPIC).text == "Welcome | \x02docs\x02: https://example.org"
            let_time_pass(tmp_path)
            alice.say("#ops", "!ir start the next one")
            alice.expect(f"{TOPIC} .*irscribe 2: investigating")
            alice.send("TOPIC #ops :Something else")
            wait_until(lambda: has_given_up(tmp_path), HANGS, "the bot has not seen that it was removed")
            assert bot.stop() == 0
    assert sum(each.startswith("#ops ! irscribe topic") for each in alice.lines) == 3
