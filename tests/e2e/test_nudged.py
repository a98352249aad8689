"""A real bot that is killed before, between and behind mark and line: what it says unasked is said once at most."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from time import monotonic

import pytest

from irscribe.demo import Client
from irscribe.ircd import start
from tests.lives import ForkedBot
from tests.waiting import HANGS, wait_until

SETTINGS = """
[core]
host = 127.0.0.1
port = {port}
use_ssl = false
channels =
    "#ops"
[irscribe]
pace = {pace}
limit = none
[nudges]
coordinator = {coordinator}
update = {update}
"""
NUDGE = "nobody coordinates it"
SLOW = "1 line then 0.001 a second"
"""A pace at which one line is said within a test, and nothing more."""
LATER = 10
"""Seconds in which a bot starts and answers."""


@pytest.fixture
def people():
    server = start("127.0.0.1", 0, bot_nick="services")
    with Client("alice", server.address) as alice, Client("bob", server.address) as bob:
        for each in (alice, bob):
            each.join("#ops")
        yield server.address[1], alice, bob
    server.stop()


def marked(folder) -> int:
    with closing(sqlite3.connect(f"file:{folder / 'var/irscribe.db'}?mode=ro", uri=True)) as database:
        return database.execute("select count(*) from nudge").fetchone()[0]


def test_a_bot_killed_between_due_and_said_never_says_it_twice(tmp_path, people):
    port, alice, bob = people

    def set_up(*, pace: str = "none", coordinator: str = "2 seconds", update: str = "never") -> None:
        text = SETTINGS.format(port=port, pace=pace, coordinator=coordinator, update=update)
        (tmp_path / "config.ini").write_text(text)

    def kill(bot: ForkedBot) -> None:
        bot.tell(signal.SIGKILL)
        bot.ended()
        alice.settle()

    set_up(coordinator="1 hour")
    with ForkedBot(tmp_path) as before:
        before.ready()
        alice.expect_presence("irscribe", "#ops")
        alice.say("#ops", "!ir start API returns 500")
        alice.expect("^#ops <irscribe> Incident 1 ")
        begun = monotonic()
        bob.say("#ops", "!log db1003 is down")
        bob.expect("^#ops <irscribe> .*logged")
        kill(before)  # nothing is due yet
    assert marked(tmp_path) == 0
    set_up(pace=SLOW, coordinator=f"{int(monotonic() - begun) + LATER} seconds")
    with ForkedBot(tmp_path) as between:
        between.ready()
        alice.expect_presence("irscribe", "#ops")
        alice.say("#ops", "!ir status")
        alice.expect("^#ops <irscribe> ")  # the one line that the pace lets out
        wait_until(lambda: marked(tmp_path) > 0, HANGS, "it was never due")
        kill(between)  # marked, and not said
    assert not [line for line in alice.lines if NUDGE in line]
    set_up(update="3 seconds")
    with ForkedBot(tmp_path) as behind:
        behind.ready()
        alice.expect_presence("irscribe", "#ops")
        alice.say("#ops", "!ir ic me")
        alice.expect("^private <irscribe> Incident .*no update for", HANGS)
        kill(behind)  # said, while that of before was not said again
    assert not [line for line in alice.lines if NUDGE in line]
