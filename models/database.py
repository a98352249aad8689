"""The database: set-up of connections, beginnings of transactions, and the schema that is required."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sqlalchemy import inspect, select, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from irscribe.domain.errors import DatabaseError
from models.filelock import hold_file
from models.leaderlock import LeaderConnection, LingeringError, NotLeadingError
from models.ownfiles import make_file, make_open_folder
from models.postgresql import shared_engine, single_connection, snapshot_engine
from models.schema import HEAD
from models.snapshots import Snapshots
from models.sqlite import empty_log, file_engine, reading_engine
from models.transaction import begin_marks, changed_incidents, is_withdrawn

Session = Connection
"""A connection inside a transaction, as services use it."""

FAILED = (SQLAlchemyError, DatabaseError)
"""All errors with which a transaction may fail through no fault of its statements."""


class VersionError(DatabaseError):
    """The schema is not the one this program was written for."""


class Database:
    """An engine, and its transactions that write and that read."""

    def __init__(self, url: str, *, alone: bool = False) -> None:
        """Name a database; nothing is opened or created yet. With ``alone`` only the holder of its leader lock writes.

        ``file`` is that of an SQLite database. ``after_commit`` may be set to a function that raises nothing.
        ``withdrawals`` counts the commits that took a text or an incident from somebody who could see it.

        Raises DatabaseError for an invalid URL or a missing driver.
        """
        self.after_commit: Callable[[frozenset[int]], None] = lambda _incidents: None
        self.withdrawals = 0
        self._alone = alone
        try:
            self.url = make_url(url)
            self.engine = _engine(self.url)
            self.snapshots = Snapshots(_engine_of_snapshots(self.url))
            needs_lock = alone and self.engine.dialect.name != "sqlite"
            self._leader = LeaderConnection(single_connection(self.url)) if needs_lock else None
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
        """Begin a transaction that writes; it is committed at the end of the block.

        ``after_commit`` is called with the incidents that it changed, in this thread. It is called as well when the
        answer to the commit was lost, as the commit may have taken effect.

        Raises DatabaseError if there is no such database, as only ``create`` makes one; NotLeadingError if the leader
        lock is required and not held.
        """
        if self.file is not None:
            self._hold_file(self.file)
        changed: frozenset[int] = frozenset()
        withdrawn = False
        try:
            with self._leader.begin() if self._leader else self._begin_write() as session:
                begin_marks(session)
                yield session
                changed, withdrawn = frozenset(changed_incidents(session)), is_withdrawn(session)
        finally:
            self.withdrawals += withdrawn
            if changed:
                self.after_commit(changed)

    def require_use(self) -> None:
        """Accept only a database that can be written, at least by the active bot.

        Raises DatabaseError with the reason.
        """
        try:
            self.confirm_leader_lock()
        except NotLeadingError:
            return
        except SQLAlchemyError as error:
            raise DatabaseError(f"The database cannot be used: {reason(error)}.") from error

    def confirm_leader_lock(self) -> None:
        """Check that this bot still holds the leader lock; the server drops a connection that is silent for long.

        Raises the same errors as ``write``.
        """
        if self.file is not None:
            self._hold_file(self.file)
        else:
            with self.write() as session:
                session.execute(select(1))

    def take_leader_lock(self) -> None:
        """Take the leader lock.

        Raises OccupiedError if another bot holds it, and the same errors as ``write``.
        """
        if self.file is not None:
            self._hold_file(self.file)
        elif self._leader:
            self._leader.take()

    def release_leader_lock(self) -> None:
        """Release the leader lock; that of an SQLite file stays held until ``close`` or the end of the process.

        Raises the same errors as ``write``; the connection is closed all the same.
        """
        if self._leader:
            self._leader.release()

    def create(self) -> None:
        """Make the file of an SQLite database, empty, if it is not there; SQLite gives those beside it its rights."""
        if self.file is not None:
            try:
                make_open_folder(self.file.parent)
                with suppress(FileExistsError):
                    make_file(self.file.resolve())
            except OSError as error:
                raise DatabaseError(f"The database {self.file} cannot be made: {error.strerror}.") from error

    def is_there(self) -> bool:
        """True if the file of an SQLite database exists; always True for a server.

        Raises DatabaseError if the folder may not be read.
        """
        return self.file is None or _status(self.file) is not None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Begin a transaction that sees one moment and writes nothing.

        Raises DatabaseError if there is no such database yet, as reading never creates one.
        """
        self._follow_file()
        with self.engine.connect().execution_options(reads_only=True) as session, session.begin():
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Open a snapshot: it sees one moment, changes nothing and lasts a second at most.

        Raises SnapshotEndedError when that is over, DatabaseError if there is no such database yet.
        """
        self._follow_file()
        with self.snapshots.open() as session:
            yield session

    def version(self) -> str | None:
        """Give the revision of the schema; None for an empty database."""
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

        Raises VersionError with the command to run, DatabaseError if the database does not open.
        """
        version = self.version()
        if version is None or version < HEAD:
            raise VersionError("The database is not at this version yet: run `bot.py migrate`.")
        if version > HEAD:
            raise VersionError("The database is newer than this program: upgrade irscribe.")

    def forget_deleted(self) -> bool:
        """Overwrite the deleted texts that SQLite's log still holds; False if a reader prevented it.

        Snapshots in the way are waited for, then interrupted.

        Raises DatabaseError if the file cannot be written.
        """
        if self.file is None:
            return True
        self._follow_file()
        try:
            with closing(self.engine.raw_connection()) as connection:
                return empty_log(connection.cursor()) or self._empty_log_without_snapshots(connection.cursor())
        except sqlite3.Error as error:
            raise DatabaseError(f"The database's log cannot be emptied: {error}.") from error

    def close(self) -> None:
        """Close all connections, which releases the leader lock."""
        if self._leader:
            self._leader.close()
        self._dispose()
        if self._hold is not None:
            self._hold.close()
            self._hold = None

    @contextmanager
    def _begin_write(self) -> Iterator[Session]:
        """Begin a transaction; the connection of a failed one is closed, as it may have opened the file read-only."""
        with self.engine.connect() as session:
            try:
                with session.begin():
                    yield session
            except BaseException:  # whatever ended it, an interrupt too; it goes on to the caller
                session.invalidate()
                raise

    def _hold_file(self, file: Path) -> None:
        self._follow_file()
        if self._alone and self._hold is None:
            self._hold = hold_file(file)

    def _follow_file(self) -> None:
        """Close connections to a file that was replaced by another of its name, as their writes would be lost."""
        if self.file is None:
            return
        status = _status(self.file)
        if status is None:
            self._dispose()
            raise DatabaseError(f"There is no database at {self.file}: start the bot, or run `bot.py migrate`.")
        found = (status.st_dev, status.st_ino)
        if self._seen not in {None, found}:
            self._dispose()
        self._seen = found

    def _dispose(self) -> None:
        self.engine.dispose()
        self.snapshots.engine.dispose()

    def _empty_log_without_snapshots(self, cursor: Any) -> bool:
        with self.snapshots.held_back():
            return empty_log(cursor)


def is_out_of_reach(error: Exception) -> bool:
    """True if the database is out of reach, or not to be written by this bot, so that an immediate retry would fail."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or error.statement is None
    return isinstance(error, (PoolTimeoutError, NotLeadingError, LingeringError))


def is_cut_off(error: Exception) -> bool:
    """True if the connection broke in the middle of a statement, so that the same may succeed over another one."""
    return isinstance(error, DBAPIError) and bool(error.connection_invalidated)


def reason(error: Exception) -> str:
    """Give the message of a database error in one line without its final stop."""
    return " ".join(str(error.__cause__ or error).split()).rstrip(".")


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DatabaseError(f"The database {file} cannot be used: {error.strerror}.") from error


def _engine(url: URL) -> Engine:
    return file_engine(url) if url.get_backend_name() == "sqlite" else shared_engine(url)


def _engine_of_snapshots(url: URL) -> Engine:
    return reading_engine(url) if url.get_backend_name() == "sqlite" else snapshot_engine(url)
