"""The database: how a connection is set up, how a transaction begins, which schema it must have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, InternalError, OperationalError, SQLAlchemyError

from irscribe.domain.errors import DatabaseError
from models.tables import HEAD

Session = Connection
"""A connection inside a transaction: what services work on."""

UNUSABLE = (OperationalError, InterfaceError, InternalError)
"""What is raised when the database is locked, full, read-only or gone: no fault of the statement."""

PRAGMAS = ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "busy_timeout=10000", "secure_delete=on")


class Database:
    """An engine, and the two ways a transaction begins on it."""

    def __init__(self, url: str) -> None:
        """Name a database; nothing is opened or created yet.

        Raises DatabaseError for a URL that is none.
        """
        try:
            self.url = make_url(url)
        except ArgumentError as error:
            raise DatabaseError(
                "[irscribe] database is not a database URL, such as sqlite:///var/irscribe.db."
            ) from error
        self.engine: Engine = create_engine(self.url, future=True)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare)
            event.listen(self.engine, "begin", _begin)

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        name = self.url.database
        return Path(name) if self.engine.dialect.name == "sqlite" and name else None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that will write, committed at the end of the block."""
        with self.engine.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that sees one moment and writes nothing.

        Raises DatabaseError when there is no such database yet: reading never creates one.
        """
        if self.file is not None and not self.file.exists():
            raise DatabaseError(f"There is no database at {self.file} yet: start the bot, or run `bot.py migrate`.")
        with self.engine.connect().execution_options(reads_only=True) as session, session.begin():
            yield session

    def version(self) -> str | None:
        """The revision of the schema; None for an empty database."""
        try:
            with self.engine.connect() as session:
                if not inspect(session).has_table("alembic_version"):
                    return None
                version: str | None = session.execute(text("select version_num from alembic_version")).scalar()
                return version
        except SQLAlchemyError as error:
            raise DatabaseError(f"The database does not open: {error.__cause__ or error}.") from error

    def require_head(self) -> None:
        """Accept only the schema this program was written for.

        Raises DatabaseError that says how to get there.
        """
        version = self.version()
        if version is None or version < HEAD:
            raise DatabaseError("The database is not at this version yet: run `bot.py migrate`.")
        if version > HEAD:
            raise DatabaseError("The database is newer than this program: upgrade irscribe.")

    def forget_deleted(self) -> None:
        """Overwrite what SQLite's log still holds of texts that are gone."""
        if self.engine.dialect.name == "sqlite":
            with closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute("pragma wal_checkpoint(truncate)", ())

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver opens no transactions of its own: _begin does, and DDL rolls back
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
