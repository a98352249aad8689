"""``migrate`` brings the database to this version, prints the statements, or copies the record to another database."""

from __future__ import annotations

from argparse import Namespace
from contextlib import ExitStack, closing

from irscribe.cli.settings import load_settings
from irscribe.domain.errors import DatabaseError
from irscribe.domain.prose import plural
from models import HEAD, Database
from models.copying import copy
from models.leaderlock import OccupiedError
from models.migrating import migrate, statements
from models.postgresql import address


def main(arguments: Namespace) -> int:
    """Migrate; a second time changes nothing."""
    copied = arguments.to is not None
    with closing(Database(load_settings(arguments).database, alone=copied)) as database:
        if arguments.sql:
            statements(database)
        elif copied:
            _copy(database, arguments.to)
        else:
            before = migrate(database)
            print(f"The database is at version {HEAD}{_what_it_was(before)}.")
    return 0


def _what_it_was(before: str | None) -> str:
    if before == HEAD:
        return ""
    return "; it was empty" if before is None else f"; it was at {before}"


def _copy(database: Database, url: str) -> None:
    database.require_head()
    try:
        database.take_leader_lock()
    except OccupiedError as error:
        text = f"A bot is at work on this database{error.remark}; stop it first, or what it records is lost."
        raise DatabaseError(text) from error
    with closing(Database(url)) as other, ExitStack() as at_the_end:
        at_the_end.callback(database.release_leader_lock)
        migrate(other)
        with database.read() as old, other.write() as new:
            incidents, lines = copy(old, new)
        print(f"{plural(incidents, 'incident')} and {plural(lines, 'line')} are in {address(other.url)} now.")
        print("The settings still name the database they came from.")
