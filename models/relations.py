"""Related incidents: each of the two has a row about the other."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, not_, select

from irscribe.domain.reportparts import Relation, RelationKind
from models.changes import AuditContext, put
from models.database import Session
from models.prepared import Prepared
from models.tables import incident
from models.visibility import PUBLIC, visible_to
from models.watchtables import relation

OTHER = select(incident.c.number).where(incident.c.number == relation.c.number)
IS_HIDDEN = not_(OTHER.where(visible_to(PUBLIC)).exists()) & OTHER.exists()
SHOWN = Prepared(
    select(relation).where(relation.c.incident == bindparam("of_incident"), not_(IS_HIDDEN)).order_by(relation.c.number)
)


def shown(session: Session, number: int) -> Sequence[Relation]:
    """Give the incidents that the report of a public incident names, by number: no private one is among them."""
    return [_relation(row) for row in SHOWN.named(session, {"of_incident": number})]


def every(session: Session, number: int) -> Sequence[Relation]:
    """Give all of them, private ones too."""
    query = select(relation).where(relation.c.incident == number).order_by(relation.c.number)
    return [_relation(row) for row in session.execute(query).mappings()]


def relate(session: Session, audit: AuditContext, other: int, kind: RelationKind | None) -> bool:
    """Record on one side what an incident has to do with another one, or nothing (None); True if that is news."""
    values = None if kind is None else {"kind": kind.value}
    return put(session, audit, relation, key={"incident": audit.incident, "number": other}, values=values)


def _relation(row: object) -> Relation:
    return Relation(number=row["number"], kind=RelationKind(row["kind"]))  # type: ignore[index]
