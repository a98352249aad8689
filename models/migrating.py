"""Bringing a database to this program's schema; Alembic is loaded only when there is something to do."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from irscribe.domain.errors import DatabaseError
from models.database import Database, Session, reason
from models.schema import HEAD

SCRIPTS = Path(__file__).parents[1] / "migrations"
TURN = 0x69727363
"""The advisory lock that is ours on a PostgreSQL server."""


def migrate(database: Database) -> str | None:
    """Bring the database to ``HEAD``; says which revision it had, None for an empty one.

    Raises DatabaseError when it is newer than the program, or does not take the migration; nothing has changed then.
    """
    before = database.version()
    if before == HEAD:
        return before
    if before is not None and before > HEAD:
        database.require_head()
    database.create()
    config = _config()
    try:
        with database.write() as session:
            _take_turn(session)
            config.attributes["connection"] = session
            import_module("alembic.command").upgrade(config, "head")
    except SQLAlchemyError as error:
        raise DatabaseError(f"The database does not take the migration: {reason(error)}.") from error
    return before


def statements(database: Database) -> None:
    """Print what ``migrate`` would do to an empty database of this kind."""
    config = _config()
    config.attributes["url"] = database.url
    import_module("alembic.command").upgrade(config, "head", sql=True)


def _take_turn(session: Session) -> None:
    """Wait for another program that migrates; an SQLite transaction that writes has waited already."""
    if session.dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))


def _config() -> Any:
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config
