"""The alerts of an incident."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from irscribe.domain.reportparts import Alert
from models.database import Session
from models.prepared import Prepared
from models.watchtables import alert

OF_INCIDENT = Prepared(select(alert).where(alert.c.incident == bindparam("of_incident")).order_by(alert.c.number))


def of_incident(session: Session, number: int) -> Sequence[Alert]:
    """Give the alerts of an incident in their order."""
    rows = OF_INCIDENT.named(session, {"of_incident": number})
    return [Alert(**{name: row[name] for name in Alert.__dataclass_fields__}) for row in rows]
