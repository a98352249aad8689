"""The database: how a connection is set up, how a transaction begins, which schema it must have."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from irscribe.domain.errors import DatabaseError
from models.exclusive import Exclusive, LingeringError, NotLeadingError
from models.filelock import hold_file
from models.kept import KeptConnection
from models.postgresql import shared_engine, single_connection
from models.prepared import execute
from models.schema import HEAD
from models.transaction import changed_incidents

Session = Connection
"""A connection inside a transaction: what services work on."""

FAILED = (SQLAlchemyError, DatabaseError)
"""What a transaction may end with by no doing of ours."""

PATIENCE = "busy_timeout=10000"
BRIEFLY = "busy_timeout=100"
"""Milliseconds for which somebody who reads is waited for before the log is emptied; all who write wait as long."""
PRAGMAS = ("journal_mode=wal", "synchronous=full", "foreign_keys=on", PATIENCE, "secure_delete=on")


class VersionError(DatabaseError):
    """The schema is not the one this program was written for."""


class Database:
    """An engine, and the two ways a transaction begins on it."""

    def __init__(self, url: str, *, alone: bool = False) -> None:
        """Name a database; nothing is opened or created yet. ``alone``: only one such at a time writes to it.

        ``file`` is that of an SQLite database. ``after_commit`` may be set to a function that raises nothing.

        Raises DatabaseError for a URL that is none.
        """
        self.after_commit: Callable[[frozenset[int]], None] = lambda _incidents: None
        self._alone = alone
        try:
            self.url = make_url(url)
            self.engine = _engine(self.url)
            self._writing = self._choose_writing()
        except (ArgumentError, ValueError) as error:
            raise DatabaseError(
                "[irscribe] database is not a database URL, such as sqlite:///var/irscribe.db."
            ) from error
        except ModuleNotFoundError as error:
            raise DatabaseError(
                f"[irscribe] database: the driver {error.name} is not installed; PostgreSQL needs psycopg2-binary."
            ) from error
        self.file = Path(self.url.database) if self.engine.dialect.name == "sqlite" and self.url.database else None
        self._seen: tuple[int, int] | None = None
        self._hold: IO[bytes] | None = None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that will write, committed at the end of the block.

        ``after_commit`` is called with the incidents that it changed, in this thread. It is called as well when the
        answer to the commit was lost, as the commit may have taken effect.

        Raises DatabaseError when there is no such database: only ``create`` makes one; NotLeadingError when another bot
        is at work on one that is to be had alone, or this one has to claim it first.
        """
        if self.file is not None:
            self._claim_file(self.file)
        changed: frozenset[int] = frozenset()
        try:
            with self._writing.begin() as session:
                changed_incidents(session).clear()
                yield session
                changed = frozenset(changed_incidents(session))
        finally:
            if changed:
                self.after_commit(changed)

    def require_use(self) -> None:
        """Accept only a database that could be written, if another bot were not at work on it.

        Raises DatabaseError that says why not.
        """
        try:
            self.touch()
        except NotLeadingError:
            return
        except SQLAlchemyError as error:
            raise DatabaseError(f"The database cannot be used: {reason(error)}.") from error

    def touch(self) -> None:
        """Give a sign of life: see that this is still the one that writes, even where nothing can be written just now.

        Raises what ``write`` raises.
        """
        if self.file is not None:
            self._claim_file(self.file)
        else:
            with self.write() as session:
                session.execute(select(1))

    def claim(self) -> None:
        """Be the one that writes from now on, whoever was before.

        Raises OccupiedError when another bot is, and what ``write`` raises.
        """
        if self.file is not None:
            self._claim_file(self.file)
        elif isinstance(self._writing, Exclusive):
            self._writing.claim()

    def let_go(self) -> None:
        """Write no more until the next claim; a file is nobody else's before the process ends.

        Raises what ``write`` raises; the connection is given up all the same.
        """
        if isinstance(self._writing, Exclusive):
            self._writing.let_go()

    def create(self) -> None:
        """Make the file of an SQLite database, empty, if it is not there."""
        if self.file is not None:
            try:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                self.file.touch()
            except OSError as error:
                raise DatabaseError(f"The database {self.file} cannot be made: {error.strerror}.") from error

    def is_there(self) -> bool:
        """Whether there is a file, where an SQLite database is one.

        Raises DatabaseError where nobody may look.
        """
        return self.file is None or _status(self.file) is not None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that sees one moment and writes nothing.

        Raises DatabaseError when there is no such database yet: reading never creates one.
        """
        self._follow_file()
        with self.engine.connect().execution_options(reads_only=True) as session, session.begin():
            yield session

    def version(self) -> str | None:
        """The revision of the schema; None for an empty database."""
        if not self.is_there():
            return None
        try:
            with self.read() as session:
                if not inspect(session).has_table("alembic_version"):
                    return None
                version: str | None = session.execute(text("select version_num from alembic_version")).scalar()
                return version
        except SQLAlchemyError as error:
            raise DatabaseError(f"The database does not open: {reason(error)}.") from error

    def require_head(self) -> None:
        """Accept only the schema this program was written for.

        Raises VersionError that says how to get there, DatabaseError when the database does not open.
        """
        version = self.version()
        if version is None or version < HEAD:
            raise VersionError("The database is not at this version yet: run `bot.py migrate`.")
        if version > HEAD:
            raise VersionError("The database is newer than this program: upgrade irscribe.")

    def forget_deleted(self) -> bool:
        """Overwrite what SQLite's log still holds of texts that are gone; whether nobody who reads stood in the way.

        Raises DatabaseError when the file cannot be written.
        """
        if self.file is None:
            return True
        self._follow_file()
        try:
            with closing(self.engine.raw_connection()) as connection:
                return _empty_log(connection.cursor())
        except sqlite3.Error as error:
            raise DatabaseError(f"The database's log cannot be emptied: {error}.") from error

    def close(self) -> None:
        """Give all connections back, and the database to others."""
        if isinstance(self._writing, Exclusive | KeptConnection):
            self._writing.close()
        self.engine.dispose()
        if self._hold is not None:
            self._hold.close()
            self._hold = None

    def _choose_writing(self) -> Engine | Exclusive | KeptConnection:
        """What transactions that write begin on."""
        if self.engine.dialect.name == "sqlite":
            return KeptConnection(self.engine)
        return Exclusive(single_connection(self.url)) if self._alone else self.engine

    def _claim_file(self, file: Path) -> None:
        self._follow_file()
        if self._alone and self._hold is None:
            self._hold = hold_file(file)

    def _follow_file(self) -> None:
        """Drop connections to a file that is no longer the one of that name: what they write would be lost."""
        if self.file is None:
            return
        status = _status(self.file)
        if status is None:
            self.engine.dispose()
            raise DatabaseError(f"There is no database at {self.file}: start the bot, or run `bot.py migrate`.")
        found = (status.st_dev, status.st_ino)
        if self._seen not in {None, found}:
            self.engine.dispose()
        self._seen = found


def is_out_of_reach(error: Exception) -> bool:
    """Whether there is no database to be had, or not by this bot: trying at once again would be in vain."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or error.statement is None
    return isinstance(error, (PoolTimeoutError, NotLeadingError, LingeringError))


def reason(error: Exception) -> str:
    """Why a database failed, in one line without its final stop."""
    return " ".join(str(error.__cause__ or error).split()).rstrip(".")


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DatabaseError(f"The database {file} cannot be used: {error.strerror}.") from error


def _engine(url: URL) -> Engine:
    """Connections that are kept: setting one up costs more than most transactions."""
    if url.get_backend_name() != "sqlite":
        return shared_engine(url)
    engine = create_engine(
        url, future=True, poolclass=QueuePool, pool_use_lifo=True, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver opens no transactions of its own: _begin does, and DDL rolls back
    with ExitStack() as in_vain:
        in_vain.callback(connection.close)  # the pool does not know the connection yet and would never close it
        for pragma in PRAGMAS:
            connection.execute(f"pragma {pragma}")
        in_vain.pop_all()


def _empty_log(cursor: Any) -> bool:
    cursor.execute(f"pragma {BRIEFLY}")
    try:
        ((busy, _, _),) = cursor.execute("pragma wal_checkpoint(truncate)").fetchall()
    finally:
        cursor.execute(f"pragma {PATIENCE}")
    return not busy


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    execute(connection, "BEGIN" if reads_only else "BEGIN IMMEDIATE")
