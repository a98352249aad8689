"""Inside a transaction: a step that can be rolled back alone, and the incidents that were changed so far."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from irscribe.domain.errors import DatabaseError
from models.prepared import execute

UNUSABLE = (OperationalError, InterfaceError, InternalError, PoolTimeoutError, DatabaseError)
"""The errors of a database that is locked, full, read-only or gone; the statement is not to blame."""
CHANGED, WITHDRAWN = "irscribe_changed", "irscribe_withdrawn"


class Savepoint:
    """Rolls back what the block did if it ends with an error; the transaction goes on, unless the database failed."""

    def __init__(self, session: Connection) -> None:
        """Begin nothing yet."""
        self._session = session

    def __enter__(self) -> None:
        self._changed_before = frozenset(changed_incidents(self._session))
        execute(self._session, "SAVEPOINT step")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, UNUSABLE):
            return
        if error is not None:
            execute(self._session, "ROLLBACK TO SAVEPOINT step")
            changed_incidents(self._session).intersection_update(self._changed_before)
        execute(self._session, "RELEASE SAVEPOINT step")


def begin_marks(session: Connection) -> None:
    """Forget what the last transaction of a connection marked."""
    changed_incidents(session).clear()
    session.info[WITHDRAWN] = False


def changed_incidents(session: Connection) -> set[int]:
    """Give the incidents that the transaction changed so far."""
    found: set[int] = session.info.setdefault(CHANGED, set())
    return found


def mark_changed(session: Connection, number: int) -> None:
    """Note that the transaction changes what an incident's report or its own row shows.

    Every function of ``models`` that writes such a row calls this. Not shown are the change log, intents, dialogues,
    the current incident of a channel and the state of the index.
    """
    changed_incidents(session).add(number)


def mark_changed_where(session: Connection, table: Table, condition: Any) -> None:
    """Note that the transaction changes these rows of a table, each of an incident."""
    number = table.c.get("incident", table.c.get("number"))
    rows = session.execute(select(number).where(condition).distinct())
    changed_incidents(session).update(row[0] for row in rows)


def mark_withdrawn(session: Connection) -> None:
    """Note that the transaction takes a text or an incident from somebody who could see it.

    A text that was read before its commit must not be said after it. A step that is rolled back leaves the mark: that
    costs a second look and no more.
    """
    session.info[WITHDRAWN] = True


def is_withdrawn(session: Connection) -> bool:
    """True if the transaction has marked that."""
    return bool(session.info.get(WITHDRAWN))
