"""Who worked on an incident, and who coordinated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from irscribe.domain.record import Participant, Term
from models.changes import Trail, put
from models.database import Session
from models.tables import coordinator, responder

PARTICIPANTS = (
    select(responder)
    .where(responder.c.incident == bindparam("of_incident"), responder.c.removed.is_(False))
    .order_by(responder.c.added.is_(None), responder.c.added, responder.c.number)
)


def participants(session: Session, number: int) -> Sequence[Participant]:
    """The responders: those added by name in that order, then the others as they joined."""
    rows = session.execute(PARTICIPANTS, {"of_incident": number}).mappings()
    return [Participant(**{name: row[name] for name in Participant.__dataclass_fields__}) for row in rows]


def ever_listed(session: Session, number: int) -> Sequence[Participant]:
    """Everybody who is or was on the list of responders, in the order of their numbers."""
    rows = session.execute(select(responder).where(responder.c.incident == number).order_by(responder.c.number))
    return [Participant(**{name: row[name] for name in Participant.__dataclass_fields__}) for row in rows.mappings()]


def add_participant(session: Session, trail: Trail, values: Mapping[str, Any]) -> int:
    """Put somebody on the list; their number there."""
    last = session.execute(select(func.max(responder.c.number)).where(responder.c.incident == trail.incident)).scalar()
    number = (last or 0) + 1
    key = {"incident": trail.incident, "number": number}
    put(session, trail, responder, key=key, values={"granted": False, "removed": False, **values})
    return int(number)


def set_participant(session: Session, trail: Trail, number: int, **values: object) -> bool:
    """Change what is known of a responder; whether that changed anything."""
    return put(session, trail, responder, key={"incident": trail.incident, "number": number}, values=values)


def terms(session: Session, number: int) -> Sequence[Term]:
    """The coordinators in the order they served."""
    rows = session.execute(
        select(coordinator).where(coordinator.c.incident == number).order_by(coordinator.c.number)
    ).mappings()
    return [Term(**{name: row[name] for name in Term.__dataclass_fields__}) for row in rows]


def add_term(session: Session, trail: Trail, values: Mapping[str, Any]) -> None:
    """Begin a term of service."""
    last = session.execute(
        select(func.max(coordinator.c.number)).where(coordinator.c.incident == trail.incident)
    ).scalar()
    put(session, trail, coordinator, key={"incident": trail.incident, "number": (last or 0) + 1}, values=values)


def end_term(session: Session, trail: Trail, number: int) -> None:
    """End a term of service."""
    put(session, trail, coordinator, key={"incident": trail.incident, "number": number}, values={"until": trail.at})
