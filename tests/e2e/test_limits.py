"""Somebody types far too fast, on a real connection: nobody else notices."""

from __future__ import annotations

from time import monotonic

import pytest

from irscribe.demo import Client
from irscribe.ircd import start
from tests.lives import ForkedBot
from tests.replies import LOGGED
from tests.waiting import slowness

CHANNEL = "#incidents"
FLOOD = 300
SOON = 2.0


@pytest.fixture
def address(tmp_path):
    server = start("127.0.0.1", 0, bot_nick="services")
    (tmp_path / "config.ini").write_text(
        f'[core]\nhost = 127.0.0.1\nport = {server.address[1]}\nuse_ssl = false\nchannels = "{CHANNEL}"\n'
        "[irscribe]\npace = none\n"
    )
    with ForkedBot(tmp_path) as bot:
        bot.ready()
        yield server.address
    server.stop()


def test_a_flood_by_one_person_leaves_the_others_unaffected(address):
    with Client("mallory", address) as mallory, Client("bob", address) as bob:
        for client in (mallory, bob):
            client.join(CHANNEL)
        bob.say(CHANNEL, "!ir start API returns 500")
        bob.expect(f"^{CHANNEL} <irscribe> Incident 1 ")
        for number in range(FLOOD):
            mallory.send(f"PRIVMSG {CHANNEL} :!log flood {number}")
        begun = monotonic()
        bob.say(CHANNEL, "!ir decided to ignore mallory")
        bob.expect(f"^{CHANNEL} <irscribe> .*decision {LOGGED}")
        bob.say(CHANNEL, "!ir who")
        bob.expect(f"^{CHANNEL} <irscribe> On 1: ")
        assert monotonic() - begun < SOON * slowness()
        answers = [line.text for line in bob.heard if line.speaker == "irscribe"]
        assert sum(answer.startswith("mallory: too fast for me") for answer in answers) == 1
        assert sum(answer.endswith(LOGGED) for answer in answers) < FLOOD / 2
