"""A writer that is stuck is known to be."""

from __future__ import annotations

from queue import SimpleQueue

import pytest

from irscribe.adapter import Adapter
from irscribe.domain.events import Outcome
from irscribe.engine.writer import STUCK_AFTER, Writer
from irscribe.services.context.application import ApplicationContext
from tests.waiting import HANGS

SOON = HANGS


class Stuck(Adapter):
    """The adapter, waiting before each line to be let go on."""

    def __init__(self, application: ApplicationContext) -> None:
        super().__init__(application)
        self.entered: SimpleQueue[None] = SimpleQueue()
        self.let_go: SimpleQueue[None] = SimpleQueue()

    def handle(self, *arguments: object) -> Outcome:
        self.entered.put(None)
        self.let_go.get(timeout=SOON)
        return super().handle(*arguments)


@pytest.fixture
def clock(monkeypatch):
    passed = [0.0]
    monkeypatch.setattr("irscribe.engine.writer.monotonic", lambda: passed[0])
    return passed


def test_a_writer_that_is_held_up_is_stuck_and_one_that_goes_on_is_not(talk, clock):
    handler, turns = Stuck(talk.application), SimpleQueue()
    writer = Writer(talk.database, handler, turns.put)
    writer.submit(talk.request("alice", "!ir"))
    writer.start()
    handler.entered.get(timeout=SOON)
    assert not writer.is_stuck()
    clock[0] += STUCK_AFTER + 1
    assert writer.is_stuck()
    handler.let_go.put(None)
    for _ in range(3):  # what came of it, what had waited, and the same of the next turn
        turns.get(timeout=SOON)
    assert not writer.is_stuck()
    writer.stop(SOON)
