"""One database's record in another one, of whatever kind: every row as it is."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table, func, insert, select

from irscribe.domain.errors import DatabaseError
from models.database import Session
from models.exclusive import turn
from models.schema import metadata
from models.tables import incident, line

RECORD = [table for table in metadata.sorted_tables if table is not turn]
"""Whose turn it is to write is no part of it."""
AT_ONCE = 500
"""Rows in a statement."""


def copy(old: Session, new: Session) -> tuple[int, int]:
    """Copy everything into empty tables; how many incidents and lines there are now.

    Raises DatabaseError when the tables are not empty.
    """
    if any(new.execute(select(table).limit(1)).first() for table in RECORD):
        raise DatabaseError("The other database holds a record already: name an empty one.")
    for table in RECORD:
        for rows in _rows(old, table):
            new.execute(insert(table), rows)
        _go_on_counting(new, table)
    return _count(new, incident), _count(new, line)


def _rows(session: Session, table: Table) -> Iterator[list[dict[str, object]]]:
    # Streamed: a record of years need not fit into memory.
    found = session.execution_options(stream_results=True).execute(select(table).order_by(*table.primary_key))
    for rows in found.mappings().partitions(AT_ONCE):
        yield [dict(row) for row in rows]


def _go_on_counting(session: Session, table: Table) -> None:
    """PostgreSQL gives numbers from a sequence, which does not see those that were brought along."""
    if "id" in table.c and session.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
        session.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))


def _count(session: Session, table: Table) -> int:
    return int(session.execute(select(func.count()).select_from(table)).scalar_one())
