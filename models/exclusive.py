"""One bot at a time on a database.

On PostgreSQL the one connection a bot writes through holds an advisory lock for as long as it lives: who has lost the
connection can neither write nor keep the lock. Having it back is not enough: the table ``turn`` says whose turn it was
last, and who finds another there has missed what that one heard. ``filelock.py`` does the same for an SQLite file.
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
HOLDER = text(
    "select host(client_addr) as address, backend_start at time zone 'UTC' as since, "
    "coalesce(application_name = current_setting('application_name'), false) as is_own "
    "from pg_locks join pg_stat_activity using (pid) "
    "where locktype = 'advisory' and (classid, objid, objsubid) = (:high, :low, 1) and granted "
    "and database = (select oid from pg_database where datname = current_database())"
)
HALVES = MappingProxyType({"high": LOCK >> 32, "low": LOCK & 0xFFFFFFFF})
"""How the table of locks shows the number."""


class NotLeadingError(DatabaseError):
    """The leader lock is not this bot's."""


class OccupiedError(NotLeadingError):
    """Another bot is at work on the database; ``holder`` says which, as far as that is known."""

    def __init__(self, holder: str | None = None) -> None:
        super().__init__("Another bot is at work on this database.")
        self.holder = holder

    @property
    def remark(self) -> str:
        """The holder in brackets, to stand behind a word; empty where nobody knows it."""
        return f" ({self.holder})" if self.holder else ""


class VacantError(NotLeadingError):
    """No bot is at work on the database, and this one has to claim it first."""

    def __init__(self) -> None:
        super().__init__("This bot has not claimed the database.")


class LingeringError(DatabaseError):
    """The server has not ended this bot's own last connection yet, which broke on the way."""

    def __init__(self) -> None:
        super().__init__("The server still holds the last connection of this bot.")


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

        Raises OccupiedError where it is another bot's, VacantError where it is nobody's.
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
                    raise VacantError
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
    if _try(session) or (_end_ghost(session) and _try(session)):
        return
    holder = session.execute(HOLDER, HALVES).mappings().first()
    if holder is None:
        raise OccupiedError
    if holder["is_own"]:
        raise LingeringError
    place = f"from {holder['address']}" if holder["address"] else "on the database's own host"
    raise OccupiedError(f"{place}, connected since {holder['since']:%Y-%m-%d %H:%M} UTC")


def _is_owner(session: Connection) -> bool:
    return session.execute(select(turn.c.owner).where(turn.c.owner == OWN_NAME)).first() is not None


def _try(session: Connection) -> bool:
    return bool(session.execute(TRY, {"lock": LOCK}).scalar())


def _end_ghost(session: Connection) -> bool:
    return session.execute(END_GHOST, HALVES).first() is not None
