"""The entries that a line made, and the lines that an entry was made of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from models.database import Session
from models.tables import entry_version, line


def made_by(session: Session, line_number: int) -> Sequence[tuple[int, int, int]]:
    """Give the versions that a line made and that were not undone: incident, entry number, version; sorted."""
    made = (entry_version.c.incident, entry_version.c.number, entry_version.c.version)
    rows = session.execute(
        select(*made).where(entry_version.c.line == line_number, entry_version.c.undone.is_(False)).order_by(*made)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def noted_by(session: Session, line_number: int) -> tuple[int, int] | None:
    """Give the entry that a line went into, even if undone: incident, number; None if there is none."""
    row = session.execute(
        select(entry_version.c.incident, entry_version.c.number)
        .where(entry_version.c.line == line_number)
        .order_by(entry_version.c.incident.desc(), entry_version.c.number.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def lines_of(session: Session, number: int, entry_number: int) -> Sequence[int]:
    """Give the numbers of the lines that an entry was made of."""
    rows = session.execute(
        select(line.c.id)
        .join(entry_version, entry_version.c.line == line.c.id)
        .where(entry_version.c.incident == number, entry_version.c.number == entry_number)
    )
    return [row[0] for row in rows]
