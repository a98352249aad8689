"""The bot killed without a warning, and started again: what was acknowledged is there, and everything goes on."""

from __future__ import annotations

import json
import os
from contextlib import closing, contextmanager
from time import monotonic

import pytest

from tests.crowd import Crowd
from tests.examples import NOTHING_SKIPPED
from tests.lives import Life, command
from tests.replies import taken_in

KILLS = int(os.environ.get("IRSCRIBE_KILLS") or (200 if NOTHING_SKIPPED else 60))
WHILE_IT_STARTS = 0.3
"""The share of kills that come while the bot starts; the others come once it is in its channel."""
START_SECONDS = 0.12
"""Seconds that a start takes, until a start was measured on this machine."""
WORKS = 0.5
"""The average time from that moment to the kill, as a multiple of the time that the start took."""
RESTARTS = 2
"""Restarts in the conversation that is gone on with."""


@pytest.fixture
def living(tmp_path, network):
    """One life of the bot, ended by SIGKILL, and what somebody asks it; alice is in its channel."""
    with closing(Crowd(network.address, "alice")) as crowd:

        @contextmanager
        def life():
            with Life(tmp_path):
                crowd.play_until(crowd.sees_bot)
                yield lambda line: crowd.ask("alice", line)
            crowd.forget_bot()

        yield life


def test_the_conversation_goes_on_where_it_was(living, tmp_path):
    with living() as ask:
        assert ask("!log before anything is open")
        assert ask("!ir start API returns 500")
        assert ask("!ir ic me")
        assert ask("!log -10m first alert").startswith("#2 ")
        assert ask("!ir summary One thing")
    with living() as ask:
        status = ask("!ir")
        assert "1 “API returns 500”: investigating" in status
        assert "coordinator" in status
        assert ask("!log + and a second").startswith("#2 ")
        assert ask("!ir summary + after another")
        assert ask("!ir adopt") == taken_in(3)
        assert ask("!log -9m still here").startswith("#4 ")
    with living() as ask:
        assert "#4" in ask("!ir undo")
        assert ask("!log -8m the end").startswith("#5 ")
    report = json.loads(command("export", "1", "--format", "json", folder=tmp_path).stdout)
    assert len(report["gaps"]) <= RESTARTS  # a restart within a second leaves none
    assert report["summary"] == "One thing after another"
    assert {"first alert and a second", "before anything is open", "the end"} <= {
        entry["text"] for entry in report["timeline"]
    }


def test_at_whatever_instant_it_is_killed_what_it_acknowledged_is_there_once_and_in_order(scribes, tmp_path):
    crowd, chance = scribes.crowd, scribes.chance
    with Life(tmp_path):
        scribes.open()
    crowd.forget_bot()
    scribes.begin()
    start_takes = START_SECONDS
    for _ in range(KILLS):
        begun = monotonic()
        with Life(tmp_path):
            if chance.random() < WHILE_IT_STARTS:
                crowd.play(chance.uniform(0, start_takes))
            else:
                crowd.play_until(crowd.sees_bot)
                start_takes = monotonic() - begun
                crowd.play(chance.expovariate(1 / (WORKS * start_takes)))
        crowd.forget_bot()
    with Life(tmp_path):
        crowd.play_until(crowd.sees_bot)
        scribes.finish()
    scribes.expect_kept(tmp_path)
    assert scribes.ledger.refused == {}
    assert len(scribes.ledger.entries) > KILLS // 4
