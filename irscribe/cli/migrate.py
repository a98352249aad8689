"""``migrate``: the database brought to this version, or the statements that would."""

from __future__ import annotations

from argparse import Namespace

from irscribe.cli.archive import bring_up
from irscribe.cli.settings import load_settings
from models import HEAD, Database
from models.migrating import statements


def main(arguments: Namespace) -> int:
    """Migrate; doing it again changes nothing."""
    database = Database(load_settings(arguments).database)
    if arguments.sql:
        statements(database)
        return 0
    before = bring_up(database)
    database.close()
    print(f"The database is at version {HEAD}{'' if before == HEAD else f'; it was at {before}'}.")
    return 0
