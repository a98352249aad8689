"""Bringing a database to this program's schema; Alembic is loaded only when there is something to do."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from models.database import Database
from models.tables import HEAD

SCRIPTS = Path(__file__).parents[1] / "migrations"


def migrate(database: Database) -> str:
    """Bring the database to ``HEAD``; says which revision it had.

    Raises DatabaseError when it is newer than the program.
    """
    before = database.version()
    if before == HEAD:
        return before
    if before is not None and before > HEAD:
        database.require_head()
    database.create()
    config = _config()
    with database.write() as session:
        config.attributes["connection"] = session
        import_module("alembic.command").upgrade(config, "head")
    return before or "nothing"


def statements(database: Database) -> None:
    """Print what ``migrate`` would do to an empty database of this kind."""
    config = _config()
    config.attributes["url"] = database.url
    import_module("alembic.command").upgrade(config, "head", sql=True)


def _config() -> Any:
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config
