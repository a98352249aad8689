"""The writer: one thread that carries out requests in the order they came, and speaks only of what is committed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from math import inf
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic, sleep
from typing import Protocol

from irscribe.domain.hearing import Challenge, Hearing, Return
from irscribe.domain.request import Errand, Export, Identified, Left, Renamed, Reply, Request, Surrender
from models import FAILED, Database, OccupiedError, Session, is_out_of_reach, reason

log = logging.getLogger(__name__)

AT_ONCE = 64
"""Requests that share a commit when they wait together."""
LOOK_AFTER = 0.25
"""Seconds between looks for acknowledgements whose wait is over."""
PATIENCE = 15.0
"""Seconds for which requests that failed together are tried one by one; those still left are refused untried."""
REST = 1.0
"""Seconds for which a database that is out of reach is not tried again: what comes meanwhile is refused at once."""
ASK_FOR, ASK_EVERY = 20.0, 0.5
"""Seconds for which a database is asked what became of a commit, and between two questions."""
STUCK_AFTER = 60.0
"""Seconds that no write takes, nor all the attempts at one."""
NOT_RECORDED = "The database takes nothing just now, so this was not recorded: please type it again in a minute."
IN_DOUBT = "The database went away in the middle of this, so it may be recorded or not: look before you type it again."

Event = Request | Renamed | Left | Identified | Hearing | Return | Challenge
Outcome = list[Reply | Export | Errand | Renamed | Left | Surrender]


class Handler(Protocol):
    """What serves a request inside the writer's transaction."""

    def handle(self, session: Session, event: Event, now: datetime) -> Outcome:
        """Carry it out; the outcome is for after the commit.

        Raises what a database fails with, and nothing else.
        """

    def has_recorded(self, session: Session, events: Sequence[Event]) -> bool:
        """Whether a line of these events is in the record, and so all that was carried out with it."""

    def refuse(self, event: Event, sentence: str) -> Outcome:
        """How its sender is told that nothing was recorded."""

    def release(self, now: datetime) -> Outcome:
        """What was held back and need not be any longer."""

    def remember(self) -> Callable[[], None]:
        """Note what is held back; calling what this gives goes back to it, after a transaction that came to nothing."""


class UncertainError(Exception):
    """The answer to a commit got lost, and the database could not be asked since."""


class Writer:
    """The only thread that writes to the database."""

    def __init__(self, database: Database, handler: Handler, deliver: Callable[[Outcome], None]) -> None:
        """Write to a database what the handler makes of events, and deliver the outcomes."""
        self.clock: Callable[[], datetime] = partial(datetime.now, UTC)
        self._database = database
        self._handler = handler
        self._deliver = deliver
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._turned = monotonic()
        self._rests_until = -inf
        self._thread = Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to take events."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Carry out what waits, then end."""
        self._events.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout)

    def is_stuck(self) -> bool:
        """Whether something holds it up for longer than any database may."""
        return monotonic() - self._turned > STUCK_AFTER

    def submit(self, event: Event) -> None:
        """Take an event; returns at once."""
        self._events.put(event)

    def _run(self) -> None:
        going = True
        while going:
            self._turned = monotonic()
            batch = self._next_batch()
            going = None not in batch
            events = [event for event in batch if event is not None]
            if events:
                self._deliver(self._commit(events))
            self._deliver(self._handler.release(self.clock()))

    def _next_batch(self) -> Sequence[Event | None]:
        batch: list[Event | None] = []
        with suppress(Empty):
            batch.append(self._events.get(timeout=LOOK_AFTER))
            while len(batch) < AT_ONCE and batch[-1] is not None:
                batch.append(self._events.get_nowait())
        return batch

    def _commit(self, events: Sequence[Event]) -> Outcome:
        """Carry events out in one transaction; where that fails, each in its own, and refuse those that still do."""
        if monotonic() < self._rests_until:
            return self._refuse(events, NOT_RECORDED)
        begun = monotonic()
        try:
            return self._carry_out(events)
        except UncertainError as error:
            log.error("the database went away in the middle of a commit: %s", error)  # noqa: TRY400 - one line is enough
            return self._refuse(events, IN_DOUBT)
        except OccupiedError:
            self._rests_until = monotonic() + REST
            return [Surrender(), *self._refuse(events, NOT_RECORDED)]
        except FAILED as error:
            log.error("the database failed: %s", reason(error))  # noqa: TRY400 - one line is enough
            is_gone = is_out_of_reach(error)
        if len(events) > 1:
            return [each for event in events for each in self._commit_or_refuse(event, since=begun)]
        if is_gone:
            self._rests_until = monotonic() + REST
        return self._refuse(events, NOT_RECORDED)

    def _commit_or_refuse(self, event: Event, *, since: float) -> Outcome:
        if monotonic() - since < PATIENCE:
            return self._commit([event])
        return self._refuse([event], NOT_RECORDED)

    def _refuse(self, events: Sequence[Event], sentence: str) -> Outcome:
        return [each for event in events for each in self._handler.refuse(event, sentence)]

    def _carry_out(self, events: Sequence[Event]) -> Outcome:
        go_back = self._handler.remember()
        outcome: Outcome | None = None
        try:
            with self._database.write() as session:
                outcome = [each for event in events for each in self._handler.handle(session, event, self.clock())]
        except FAILED as error:
            done = outcome is not None and self._was_done(events)
            if outcome is not None and done:
                return outcome
            go_back()
            if done is None:
                raise UncertainError(reason(error)) from error
            raise
        return outcome

    def _was_done(self, events: Sequence[Event]) -> bool | None:
        """Whether a commit was done that failed: its answer may have been lost. None where nobody can be asked."""
        end = monotonic() + ASK_FOR
        while monotonic() < end:
            with suppress(*FAILED):
                return self._finds(events)
            sleep(ASK_EVERY)
        return None

    def _finds(self, events: Sequence[Event]) -> bool:
        """Look for lines where the connection that is lost cannot write any more: another one has its lock."""
        try:
            with self._database.write() as session:
                return self._handler.has_recorded(session, events)
        except OccupiedError:
            with self._database.read() as session:
                return self._handler.has_recorded(session, events)
