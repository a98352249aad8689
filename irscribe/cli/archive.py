"""The record as the verbs open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from irscribe.config import Config
from irscribe.domain.errors import DatabaseError
from models import Database, Session
from models.database import reason
from models.migrating import migrate


@contextmanager
def reading(config: Config) -> Iterator[Session]:
    """One moment of the record; a database is neither made nor changed.

    Raises:
        DatabaseError: there is none, it cannot be read, or it is of another version than this program.

    """
    database = Database(config.database)
    try:
        with database.read() as session:
            database.require_head()
            yield session
    except SQLAlchemyError as error:
        raise DatabaseError(f"The database cannot be used: {reason(error)}.") from error
    finally:
        database.close()


@contextmanager
def writing(config: Config) -> Iterator[Database]:
    """A database to write to; one in a file is made, and brought to this version, as the bot does at its start.

    Raises:
        DatabaseError: it is of another version than this program.

    """
    database = Database(config.database)
    try:
        if database.file is not None:
            migrate(database)
        database.require_head()
        yield database
    finally:
        database.close()
