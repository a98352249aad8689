"""Until when each network was heard, and what was missed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update

from irscribe.domain.report import State
from models.database import Session
from models.tables import hearing, incident, line
from models.utcdatetime import UtcDateTime


def until(session: Session, network: str) -> datetime | None:
    """Until when a network is known to have been heard."""
    known: datetime | None = session.execute(select(hearing.c.until).where(hearing.c.network == network)).scalar()
    return known


def extend(session: Session, network: str, moment: datetime) -> None:
    """Say that a network was heard until then."""
    changed = session.execute(update(hearing).where(hearing.c.network == network).values(until=moment))
    if not changed.rowcount:
        session.execute(insert(hearing).values(network=network, until=moment))


def live(session: Session, network: str) -> dict[int, datetime]:
    """The open incidents of a network that are written down as they happen, and since when they are."""
    rows = session.execute(
        select(incident.c.number, func.coalesce(line.c.heard_at, incident.c.opened_at, type_=UtcDateTime))
        .select_from(incident.outerjoin(line, incident.c.line == line.c.id))
        .where(
            incident.c.network == network,
            incident.c.state == State.OPEN.value,
            incident.c.retrospective.is_(False),
        )
    )
    return {row[0]: row[1] for row in rows}
