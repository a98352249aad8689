"""A real bot that is killed between the mark and the line: what it says unasked is said once at most."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import ExitStack, closing

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
    "#dev"
[irscribe]
pace = {pace}
limit = none
[nudges]
coordinator = 1 second
update = never
"""
NUDGE = "nobody coordinates it"
ONE_LINE = "1 line then 0.001 a second"
"""A pace at which one line is said within a test, and nothing more."""


@pytest.fixture
def people():
    with ExitStack() as stack:
        server = start("127.0.0.1", 0, bot_nick="services")
        stack.callback(server.stop)
        alice, bob = (stack.enter_context(Client(nick, server.address)) for nick in ("alice", "bob"))
        for each in (alice, bob):
            each.join("#ops")
            each.join("#dev")
        yield server.address[1], alice, bob


def marked(folder) -> int:
    with closing(sqlite3.connect(f"file:{folder / 'var/irscribe.db'}?mode=ro", uri=True)) as database:
        return database.execute("select count(*) from nudge").fetchone()[0]


def test_a_bot_killed_between_due_and_said_never_says_it(tmp_path, people):
    port, alice, bob = people

    def life(pace: str) -> ForkedBot:
        (tmp_path / "config.ini").write_text(SETTINGS.format(port=port, pace=pace))
        return ForkedBot(tmp_path)

    def open_incident(number: int, channel: str) -> None:
        alice.expect_presence("irscribe", channel)
        alice.say(channel, "!ir start API returns 500")
        alice.expect(f"^{channel} <irscribe> Incident {number} ")
        bob.say(channel, "!log db1003 is down")  # two have written, so that somebody is to coordinate

    with life(ONE_LINE) as killed:
        killed.ready()
        open_incident(1, "#ops")  # the one line that the pace lets out
        wait_until(lambda: marked(tmp_path) > 0, HANGS, "it was never due")
        killed.tell(signal.SIGKILL)
        killed.ended()
    alice.settle()
    with life("none") as after:
        after.ready()
        open_incident(2, "#dev")
        alice.expect(f"^#dev <irscribe> .*{NUDGE}", HANGS)  # the look at #ops was before that
    assert not [line for line in alice.lines if line.startswith("#ops") and NUDGE in line]
