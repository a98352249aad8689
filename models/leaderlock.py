"""The leader lock: of the bots on one database only the active one writes.

On PostgreSQL the one connection a bot writes through holds an advisory lock for as long as it lives: a bot that has
lost the connection can neither write nor keep the lock. Taking the lock again is not enough: the table ``leader_lock``
names its last holder, and a bot that finds another name there has missed the lines which that bot heard.
``filelock.py`` does the same for an SQLite file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from types import MappingProxyType

from sqlalchemy import Column, String, Table, delete, func, insert, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from irscribe.domain.errors import DatabaseError
from models.schema import metadata

leader_lock = Table("leader_lock", metadata, Column("holder", String(64), primary_key=True))
"""The active bot, or the last one: the name by which the server knows it; at most one row, on SQLite none."""

LOCK_NUMBER = int.from_bytes(b"irscribe", "big")
"""The number of the advisory lock (postgresql.org/docs/current/explicit-locking.html, advisory locks)."""
HELD = "irscribe_held"
READ_ONLY = "25006"
"""The server's code for a write where none is allowed (postgresql.org/docs/current/errcodes-appendix.html)."""
TRY = text("select pg_try_advisory_lock(:lock)")
RELEASE = text("select pg_advisory_unlock(:lock)")
OWN_NAME = func.current_setting("application_name")
END_GHOST = text(
    "select pg_terminate_backend(pid, 2000) from pg_locks join pg_stat_activity using (pid) "
    "where locktype = 'advisory' and (classid, objid, objsubid) = (:high, :low, 1) and granted "
    "and application_name = current_setting('application_name') and pid <> pg_backend_pid()"
)
"""Ends this process's own last connection, where that broke on the way and the server has not noticed yet."""
HOLDER = text(
    "select host(client_addr) as address, backend_start at time zone 'UTC' as since, "
    "coalesce(application_name = current_setting('application_name'), false) as is_own "
    "from pg_locks join pg_stat_activity using (pid) "
    "where locktype = 'advisory' and (classid, objid, objsubid) = (:high, :low, 1) and granted "
    "and database = (select oid from pg_database where datname = current_database())"
)
HALVES = MappingProxyType({"high": LOCK_NUMBER >> 32, "low": LOCK_NUMBER & 0xFFFFFFFF})
"""The two halves in which ``pg_locks`` shows the number."""


class NotLeadingError(DatabaseError):
    """The leader lock is not this bot's."""


class OccupiedError(NotLeadingError):
    """Another bot is the active one on the database; ``holder`` says which, as far as that is known."""

    def __init__(self, holder: str | None = None) -> None:
        super().__init__("Another bot is at work on this database.")
        self.holder = holder

    @property
    def remark(self) -> str:
        """The holder in brackets, to stand behind a word; empty where nobody knows it."""
        return f" ({self.holder})" if self.holder else ""


class VacantError(NotLeadingError):
    """No bot is active on the database, and this one has to take the leader lock first."""

    def __init__(self) -> None:
        super().__init__("This bot has not claimed the database.")


class LingeringError(DatabaseError):
    """The server has not noticed yet that this bot's own last connection broke."""

    def __init__(self) -> None:
        super().__init__("The server still holds the last connection of this bot.")


class LeaderConnection:
    """The one connection that the active bot writes through; threads that want it wait for each other.

    They wait here and not in the engine's pool, which does not tell them that the connection broke.
    """

    def __init__(self, engine: Engine) -> None:
        """Write through an engine that has a single connection."""
        self._engine = engine
        self._free = Lock()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Begin a transaction of the active bot.

        Raises OccupiedError if another bot is active, VacantError if none is.
        """
        with self._free, self._begin() as session:
            yield session

    def take(self) -> None:
        """Take the leader lock.

        Raises OccupiedError if another bot holds it.
        """
        with self._free, _transaction(self._engine) as session:
            if HELD not in session.info:
                _hold(session)
            if not _is_holder(session):
                session.execute(delete(leader_lock))
                session.execute(insert(leader_lock).values(holder=OWN_NAME))
            session.info[HELD] = True

    def release(self) -> None:
        """Release the leader lock; any bot may take it then."""
        with self._free:
            try:
                with self._begin() as session:
                    session.execute(delete(leader_lock))
            finally:
                self.close()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with _transaction(self._engine) as session:
            if HELD not in session.info:
                _hold(session)
                if not _is_holder(session):
                    session.execute(RELEASE, {"lock": LOCK_NUMBER})
                    raise VacantError
                session.info[HELD] = True
            yield session

    def close(self) -> None:
        """Close the connection, which releases the lock."""
        self._engine.dispose()


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction; a connection that refuses writes is closed, as the server may have been read-only then."""
    with engine.begin() as session:
        try:
            yield session
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) == READ_ONLY:
                session.invalidate()
            raise


def _hold(session: Connection) -> None:
    """Take the advisory lock; end this bot's own broken connection if that holds it.

    It may end by itself between the statements, so the lock is tried again whether it was still there or not.
    """
    if _try(session):
        return
    session.execute(END_GHOST, HALVES)
    if _try(session):
        return
    holder = session.execute(HOLDER, HALVES).mappings().first()
    if holder is None:
        raise OccupiedError
    if holder["is_own"]:
        raise LingeringError
    place = f"from {holder['address']}" if holder["address"] else "on the database's own host"
    raise OccupiedError(f"{place}, connected since {holder['since']:%Y-%m-%d %H:%M} UTC")


def _is_holder(session: Connection) -> bool:
    return session.execute(select(leader_lock.c.holder).where(leader_lock.c.holder == OWN_NAME)).first() is not None


def _try(session: Connection) -> bool:
    return bool(session.execute(TRY, {"lock": LOCK_NUMBER}).scalar())
