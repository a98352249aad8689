"""Opens the record for the verbs of the command line."""

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
    """Open the record for reading one moment of it; raises the same errors as ``opened``."""
    with opened(config) as database, database.read() as session:
        yield session


@contextmanager
def opened(config: Config) -> Iterator[Database]:
    """Open a database of which the block only reads; it is neither created nor changed.

    Raises:
        DatabaseError: the database is missing or unreadable, or its version is not that of this program.

    """
    database = Database(config.database)
    try:
        with database.read():  # which says that there is none, if so
            database.require_head()
        yield database
    except SQLAlchemyError as error:
        raise DatabaseError(f"The database cannot be used: {reason(error)}.") from error
    finally:
        database.close()


@contextmanager
def writing(config: Config) -> Iterator[Database]:
    """Open a database for writing; a file is created and migrated if needed, as at the start of the bot.

    Raises:
        DatabaseError: the version of the database is not that of this program.

    """
    database = Database(config.database)
    try:
        if database.file is not None:
            migrate(database)
        database.require_head()
        yield database
    finally:
        database.close()
