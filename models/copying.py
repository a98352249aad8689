"""Copies one database's record into another one of either kind, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table, func, insert, select

from irscribe.domain.errors import DatabaseError
from models.database import Session
from models.leaderlock import leader_lock
from models.schema import metadata
from models.tables import incident, line

RECORD_TABLES = [table for table in metadata.sorted_tables if table is not leader_lock]
"""The tables to copy: all but the leader lock's."""
ROWS_PER_STATEMENT = 500
"""Most rows in one statement."""


def copy(old: Session, new: Session) -> tuple[int, int]:
    """Copy everything into empty tables; give the numbers of incidents and lines copied.

    Raises DatabaseError when the tables are not empty.
    """
    if any(new.execute(select(table).limit(1)).first() for table in RECORD_TABLES):
        raise DatabaseError("The other database holds a record already: name an empty one.")
    for table in RECORD_TABLES:
        for rows in _rows(old, table):
            new.execute(insert(table), rows)
        _set_sequence(new, table)
    return _count(new, incident), _count(new, line)


def _rows(session: Session, table: Table) -> Iterator[list[dict[str, object]]]:
    # Streamed, as a record of years may not fit into memory.
    found = session.execution_options(stream_results=True).execute(select(table).order_by(*table.primary_key))
    for rows in found.mappings().partitions(ROWS_PER_STATEMENT):
        yield [dict(row) for row in rows]


def _set_sequence(session: Session, table: Table) -> None:
    """Set PostgreSQL's sequence for a table behind the copied numbers, which it has not counted."""
    if "id" in table.c and session.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
        session.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))


def _count(session: Session, table: Table) -> int:
    return int(session.execute(select(func.count()).select_from(table)).scalar_one())
