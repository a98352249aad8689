"""The part of ``check`` about the database and its surroundings: who may read it, and imports that are not finished."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from irscribe.cli.backup import FOLDER
from irscribe.config import Config
from irscribe.domain.prose import listing
from irscribe.services.report.exports import folder
from models import Database, imports
from models.ownfiles import open_to_others

BESIDE = ("", "-wal", "-shm")
"""The endings that SQLite adds to the name of a database: none for the database, two for the files beside it."""


def exposed_database(file: Path) -> Iterator[str]:
    """Say of a database, and of its usual folder of backups, that others may read it, with what to type."""
    yield from _exposed([file.with_name(f"{file.name}{ending}") for ending in BESIDE], "the record")
    yield from _exposed_folder(file.parent / FOLDER, "the backups")


def exposed_reports(config: Config) -> Iterator[str]:
    """Say of the private reports that others may read them, with what to type."""
    yield from _exposed_folder(folder(config, private=True), "the private reports")


def unfinished_imports(database: Database) -> Iterator[str]:
    """Say of imports that are not finished how they are finished or removed."""
    with database.read() as session:
        numbers = imports.numbers(session)
    if numbers:
        text = f"the import of {listing([str(each) for each in numbers])} is not finished, so nobody sees it"
        yield f"{text}; import the same report again, or bot.py import --remove {numbers[0]}"


def _exposed(paths: Sequence[Path], what: str) -> Iterator[str]:
    found = open_to_others(paths)
    if found:
        yield f"others on this machine may read {what}; chmod go-rwx {shlex.join(map(str, found))}"


def _exposed_folder(path: Path, what: str) -> Iterator[str]:
    """A folder that is closed hides its files, whatever their own rights."""
    if open_to_others([path]):
        yield f"others on this machine may read {what}; chmod -R go-rwx {shlex.quote(str(path))}"
