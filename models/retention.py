"""Deletion of the texts of old lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, union_all, update

from irscribe.domain.report import State
from irscribe.domain.request import LineKind
from models.database import Session
from models.tables import change, entry_version, incident, line

TEXT_COLUMNS: dict[str, Any] = {"text": "", "user": "", "host": ""}
"""The columns with a line's text and its sender's mask, each with the value that replaces it; the body keeps a verb."""

OPEN_INCIDENTS = select(incident.c.number).where(incident.c.state == State.OPEN.value)
LINES_OF_OPEN_INCIDENTS = union_all(
    select(incident.c.line).where(incident.c.state == State.OPEN.value, incident.c.line.is_not(None)),
    select(change.c.line).where(change.c.incident.in_(OPEN_INCIDENTS), change.c.line.is_not(None)),
    select(entry_version.c.line).where(entry_version.c.incident.in_(OPEN_INCIDENTS), entry_version.c.line.is_not(None)),
)
IN_RECORD = or_(*(exists().where(table.c.line == line.c.id) for table in (incident, change, entry_version)))
"""True if the record refers to a line, which then keeps its number, nick and times."""


def expired(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """Give the oldest lines heard before that moment that still have a text and belong to no open incident."""
    return list(
        session.execute(
            select(line.c.id)
            .where(
                line.c.heard_at < before,
                or_(*(line.c[name] != "" for name in TEXT_COLUMNS)),
                line.c.id.not_in(LINES_OF_OPEN_INCIDENTS),
            )
            .order_by(line.c.id)
            .limit(limit)
        ).scalars()
    )


def forget(session: Session, numbers: Sequence[int], *, verb_of: Callable[[str], str]) -> None:
    """Delete the lines that the record does not refer to; empty the texts and masks of the others.

    The body of a command keeps its verb, which ``verb_of`` finds in it: the right to take it back depends on the verb.
    """
    session.execute(delete(line).where(line.c.id.in_(numbers), ~IN_RECORD))
    kept = session.execute(select(line.c.id, line.c.kind, line.c.body).where(line.c.id.in_(numbers))).all()
    by_verb: dict[str, list[int]] = {}
    for number, kind, body in kept:
        by_verb.setdefault(verb_of(body) if kind == LineKind.INCIDENT else "", []).append(number)
    for verb, those in by_verb.items():
        session.execute(update(line).where(line.c.id.in_(those)).values(**TEXT_COLUMNS, body=verb))
