"""The record as the verbs open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from irscribe.config import Config
from models import Database, Session
from models.migrating import migrate


@contextmanager
def reading(config: Config) -> Iterator[Session]:
    """One moment of the record; a database is neither made nor changed.

    Raises:
        DatabaseError: there is none, or it is of another version than this program.

    """
    database = Database(config.database)
    try:
        with database.read() as session:
            database.require_head()
            yield session
    finally:
        database.close()


def bring_up(database: Database) -> str | None:
    """Make the database or bring it to this version; says which one it had, if any."""
    if database.file is not None:
        database.file.parent.mkdir(parents=True, exist_ok=True)
    return migrate(database)


@contextmanager
def writing(config: Config) -> Iterator[Database]:
    """A database to write to; one in a file is made, and brought to this version, as the bot does at its start.

    Raises:
        DatabaseError: it is of another version than this program.

    """
    database = Database(config.database)
    try:
        if database.file is not None:
            bring_up(database)
        database.require_head()
        yield database
    finally:
        database.close()
