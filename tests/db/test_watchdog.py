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
    handler = Stuck(talk.application)
    writer = Writer(talk.database, handler, lambda _: None)
    writer.submit(talk.request("alice", "!ir"))
    writer.start()
    handler.entered.get(timeout=SOON)
    assert not writer.is_stuck()
    clock[0] += STUCK_AFTER + 1
    assert writer.is_stuck()
    writer.submit(talk.request("alice", "!ir"))
    handler.let_go.put(None)
    handler.entered.get(timeout=SOON)
    assert not writer.is_stuck()
    handler.let_go.put(None)
    writer.stop(SOON)


def test_a_writer_that_has_nothing_to_do_is_not_stuck(talk, clock):
    writer = Writer(talk.database, talk.adapter, lambda _: None)
    writer.start()
    clock[0] += STUCK_AFTER + 1
    assert not writer.is_stuck()
    writer.submit(talk.request("alice", "!ir"))
    writer.stop(SOON)
    clock[0] += STUCK_AFTER + 1
    assert not writer.is_stuck()
