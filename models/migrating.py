"""Bringing a database to this program's schema; Alembic is loaded only for one that has an older one."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, func, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from irscribe.domain.errors import DatabaseError
from models.database import Database, Session, reason
from models.schema import HEAD, metadata

SCRIPTS = Path(__file__).parents[1] / "migrations"
TURN = 0x69727363
"""The advisory lock that is ours on a PostgreSQL server."""

alembic_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic makes it."""


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
    try:
        with database.write() as session:
            _take_turn(session)
            # Only now is it known: another program may have been faster.
            if inspect(session).has_table(alembic_version.name):
                _upgrade(session)
            else:
                _build(session)
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


def _build(session: Session) -> None:
    """Make all tables as they are today (alembic.sqlalchemy.org, "Building an Up to Date Database from Scratch")."""
    # Not looking for what is there already: a database that holds a table of that name is none of ours.
    metadata.create_all(session, checkfirst=False)
    alembic_version.create(session)
    session.execute(insert(alembic_version).values(version_num=HEAD))


def _upgrade(session: Session) -> None:
    config = _config()
    config.attributes["connection"] = session
    import_module("alembic.command").upgrade(config, "head")


def _config() -> Any:
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config
