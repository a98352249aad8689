"""What is still to be done outside the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from models.database import Session
from models.tables import outbox


def add(session: Session, number: int, what: str, *, due_at: datetime) -> None:
    """Say what is to be done for an incident."""
    session.execute(insert(outbox).values(incident=number, what=what, due_at=due_at))


def due(session: Session, what: str, now: datetime) -> Sequence[tuple[int, int]]:
    """What is due: row, incident."""
    rows = session.execute(
        select(outbox.c.id, outbox.c.incident)
        .where(outbox.c.what == what, outbox.c.done_at.is_(None), outbox.c.due_at <= now)
        .order_by(outbox.c.id)
    )
    return [(row[0], row[1]) for row in rows]


def done(session: Session, row: int, now: datetime) -> None:
    """Say that it is done."""
    session.execute(update(outbox).where(outbox.c.id == row).values(done_at=now))
