"""The writer: one thread that carries out events, each person's in their order, and replies only after the commit."""

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
from threading import Lock, Thread
from time import monotonic
from typing import Protocol, TypeGuard

from irscribe.domain.coverage import HeardUntil
from irscribe.domain.events import Event, MustBeRecorded, NamesakeJoined, Outcome, StepDown
from irscribe.domain.request import REST_WITHIN, Reply, Request
from irscribe.engine.batch import EVENTS_PER_TRANSACTION, Batch
from irscribe.engine.reconnecting import Reconnecting, UncertainError
from irscribe.engine.renames import chained
from irscribe.engine.split_commands import SplitCommands
from irscribe.engine.writer_queue import WriterQueue
from models import FAILED, Database, NotLeadingError, Session, is_out_of_reach, reason

log = logging.getLogger(__name__)

ONE_BY_ONE_FOR = 15.0
"""Seconds for which the events of a failed transaction are tried one by one; those left then are refused untried."""
RETRY_INTERVAL = 1.0
"""Seconds for which a database out of reach is not tried again; what comes meanwhile is refused at once."""
COMMIT_LOOK_FOR, COMMIT_LOOK_INTERVAL = 20.0, 0.5
"""Seconds to look for a commit whose answer was lost, and seconds between two looks; a namesake that joins ends it."""
STUCK_AFTER = 60.0
"""Seconds with one event after which the writer counts as stuck; all attempts at a write take less."""
MOST_UNRECORDED = 4000
"""Most unrecorded events. Of more the oldest are given up, and then a recorded gap is longer than the real one."""
COMMITS_BEFORE_GIVING_UP = 3
"""After so many later transactions that succeed, the first unrecorded event is given up."""
NOT_RECORDED = "The database takes nothing just now, so this was not recorded: please type it again in a minute."
IN_DOUBT = "The database went away in the middle of this, so it may be recorded or not: look before you type it again."


class Handler(Protocol):
    """Carries out events inside the writer's transaction."""

    def handle(self, session: Session, event: Event, now: datetime) -> Outcome:
        """Carry an event out; the outcome is for after the commit.

        Raises one of ``models.FAILED``, and nothing else.
        """

    def has_recorded(self, session: Session, events: Sequence[Event]) -> bool:
        """True if a line of these events is in the record, and so everything of the same transaction."""

    def refuse(self, event: Event, refusal: str) -> Outcome:
        """Give the outcome of an event that was not recorded."""

    def takes_rest(self, request: Request) -> bool:
        """True for a line that records an entry, so that the rest of a split command can be appended after that."""

    def remember_limits(self) -> Callable[[], None]:
        """Remember how much each person may type; the function it gives restores that after a failed transaction."""


class Writer:
    """The only thread that writes to the database."""

    def __init__(self, database: Database, handler: Handler, deliver: Callable[[Outcome], None]) -> None:
        """Let the handler carry events out on a database, and deliver the outcomes."""
        self.clock: Callable[[], datetime] = partial(datetime.now, UTC)
        self._database = database
        self._handler = handler
        self._deliver = deliver
        self._arrived: SimpleQueue[list[Event] | None] = SimpleQueue()
        self._queue, self._stopping = WriterQueue(handler.takes_rest), False
        self._split_commands = SplitCommands(handler.takes_rest)
        self._arriving = Lock()
        self._namesake_joined = Signal()
        self._busy_since: float | None = None
        self._retry_not_before = self._record_again_at = -inf
        self._unrecorded: list[MustBeRecorded] = []
        self._commits_since = 0
        self._reconnecting = Reconnecting(self._namesake_joined)
        self._thread = Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to take events."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Carry out the events that wait and those held back, then end; events still unrecorded are logged."""
        self._arrived.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout)
        if self._unrecorded:
            _log_lost(self._unrecorded, "as the database takes nothing")

    def is_stuck(self) -> bool:
        """True if the thread has hung for longer than any write takes."""
        busy_since = self._busy_since
        return busy_since is not None and monotonic() - busy_since > STUCK_AFTER

    def submit(self, event: Event) -> None:
        """Queue an event; returns at once."""
        if isinstance(event, NamesakeJoined):
            self._namesake_joined.set()
        # Two threads may submit at once; the events of one, a held command among them, stay together and in order.
        with self._arriving:
            self._arrived.put(self._split_commands.arrive(event))

    def awaits_rest(self, request: Request) -> bool:
        """True if a plain line may be the rest of a split command."""
        return self._split_commands.awaits_rest(request)

    def _run(self) -> None:
        while not self._stopping or self._queue:
            self._take_in(timeout=self._seconds_to_wait())
            if self._stopping:
                self._retry_not_before = self._record_again_at = -inf
            self._queue.put(
                self._split_commands.end() if self._stopping else self._split_commands.release(self.clock())
            )
            self._deliver(self._split_commands.take_due())
            self._serve(Batch(self._take, self._queue.charge))
            self._busy_since = None

    def _take_in(self, *, timeout: float | None) -> None:
        """Queue the events that have come; wait for one until the timeout."""
        events: list[Event] = []
        with suppress(Empty):
            while True:
                arrived = self._arrived.get(timeout=timeout)
                events += arrived or ()
                self._stopping = self._stopping or arrived is None
                timeout = 0
        self._queue.put(chained(events))
        self._busy_since = monotonic()

    def _take(self, joins: bool) -> Event | None:  # noqa: FBT001 - the one argument of a function handed on
        """Take the next event for a transaction at work, of all that have come by now."""
        self._take_in(timeout=0)
        return self._queue.take(joins=joins)

    def _seconds_to_wait(self) -> float | None:
        """Give the seconds until something is due without an event; None if nothing is."""
        if self._queue:
            return 0.0
        waits: list[float] = []
        if self._unrecorded:
            waits.append(max(self._record_again_at, self._retry_not_before) - monotonic())
        if release := self._split_commands.next_release():
            waits.append(min(release - self.clock(), REST_WITHIN).total_seconds())
        return max(0.0, min(waits)) if waits else None

    def _serve(self, batch: Batch) -> None:
        """Carry out unrecorded events, then some that wait; while some stay unrecorded, new ones queue behind them."""
        begun = monotonic()
        if self._unrecorded and (self._queue or begun >= self._record_again_at):
            self._record_unrecorded()
        if self._unrecorded:
            self._deliver(self._one_by_one([*batch], since=begun))
        elif self._queue:
            self._deliver(self._commit(batch))
        if any(isinstance(each, NamesakeJoined) for each in batch.events):
            self._namesake_joined.clear()

    def _record_unrecorded(self) -> None:
        """Carry out unrecorded events in their order as far as the database takes them: in batches, else one by one.

        An event had its effects outside the record when it arrived; only its replies are still to say. If another bot
        is active by now, it has heard the same events itself, and these are dropped.
        """
        batch_size = EVENTS_PER_TRANSACTION
        while monotonic() >= self._retry_not_before and (some := self._unrecorded[:batch_size]):
            try:
                outcome = self._carry_out(Batch.of(some))
            except NotLeadingError:
                self._unrecorded.clear()
            except (UncertainError, *FAILED) as error:
                log.debug("still owed to the record: %s", reason(error))
                self._record_again_at = monotonic() + RETRY_INTERVAL
                if isinstance(error, UncertainError) or is_out_of_reach(error):
                    self._retry_not_before = self._record_again_at
                if len(some) == 1:
                    return
                batch_size = 1
            else:
                del self._unrecorded[: len(some)]
                self._commits_since = 0
                self._deliver([each for each in outcome if isinstance(each, Reply)])

    def _commit(self, batch: Batch) -> Outcome:
        """Carry events out in one transaction; if it fails, each in its own, and refuse those that fail again."""
        if monotonic() < self._retry_not_before:
            return self._refuse([*batch], NOT_RECORDED)
        begun = monotonic()
        try:
            outcome = self._reconnecting.carry_out(partial(self._carry_out, batch))
        except UncertainError as error:
            log.error("the database went away in the middle of a commit: %s", error)  # noqa: TRY400 - one line is enough
            return self._refuse(batch.events, IN_DOUBT)
        except NotLeadingError:
            self._retry_not_before = monotonic() + RETRY_INTERVAL
            refused = self._refuse(batch.events or [*batch], NOT_RECORDED)
            self._unrecorded.clear()
            return [StepDown(), *refused]
        except FAILED as error:
            log.error("the database failed: %s", reason(error))  # noqa: TRY400 - one line is enough
            is_gone = is_out_of_reach(error)
        else:
            self._count_commit()
            return outcome
        events = batch.events or [*batch]
        if len(events) > 1:
            return self._one_by_one(events, since=begun)
        if is_gone:
            self._retry_not_before = monotonic() + RETRY_INTERVAL
        return self._refuse(events, NOT_RECORDED)

    def _one_by_one(self, events: Sequence[Event], *, since: float) -> Outcome:
        return [each for event in events for each in self._commit_or_refuse(event, since=since)]

    def _commit_or_refuse(self, event: Event, *, since: float) -> Outcome:
        if monotonic() - since < ONE_BY_ONE_FOR and not (self._unrecorded and _must_be_recorded(event)):
            return self._commit(Batch.of([event]))
        return self._refuse([event], NOT_RECORDED)

    def _refuse(self, events: Sequence[Event], refusal: str) -> Outcome:
        """Refuse events that somebody can type again; keep the others as unrecorded."""
        if unrecorded := [*filter(_must_be_recorded, events)]:
            self._unrecorded += unrecorded
            self._record_again_at = monotonic() + RETRY_INTERVAL
        if len(self._unrecorded) > MOST_UNRECORDED:
            self._give_up(len(self._unrecorded) - MOST_UNRECORDED, "as too much is owed to it")
        return self._hold_replies(events, [self._handler.refuse(each, refusal) for each in events])

    def _count_commit(self) -> None:
        """Count a commit against the first unrecorded event; after too many, give that event up."""
        if self._unrecorded:
            self._commits_since += 1
            if self._commits_since == COMMITS_BEFORE_GIVING_UP:
                self._give_up(1, "as the database takes everything else")

    def _give_up(self, count: int, why: str) -> None:
        _log_lost(self._unrecorded[:count], why)
        del self._unrecorded[:count]
        self._commits_since = 0

    def _carry_out(self, batch: Batch) -> Outcome:
        restore_limits = self._handler.remember_limits()
        outcomes: list[Outcome] | None = None
        try:
            with self._database.write() as session:
                outcomes = [self._handler.handle(session, event, self.clock()) for event in batch]
        except FAILED as error:
            done = outcomes is not None and self._was_done(batch.events)
            if outcomes is not None and done:
                return self._hold_replies(batch.events, outcomes)
            restore_limits()
            if done is None:
                raise UncertainError(reason(error)) from error
            raise
        return self._hold_replies(batch.events, outcomes)

    def _hold_replies(self, events: Sequence[Event], outcomes: Sequence[Outcome]) -> Outcome:
        """Give what is to be done now; replies to a split command may be held back."""
        settled = zip(events, outcomes, strict=True)
        return [each for event, outcome in settled for each in self._split_commands.hold_replies(event, outcome)]

    def _was_done(self, events: Sequence[Event]) -> bool | None:
        """True if a commit took effect though its answer was lost; None if the database cannot be queried."""
        end = monotonic() + COMMIT_LOOK_FOR
        while monotonic() < end:
            with suppress(*FAILED):
                return self._finds(events)
            if self._namesake_joined.wait(COMMIT_LOOK_INTERVAL):
                break
        return None

    def _finds(self, events: Sequence[Event]) -> bool:
        """True if the events are in the record; this transaction keeps the lost one from committing them later."""
        try:
            with self._database.write() as session:
                return self._handler.has_recorded(session, events)
        except NotLeadingError:
            with self._database.read() as session:
                return self._handler.has_recorded(session, events)


def _must_be_recorded(event: Event) -> TypeGuard[MustBeRecorded]:
    """True if an event must reach the record: nobody types it again, and no later one says the same."""
    return event.over if isinstance(event, HeardUntil) else isinstance(event, MustBeRecorded)


def _log_lost(unrecorded: Sequence[MustBeRecorded], why: str) -> None:
    kinds = Counter(type(each).__name__ for each in unrecorded).items()
    log.error("lost to the record, %s: %s", why, ", ".join(f"{count} {kind}" for kind, count in kinds))
