"""One bot at a time on a database.

On PostgreSQL the one connection a bot writes through holds an advisory lock for as long as it lives: who has lost the
connection can neither write nor keep the lock. An SQLite database is held by a file lock beside it, which ends with
the process.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from irscribe.domain.errors import DatabaseError

LOCK = int.from_bytes(b"irscribe", "big")
"""The number of the advisory lock (postgresql.org/docs/current/explicit-locking.html, advisory locks)."""
HELD = "irscribe_held"
TRY = text("select pg_try_advisory_lock(:lock)")
END_GHOST = text(
    "select pg_terminate_backend(pid, 2000) from pg_locks join pg_stat_activity using (pid) "
    "where locktype = 'advisory' and (classid, objid, objsubid) = (:high, :low, 1) and granted "
    "and application_name = current_setting('application_name') and pid <> pg_backend_pid()"
)
"""Ends this process's own last connection, where that broke on the way and the server has not noticed yet."""


class OccupiedError(DatabaseError):
    """Another bot is at work on the database."""

    def __init__(self) -> None:
        super().__init__("Another bot is at work on this database.")


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A transaction on a connection that holds the lock.

    Raises OccupiedError where another bot holds it.
    """
    with engine.begin() as session:
        if HELD not in session.info and not (_try(session) or (_end_ghost(session) and _try(session))):
            raise OccupiedError
        session.info[HELD] = True
        yield session


def _try(session: Connection) -> bool:
    return bool(session.execute(TRY, {"lock": LOCK}).scalar())


def _end_ghost(session: Connection) -> bool:
    return session.execute(END_GHOST, {"high": LOCK >> 32, "low": LOCK & 0xFFFFFFFF}).first() is not None


def hold_file(database: Path) -> IO[str]:
    """Hold an SQLite database by a file beside it, whatever way leads there, while the file given back stays open.

    Raises OccupiedError where another bot holds it, DatabaseError where the file cannot be made.
    """
    resolved = database.resolve()
    path = resolved.with_name(f"{resolved.name}-bot")
    try:
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise DatabaseError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise OccupiedError from error
    return file
