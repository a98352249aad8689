"""Migrates a database to this program's schema; Alembic is loaded only for an older one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, func, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from irscribe.domain.errors import DatabaseError
from models.database import Database, Session, reason
from models.schema import HEAD, metadata

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parents[1] / "migrations"
MIGRATION_LOCK = 0x69727363
"""The number of our advisory lock for migrations on a PostgreSQL server."""

alembic_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, with Alembic's definition."""


def migrate(database: Database) -> str | None:
    """Migrate the database to ``HEAD``; give the revision it had, None for an empty one.

    Raises DatabaseError when it is newer than the program or the migration fails; nothing has changed then.
    """
    before = database.version()
    if before == HEAD:
        return before
    if before is not None and before > HEAD:
        database.require_head()
    database.create()
    # Alembic takes a second to load: not while others wait for the lock.
    upgrade = None if before is None else _load_upgrade()
    try:
        with database.write() as session:
            _take_lock(session)
            # Checked under the lock, as another process may have migrated meanwhile.
            if inspect(session).has_table(alembic_version.name):
                _upgrade(session, upgrade or _load_upgrade())
            else:
                _build(session)
    except SQLAlchemyError as error:
        raise DatabaseError(f"The database does not take the migration: {reason(error)}.") from error
    return before


def statements(database: Database) -> None:
    """Print the SQL with which ``migrate`` would fill an empty database of this kind."""
    config = _config()
    config.attributes["url"] = database.url
    _load_upgrade()(config, "head", sql=True)


def _take_lock(session: Session) -> None:
    """Wait for another process that migrates; in SQLite the transaction has waited already."""
    if session.dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))


def _build(session: Session) -> None:
    """Make all tables as they are today (alembic.sqlalchemy.org, "Building an Up to Date Database from Scratch")."""
    # Existing tables are an error: a database that holds a table of that name is not ours.
    metadata.create_all(session, checkfirst=False)
    alembic_version.create(session)
    session.execute(insert(alembic_version).values(version_num=HEAD))


def _upgrade(session: Session, upgrade: Callable[..., None]) -> None:
    config = _config()
    config.attributes["connection"] = session
    upgrade(config, "head")


def _load_upgrade() -> Callable[..., None]:
    from alembic import command

    return command.upgrade


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config
