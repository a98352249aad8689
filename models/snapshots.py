"""Snapshots: the database as it was at one moment, read beside the writer on connections of their own.

An open snapshot keeps SQLite's log from being truncated and PostgreSQL from vacuuming, so it lasts a second at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from time import monotonic
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, ExceptionContext

from irscribe.domain.errors import DatabaseError

LONGEST = 1.0
"""Most seconds of a snapshot; the server of PostgreSQL is told the same as the limit of a statement."""
PATIENCE = 2.0
"""Seconds for which a purge waits for open snapshots before it interrupts them."""
END_WITHIN = 1.0
"""Seconds for which a purge waits for the end of what it has interrupted."""
STEPS_BETWEEN_LOOKS = 20_000
"""Instructions of SQLite between two looks at the clock, about a millisecond."""
DEADLINE = "irscribe_deadline"


class SnapshotEndedError(DatabaseError):
    """A snapshot lasted too long, or was in the way of a purge."""

    def __init__(self) -> None:
        super().__init__(f"The snapshot was ended: it may last {LONGEST:g} s.")


@dataclass(eq=False)
class Deadline:
    """The end of a snapshot, as monotonic time in seconds; a purge sets it to an earlier one."""

    at: float

    def is_over(self) -> bool:
        """True if nothing more may be read."""
        return monotonic() >= self.at


class Snapshots:
    """Opens snapshots of a database through an engine that is used for nothing else."""

    def __init__(self, engine: Engine) -> None:
        """Open nothing yet."""
        self.engine = engine
        self.longest = LONGEST
        self._open: set[Deadline] = set()
        self._changed = Condition()
        self._held_back = False
        event.listen(engine, "before_cursor_execute", refuse_late)
        event.listen(engine, "handle_error", _explain)

    @contextmanager
    def open(self) -> Iterator[Connection]:
        """Open a snapshot, after the end of a purge that is at work.

        Raises SnapshotEndedError from a statement that begins, or still runs, ``longest`` seconds later.
        """
        with (
            self._deadline() as deadline,
            self.engine.connect().execution_options(reads_only=True) as session,
            _limited(session, deadline),
            session.begin(),
        ):
            yield session

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Let nobody hold a snapshot: wait ``PATIENCE`` seconds for those that are open, then interrupt them."""
        with self._changed:
            self._held_back = True
            if not self._changed.wait_for(lambda: not self._open, PATIENCE):
                self.interrupt()
                self._changed.wait_for(lambda: not self._open, END_WITHIN)
        try:
            yield
        finally:
            with self._changed:
                self._held_back = False
                self._changed.notify_all()

    def interrupt(self) -> None:
        """End the snapshots that are open, in the middle of a statement too.

        SQLite looks at the deadline itself, as ``sqlite3_interrupt`` could meet the next use of the connection.
        """
        for deadline in [*self._open]:
            deadline.at = 0.0

    @contextmanager
    def _deadline(self) -> Iterator[Deadline]:
        with self._changed:
            self._changed.wait_for(lambda: not self._held_back, PATIENCE + END_WITHIN)
            deadline = Deadline(monotonic() + self.longest)
            self._open.add(deadline)
        try:
            yield deadline
        finally:
            with self._changed:
                self._open.discard(deadline)
                self._changed.notify_all()


@contextmanager
def _limited(session: Connection, deadline: Deadline) -> Iterator[None]:
    """Have the statements of a session end at the deadline; PostgreSQL's server has a limit of its own."""
    info = session.info  # after a broken connection the session would open another one, with an ``info`` of its own
    info[DEADLINE] = deadline
    raw: Any = session.connection.driver_connection if session.dialect.name == "sqlite" else None
    if raw is not None:
        raw.set_progress_handler(deadline.is_over, STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        info.pop(DEADLINE, None)
        if raw is not None:
            raw.set_progress_handler(None, 0)


def refuse_late(session: Connection, *_: object) -> None:
    """Raise SnapshotEndedError if a session is that of a snapshot that is over."""
    if is_over(session):
        raise SnapshotEndedError


def _explain(failure: ExceptionContext) -> SnapshotEndedError | None:
    """Give the error of a statement that was interrupted; a lost connection keeps its own."""
    session = failure.connection
    return SnapshotEndedError() if session is not None and not failure.is_disconnect and is_over(session) else None


def is_over(session: Connection) -> bool:
    """True if a session is that of a snapshot that is over."""
    deadline: Deadline | None = session.info.get(DEADLINE)
    return deadline is not None and deadline.is_over()
