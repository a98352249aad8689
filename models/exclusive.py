"""One bot at a time on a database.

On PostgreSQL the one connection a bot writes through holds an advisory lock for as long as it lives: who has lost the
connection can neither write nor keep the lock. Having it back is not enough: the table ``turn`` says whose turn it was
last, and who finds another there has missed what that one heard. An SQLite database is held by a file lock beside it,
which ends with the process.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO

from sqlalchemy import Column, String, Table, delete, func, insert, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from irscribe.domain.errors import DatabaseError
from models.schema import metadata

turn = Table("turn", metadata, Column("owner", String(64), primary_key=True))
"""Whose turn it is or was last: the name under which a bot is known to the server; at most one row, on SQLite none."""

LOCK = int.from_bytes(b"irscribe", "big")
"""The number of the advisory lock (postgresql.org/docs/current/explicit-locking.html, advisory locks)."""
HELD = "irscribe_held"
READ_ONLY = "25006"
"""The server's word for it (postgresql.org/docs/current/errcodes-appendix.html)."""
TRY = text("select pg_try_advisory_lock(:lock)")
LET_GO = text("select pg_advisory_unlock(:lock)")
OWN_NAME = func.current_setting("application_name")
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


class Exclusive:
    """The one connection a bot writes through.

    Who wants it waits here until it is free: the engine's pool does not tell who waits there that it broke.
    """

    def __init__(self, engine: Engine) -> None:
        """Write through an engine that has a single connection."""
        self._engine = engine
        self._free = Lock()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction of the bot whose turn it is.

        Raises OccupiedError where it is another bot's.
        """
        with self._free, self._begin() as session:
            yield session

    def claim(self) -> None:
        """Make it this bot's turn.

        Raises OccupiedError where another bot holds the lock.
        """
        with self._free, _transaction(self._engine) as session:
            if HELD not in session.info:
                _hold(session)
            if not _is_owner(session):
                session.execute(delete(turn))
                session.execute(insert(turn).values(owner=OWN_NAME))
            session.info[HELD] = True

    def let_go(self) -> None:
        """Make it nobody's turn, until somebody claims it."""
        with self._free:
            try:
                with self._begin() as session:
                    session.execute(delete(turn))
            finally:
                self.close()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with _transaction(self._engine) as session:
            if HELD not in session.info:
                _hold(session)
                if not _is_owner(session):
                    session.execute(LET_GO, {"lock": LOCK})
                    raise OccupiedError
                session.info[HELD] = True
            yield session

    def close(self) -> None:
        """Give the connection back, and the lock with it."""
        self._engine.dispose()


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction; a connection that takes nothing is given up, as it may be read-only since it was made."""
    with engine.begin() as session:
        try:
            yield session
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) == READ_ONLY:
                session.invalidate()
            raise


def _hold(session: Connection) -> None:
    if not (_try(session) or (_end_ghost(session) and _try(session))):
        raise OccupiedError


def _is_owner(session: Connection) -> bool:
    return session.execute(select(turn.c.owner).where(turn.c.owner == OWN_NAME)).first() is not None


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
