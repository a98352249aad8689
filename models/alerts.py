"""The alerts of an incident."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from irscribe.domain.reportparts import Alert
from models.database import Session
from models.watchtables import alert


def of_incident(session: Session, number: int) -> Sequence[Alert]:
    """Give the alerts of an incident in their order."""
    rows = session.execute(select(alert).where(alert.c.incident == number).order_by(alert.c.number)).mappings()
    return [Alert(**{name: row[name] for name in Alert.__dataclass_fields__}) for row in rows]
