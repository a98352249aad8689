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
CHANGED = "irscribe_changed"


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


def changed_incidents(session: Connection) -> set[int]:
    """Give the incidents that the transaction changed so far; ``Database.write`` empties the set at its beginning."""
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
