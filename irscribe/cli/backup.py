"""``backup`` copies an SQLite database while the bot runs."""

from __future__ import annotations

import re
from argparse import Namespace
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from irscribe.cli.settings import load_settings
from irscribe.domain.errors import DatabaseError
from models import Database
from models.backup import back_up
from models.ownfiles import make_folder
from models.postgresql import address

FOLDER = "backup"
"""The folder of copies without a name, beside the database."""
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d{4}Z")
"""The minute of a copy in its name; such names sort by time."""


def main(arguments: Namespace) -> int:
    """Make a new copy and print its name; with ``--keep``, remove the oldest copies."""
    _refuse_keeping_of_file(arguments)
    with closing(Database(load_settings(arguments).database)) as database:
        if database.file is None:
            shown = address(database.url.set(drivername="postgresql"))
            raise DatabaseError(f"PostgreSQL has a backup of its own: pg_dump --format=custom --file=FILE {shown}")
        copy = _choose(database.file, arguments.file)
        back_up(database.file, copy)
        print(copy)
        if arguments.keep is not None:
            _prune(copy, database.file.stem, keep=arguments.keep)
    return 0


def _refuse_keeping_of_file(arguments: Namespace) -> None:
    file: Path | None = arguments.file
    if arguments.keep is not None and file is not None and not file.is_dir():
        raise DatabaseError(f"--keep is for the dated backups of a folder, which {file} is not: leave one of them out.")


def _choose(database: Path, named: Path | None) -> Path:
    """The named file; or a file of this minute, in the named folder or in the usual one."""
    if named is not None and not named.is_dir():
        return named
    folder = named or database.parent / FOLDER
    try:
        make_folder(folder)
    except OSError as error:
        raise DatabaseError(f"{folder} cannot be made: {error.strerror}.") from error
    return folder / f"{database.stem}-{datetime.now(UTC):%Y-%m-%dT%H%MZ}.db"


def _prune(copy: Path, stem: str, *, keep: int) -> None:
    """Remove the oldest dated copies of a database beside the new one, which stays even if the clock was set back.

    Raises DatabaseError if one cannot be removed.
    """
    older = sorted(each for each in copy.parent.iterdir() if each != copy and _is_copy(each, stem))
    for each in older[: max(0, len(older) + 1 - keep)]:
        try:
            each.unlink(missing_ok=True)
        except OSError as error:
            raise DatabaseError(f"The backup is made, but {each} cannot be removed: {error.strerror}.") from error


def _is_copy(path: Path, stem: str) -> bool:
    date = path.name.removeprefix(f"{stem}-").removesuffix(".db")
    is_named_so = path.name == f"{stem}-{date}.db" and DATE.fullmatch(date) is not None
    return is_named_so and path.is_file() and not path.is_symlink()
