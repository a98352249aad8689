"""Crowds that type, come and go at once on a network with limits against floods: the bot keeps up, and is kept."""

from __future__ import annotations

import json
import re
from time import monotonic, sleep

from irscribe.demo import Client
from tests.ircservers import InspIrcd
from tests.lives import ForkedBot, command
from tests.replies import LOGGED
from tests.throng import Throng
from tests.waiting import HANGS, slowness

WRITERS, NOTES, WITHIN = 50, 20, 4.0
PASSERS_BY = 500
SOON = 2.0
SETTINGS = """
[core]
host = 127.0.0.1
port = {port}
use_ssl = false
channels =
    "#calm"
    "#ops"
"""


def wait_for_status(alice):
    """Seconds until a question in another channel is answered."""
    asked = monotonic()
    alice.say("#calm", "!ir status")
    alice.expect("#calm <irscribe> 1 “calm”", HANGS)
    return monotonic() - asked


def type_notes(throng, alice):
    """Everybody types their notes within the time; how long two questions elsewhere took to be answered meanwhile."""
    begun, waits = monotonic(), []
    for number in range(NOTES):
        throng.say(f"PRIVMSG #ops :!log note {{}}.{number}")
        if number in {6, 16}:
            waits.append(wait_for_status(alice))
        sleep(max(0.0, begun + (number + 1) * WITHIN / NOTES - monotonic()))
    return waits


def test_a_crowd_is_recorded_in_order_and_nobody_else_waits(tmp_path):
    with InspIrcd(tmp_path) as server:
        (tmp_path / "config.ini").write_text(SETTINGS.format(port=server.strict))
        with ForkedBot(tmp_path) as bot, Client("alice", server.address) as alice:
            bot.ready()
            for channel in ("#calm", "#ops"):
                alice.join(channel)
                alice.say(channel, f"!ir start {channel[1:]}")
                alice.expect(f"{channel} <irscribe> .*#1 ", HANGS)
            alice.part("#ops")
            with Throng("writer", WRITERS, address=server.address, channel="#ops") as throng:
                waits = type_notes(throng, alice)
                throng.expect(f"#{1 + WRITERS * NOTES} {LOGGED}")
                said = [line for line in throng.heard if line.startswith(":irscribe!")]
                typed = re.findall(r"!log (note \d+\.\d+)", "\n".join(throng.heard))
            with Throng("passer", PASSERS_BY, address=server.address, channel="#ops"):
                waits.append(wait_for_status(alice))
            waits.append(wait_for_status(alice))
        assert "Disconnected" not in bot.errors.read_text()
    assert max(waits) < SOON * slowness()
    assert len(said) <= 2 * WITHIN
    written = json.loads(command("export", "2", "--format", "json", folder=tmp_path).stdout)
    recorded = [entry["text"] for entry in written["timeline"]][1:]
    assert len(recorded) == WRITERS * NOTES
    assert [text for text in recorded if not text.startswith("note 0.")] == typed
