"""Unfinished imports: what each has written so far, and how it becomes an incident or is removed.

Every step first locks the import's own row, so that of two programs that write the same incident one stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Table, delete, insert, select, text, update

from irscribe.domain.errors import DatabaseError
from models.database import Session
from models.importtables import unfinished_import
from models.newrows import NewRow, head, insert_rows
from models.rowtext import Row
from models.schema import metadata
from models.tables import incident
from models.transaction import mark_changed

TO_BE_REMOVED = ""
"""The digest of an import that nobody goes on with."""
LOCK_LIMIT = text("set local lock_timeout = '10s'")
"""The longest wait for another program's lock on PostgreSQL; SQLite's is ``LOCK_TIMEOUT``."""
KEYS = ("id", "number", "name")
"""The columns one of which tells an incident's rows in a table apart; a table without any holds no import's rows."""
WRITTEN_TABLES = tuple(
    table
    for table in reversed(metadata.sorted_tables)
    if table is not unfinished_import and "incident" in table.c and any(name in table.c for name in KEYS)
)
"""The tables that may hold rows of an import, those that refer to others first."""


class TakenOverError(DatabaseError):
    """Another program writes the same incident."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Another import of incident {number} is at work: this one stops.")


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """An unfinished import: the incident's number, the report's digest, the number of rows written so far."""

    number: int
    digest: str
    written: int


def limit_waits(session: Session) -> None:
    """Let no statement of this transaction wait for ever for another program's lock."""
    if session.dialect.name == "postgresql":
        session.execute(LOCK_LIMIT)


def numbers(session: Session) -> Sequence[int]:
    """Give the numbers that unfinished imports have taken."""
    return list(session.execute(select(unfinished_import.c.incident).order_by(unfinished_import.c.incident)).scalars())


def find(session: Session, number: int) -> Unfinished | None:
    """Give the unfinished import of an incident; None if there is none."""
    found = unfinished_import.c
    row = session.execute(select(found.digest, found.written).where(found.incident == number)).first()
    return None if row is None else Unfinished(number=number, digest=row[0], written=row[1])


def begin(session: Session, values: Row, *, digest: str) -> Unfinished:
    """Take an incident's number and write its own row, which nobody sees yet."""
    insert_rows(session, [head(values)])
    begun = Unfinished(number=values["number"], digest=digest, written=0)
    session.execute(insert(unfinished_import).values(incident=begun.number, digest=digest, written=0))
    return begun


def write(session: Session, known: Unfinished, rows: Sequence[NewRow]) -> Unfinished:
    """Write a portion; give the import as it is then.

    Raises TakenOverError if another program has written meanwhile.
    """
    now = Unfinished(number=known.number, digest=known.digest, written=known.written + len(rows))
    _claim(session, known, now)
    insert_rows(session, rows)
    return now


def finish(session: Session, known: Unfinished, *, last_entry: int) -> None:
    """Make an import an incident: from the commit on its readers see it. Its words are still to be indexed.

    Raises TakenOverError if another program has written meanwhile.
    """
    _claim(session, known, known)
    session.execute(delete(unfinished_import).where(unfinished_import.c.incident == known.number))
    session.execute(update(incident).where(incident.c.number == known.number).values(entries=last_entry, indexed=-1))
    mark_changed(session, known.number)


def give_up(session: Session, known: Unfinished) -> Unfinished:
    """Mark an import as one to be removed; give it as it is then.

    Raises TakenOverError if another program has written meanwhile.
    """
    now = Unfinished(number=known.number, digest=TO_BE_REMOVED, written=known.written)
    _claim(session, known, now)
    return now


def remove_some(session: Session, known: Unfinished, *, limit: int) -> bool:
    """Delete about ``limit`` rows of an import that was given up; False if all are gone, and its number is free.

    Raises TakenOverError if another program has removed it meanwhile.
    """
    _claim(session, known, known)
    for table in WRITTEN_TABLES:
        if _delete_some(session, table, known.number, limit=limit):
            return True
    session.execute(delete(unfinished_import).where(unfinished_import.c.incident == known.number))
    session.execute(delete(incident).where(incident.c.number == known.number))
    return False


def _delete_some(session: Session, table: Table, number: int, *, limit: int) -> int:
    key = next(table.c[name] for name in KEYS if name in table.c)
    some = select(key).where(table.c.incident == number).limit(limit)
    return int(session.execute(delete(table).where(table.c.incident == number, key.in_(some))).rowcount)


def _claim(session: Session, known: Unfinished, now: Unfinished) -> None:
    """Change the import's row, and so lock it until the commit, if it is still as this program left it."""
    of = unfinished_import.c
    claimed = session.execute(
        update(unfinished_import)
        .where(of.incident == known.number, of.digest == known.digest, of.written == known.written)
        .values(digest=now.digest, written=now.written)
    )
    if not claimed.rowcount:
        raise TakenOverError(known.number)
