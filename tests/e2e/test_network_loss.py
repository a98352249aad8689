"""The bot on two linked ngIRCds, a network without accounts and history: split, killed and frozen servers."""

from __future__ import annotations

import json
import signal
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from irscribe.demo import Client
from tests.ircservers import expect_logged, plain, start_linked_ngircds, write_settings
from tests.lives import ForkedBot, command
from tests.replies import LOGGED
from tests.waiting import HANGS

BACK_SECONDS = HANGS
UNKNOWN = "I was away .*: what was said here then is not recorded"


@pytest.fixture
def linked(tmp_path):
    """Two servers that are one network; the bot is at home on the first."""
    with ExitStack() as stack:
        first, second = map(stack.enter_context, start_linked_ngircds(tmp_path))
        write_settings(tmp_path, core=plain(first))
        yield first, second


def report(folder):
    return json.loads(command("export", "1", "--format", "json", folder=folder).stdout)


def gaps(folder):
    return [tuple(datetime.fromisoformat(gap[key]) for key in ("from", "until")) for gap in report(folder)["gaps"]]


def test_the_bot_lives_through_a_split_a_crash_and_a_server_that_freezes(linked, tmp_path):
    first, second = linked
    with ForkedBot(tmp_path) as bot, Client("alice", first.address) as alice:
        bot.ready()
        alice.join("#ops")
        with Client("bob", second.address) as bob:
            bob.join("#ops")
            bob.expect_presence("alice", "#ops", BACK_SECONDS)
            alice.say("#ops", "!ir start API returns 500")
            bob.expect("#ops <irscribe> .*#1 ")
            bob.say("#ops", "!log from the other side")
            bob.expect(f"#ops <irscribe> #2 .*{LOGGED}")
            bob.say("#ops", "!ir join database")
            bob.expect("#ops <irscribe> You are on 1: database")
            second.kill()
            alice.expect("! bob quit .*irc")
        alice.say("#ops", "!log half of us are gone")
        alice.expect(f"#ops <irscribe> #3 .*{LOGGED}")
        second.start()
        with Client("bob", second.address) as bob:
            bob.join("#ops")
            bob.expect_presence("irscribe", "#ops", BACK_SECONDS)
            bob.say("#ops", "!ir fix 2 from the other server")
            bob.expect("#ops <irscribe> #2 ")
            bob.say("#ops", "!ir focus network")
            bob.expect("#ops <irscribe> You are on 1: network")
        written = report(tmp_path)
        assert written["gaps"] == []
        assert [each["nick"] for each in written["metadata"]["responders"]] == ["alice", "bob"]

        first.process.send_signal(signal.SIGSTOP)
        frozen = datetime.now(UTC)
        expect_logged(bot, "trying again")
        first.process.send_signal(signal.SIGCONT)
        alice.expect("#ops ! irscribe join", BACK_SECONDS)
        alice.expect(f"#ops <irscribe_*> {UNKNOWN}", BACK_SECONDS)
    ((begins, ends),) = gaps(tmp_path)
    assert begins <= frozen <= ends
