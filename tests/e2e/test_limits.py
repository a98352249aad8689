"""Somebody types far too fast, on a real connection: nobody else notices."""

from __future__ import annotations

from time import monotonic

import pytest

from irscribe.demo import Client
from tests.botprocess import BotProcess, free_port

CHANNEL = "#incidents"
FLOOD = 300
SOON = 2.0


@pytest.fixture
def address(tmp_path):
    port = free_port()
    with BotProcess(tmp_path, "--embedded", "--port", str(port)) as bot:
        bot.ready()
        yield "127.0.0.1", port


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
        bob.expect(f"^{CHANNEL} <irscribe> .*decision logged")
        bob.say(CHANNEL, "!ir who")
        bob.expect(f"^{CHANNEL} <irscribe> On 1: ")
        assert monotonic() - begun < SOON
        answers = [line.text for line in bob.heard if line.speaker == "irscribe"]
        assert sum(answer.startswith("mallory: too fast for me") for answer in answers) == 1
        assert sum(answer.endswith("logged") for answer in answers) < FLOOD / 2
