"""Shift notes, and the follow-ups that wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from irscribe.domain.record import Point
from irscribe.domain.report import State
from models.changes import AuditContext, numbers_of, put
from models.database import Session
from models.parts import point_of
from models.tables import incident, item
from models.visibility import Reader, visible_to
from models.watchtables import shift_note


@dataclass(frozen=True, kw_only=True)
class ShiftNote:
    """A note for the next shift, with the incident during which it was typed."""

    incident: int
    number: int
    nick: str
    said_at: datetime
    text: str


def add(session: Session, audit: AuditContext, *, text: str, said_at: datetime) -> int:
    """Keep a shift note; give its number within the incident, which is never given again."""
    following = 1 + max(numbers_of(session, audit.incident, shift_note), default=0)
    values = {"person": audit.person, "nick": audit.nick, "said_at": said_at, "text": text}
    put(session, audit, shift_note, key={"incident": audit.incident, "number": following}, values=values)
    return following


def since(session: Session, moment: datetime, *, reader: Reader, limit: int) -> Sequence[ShiftNote]:
    """Give the last shift notes since a moment, of incidents that a reader may see, in order."""
    query = (
        select(shift_note)
        .join(incident, incident.c.number == shift_note.c.incident)
        .where(shift_note.c.said_at >= moment, visible_to(reader))
        .order_by(shift_note.c.said_at.desc(), shift_note.c.incident, shift_note.c.number.desc())
        .limit(limit)
    )
    rows = session.execute(query).mappings().all()
    return [ShiftNote(**{name: row[name] for name in ShiftNote.__dataclass_fields__}) for row in reversed(rows)]


def follow_ups(session: Session, moment: datetime, *, reader: Reader, limit: int) -> Sequence[tuple[int, Point]]:
    """Give the follow-ups that are not done, of incidents that are open or were closed since a moment, newest first.

    Each comes with the number of its incident; a reader may see all of them.
    """
    lately = or_(incident.c.state == State.OPEN.value, incident.c.closed_at >= moment)
    query = (
        select(item)
        .join(incident, incident.c.number == item.c.incident)
        .where(item.c.section == "action", item.c.dropped.is_(False), item.c.done.is_(False))
        .where(incident.c.state != State.CANCELLED.value, lately, visible_to(reader))
        .order_by(item.c.incident.desc(), item.c.number)
        .limit(limit)
    )
    return [(row["incident"], point_of(row)) for row in session.execute(query).mappings()]
