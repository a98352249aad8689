"""Lines that need not be kept word for word any longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, union_all, update

from irscribe.domain.report import State
from models.database import Session
from models.tables import change, entry_version, incident, line

WORDING: dict[str, Any] = {"text": "", "body": "", "user": "", "host": ""}
"""What of a line is its wording and its sender's mask, and what is left of them."""

OPEN = select(incident.c.number).where(incident.c.state == State.OPEN.value)
OF_OPEN_INCIDENTS = union_all(
    select(incident.c.line).where(incident.c.state == State.OPEN.value, incident.c.line.is_not(None)),
    select(change.c.line).where(change.c.incident.in_(OPEN), change.c.line.is_not(None)),
    select(entry_version.c.line).where(entry_version.c.incident.in_(OPEN), entry_version.c.line.is_not(None)),
)
MADE_SOMETHING = or_(*(exists().where(table.c.line == line.c.id) for table in (incident, change, entry_version)))
"""Whether the record refers to a line: then its number, its nick and its moments stay."""


def expired(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The oldest lines heard before that moment that are worded still and belong to no open incident."""
    return list(
        session.execute(
            select(line.c.id)
            .where(
                line.c.heard_at < before,
                or_(*(line.c[name] != "" for name in WORDING)),
                line.c.id.not_in(OF_OPEN_INCIDENTS),
            )
            .order_by(line.c.id)
            .limit(limit)
        ).scalars()
    )


def forget(session: Session, numbers: Sequence[int]) -> None:
    """Delete the lines that nothing was made of; blank the wording of the others."""
    session.execute(delete(line).where(line.c.id.in_(numbers), ~MADE_SOMETHING))
    session.execute(update(line).where(line.c.id.in_(numbers)).values(WORDING))
