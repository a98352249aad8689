"""The writer: one thread that carries out requests in the order they came, and speaks only of what is committed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from math import inf
from queue import Empty, SimpleQueue
from threading import Event as Signal
from threading import Thread
from time import monotonic
from typing import Protocol, TypeGuard

from irscribe.domain.coverage import ChannelRejoined, HeardUntil, NamesakeJoined
from irscribe.domain.request import Export, Identified, Left, OutboxFilled, Renamed, Reply, Request, StepDown
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
"""Seconds for which a database is asked what became of a commit, and between two questions; until another bot comes."""
STUCK_AFTER = 60.0
"""Seconds that no write takes, nor all the attempts at one."""
MOST_OWED = 4000
"""Events kept for a database that takes nothing; of more the oldest are lost, and a gap is recorded as too long."""
PASSED_BY = 3
"""How often the database takes what came later before what it does not take is given up."""
NOT_RECORDED = "The database takes nothing just now, so this was not recorded: please type it again in a minute."
IN_DOUBT = "The database went away in the middle of this, so it may be recorded or not: look before you type it again."

Event = Request | Renamed | Left | Identified | HeardUntil | ChannelRejoined | NamesakeJoined
Owed = Renamed | Identified | HeardUntil | ChannelRejoined
Outcome = list[Reply | Export | OutboxFilled | Renamed | Left | StepDown]


class Handler(Protocol):
    """What serves a request inside the writer's transaction."""

    def handle(self, session: Session, event: Event, now: datetime) -> Outcome:
        """Carry it out; the outcome is for after the commit.

        Raises what a database fails with, and nothing else.
        """

    def has_recorded(self, session: Session, events: Sequence[Event]) -> bool:
        """Whether a line of these events is in the record, and so all that was carried out with it."""

    def refuse(self, event: Event, sentence: str) -> Outcome:
        """What there is to say and do at once where an event is not recorded."""

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
        self._challenged = Signal()
        self._turned = monotonic()
        self._rests_until = self._settles_at = -inf
        self._owed: list[Owed] = []
        self._passed_by = 0
        self._thread = Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to take events."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Carry out what waits, then end; what is owed to the record even then is logged."""
        self._events.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout)
        if self._owed:
            _say_lost(self._owed, "as the database takes nothing")

    def is_stuck(self) -> bool:
        """Whether something holds it up for longer than any database may."""
        return monotonic() - self._turned > STUCK_AFTER

    def submit(self, event: Event) -> None:
        """Take an event; returns at once."""
        if isinstance(event, NamesakeJoined):
            self._challenged.set()
        self._events.put(event)

    def _run(self) -> None:
        going = True
        while going:
            self._turned = monotonic()
            batch = self._next_batch()
            going = None not in batch
            if not going:
                self._rests_until = self._settles_at = -inf
            self._serve([event for event in batch if event is not None])
            self._deliver(self._handler.release(self.clock()))

    def _next_batch(self) -> Sequence[Event | None]:
        batch: list[Event | None] = []
        with suppress(Empty):
            batch.append(self._events.get(timeout=LOOK_AFTER))
            while len(batch) < AT_ONCE and batch[-1] is not None:
                batch.append(self._events.get_nowait())
        return batch

    def _serve(self, events: Sequence[Event]) -> None:
        """Carry out what is owed to the record, then these; where it stays owed, what is owed of these waits behind."""
        begun = monotonic()
        if self._owed and (events or begun >= self._settles_at):
            self._settle()
        if self._owed:
            self._deliver(self._one_by_one(events, since=begun))
        elif events:
            self._deliver(self._commit(events))
        if any(isinstance(each, NamesakeJoined) for each in events):
            self._challenged.clear()

    def _settle(self) -> None:
        """Carry out what is owed, in its order, as far as the database takes it: some at a time, else one by one.

        What an event does beside the record it has done when it came; only what it says is still to be said. The bot
        whose turn it is by now has heard for itself, and is owed nothing.
        """
        at_once = AT_ONCE
        while monotonic() >= self._rests_until and (some := self._owed[:at_once]):
            try:
                outcome = self._carry_out(some)
            except OccupiedError:
                self._owed.clear()
            except (UncertainError, *FAILED) as error:
                log.debug("still owed to the record: %s", reason(error))
                self._settles_at = monotonic() + REST
                if isinstance(error, UncertainError) or is_out_of_reach(error):
                    self._rests_until = self._settles_at
                if len(some) == 1:
                    return
                at_once = 1
            else:
                del self._owed[: len(some)]
                self._passed_by = 0
                self._deliver([each for each in outcome if isinstance(each, Reply)])

    def _commit(self, events: Sequence[Event]) -> Outcome:
        """Carry events out in one transaction; where that fails, each in its own, and refuse those that still do."""
        if monotonic() < self._rests_until:
            return self._refuse(events, NOT_RECORDED)
        begun = monotonic()
        try:
            outcome = self._carry_out(events)
        except UncertainError as error:
            log.error("the database went away in the middle of a commit: %s", error)  # noqa: TRY400 - one line is enough
            return self._refuse(events, IN_DOUBT)
        except OccupiedError:
            self._rests_until = monotonic() + REST
            refused = self._refuse(events, NOT_RECORDED)
            self._owed.clear()
            return [StepDown(), *refused]
        except FAILED as error:
            log.error("the database failed: %s", reason(error))  # noqa: TRY400 - one line is enough
            is_gone = is_out_of_reach(error)
        else:
            self._pass_by()
            return outcome
        if len(events) > 1:
            return self._one_by_one(events, since=begun)
        if is_gone:
            self._rests_until = monotonic() + REST
        return self._refuse(events, NOT_RECORDED)

    def _one_by_one(self, events: Sequence[Event], *, since: float) -> Outcome:
        return [each for event in events for each in self._commit_or_refuse(event, since=since)]

    def _commit_or_refuse(self, event: Event, *, since: float) -> Outcome:
        if monotonic() - since < PATIENCE and not (self._owed and _is_owed(event)):
            return self._commit([event])
        return self._refuse([event], NOT_RECORDED)

    def _refuse(self, events: Sequence[Event], sentence: str) -> Outcome:
        """Have who can type an event again told so; what nobody can is owed."""
        if owed := [*filter(_is_owed, events)]:
            self._owed += owed
            self._settles_at = monotonic() + REST
        if len(self._owed) > MOST_OWED:
            self._give_up(len(self._owed) - MOST_OWED, "as too much is owed to it")
        return [each for event in events for each in self._handler.refuse(event, sentence)]

    def _pass_by(self) -> None:
        """The database has taken something: where it has not taken what is owed, that may be the fault of this."""
        if self._owed:
            self._passed_by += 1
            if self._passed_by == PASSED_BY:
                self._give_up(1, "as the database takes everything else")

    def _give_up(self, count: int, why: str) -> None:
        _say_lost(self._owed[:count], why)
        del self._owed[:count]
        self._passed_by = 0

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
            if self._challenged.wait(ASK_EVERY):
                break
        return None

    def _finds(self, events: Sequence[Event]) -> bool:
        """Look for lines where the connection that is lost cannot write any more: another one has its lock."""
        try:
            with self._database.write() as session:
                return self._handler.has_recorded(session, events)
        except OccupiedError:
            with self._database.read() as session:
                return self._handler.has_recorded(session, events)


def _is_owed(event: Event) -> TypeGuard[Owed]:
    """Whether an event is owed to the record: nobody types it again, and no later one says the same."""
    return event.over if isinstance(event, HeardUntil) else isinstance(event, Owed)


def _say_lost(owed: Sequence[Owed], why: str) -> None:
    kinds = Counter(type(each).__name__ for each in owed)
    log.error("lost to the record, %s: %s", why, ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
