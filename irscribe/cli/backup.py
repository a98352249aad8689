"""``backup``: a copy of an SQLite database while the bot runs."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from irscribe.cli.settings import load_settings
from irscribe.domain.errors import DatabaseError
from models import Database
from models.backup import back_up
from models.postgresql import address

FOLDER = "backup"
"""Where copies go that are not named: beside the database."""


def main(arguments: Namespace) -> int:
    """Make a copy that was not there before, and print its name."""
    with closing(Database(load_settings(arguments).database)) as database:
        if database.file is None:
            shown = address(database.url.set(drivername="postgresql"))
            raise DatabaseError(f"PostgreSQL has a backup of its own: pg_dump --format=custom --file=FILE {shown}")
        copy = _choose(database.file, arguments.file)
        back_up(database.file, copy)
    print(copy)
    return 0


def _choose(database: Path, named: Path | None) -> Path:
    """The file that was named, or one of this minute in the folder that was named, or in the usual one."""
    if named is not None and not named.is_dir():
        return named
    folder = named or database.parent / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"{folder} cannot be made: {error.strerror}.") from error
    return folder / f"{database.stem}-{datetime.now(UTC):%Y-%m-%dT%H%MZ}.db"
