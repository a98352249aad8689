"""Theories: which entries say what of which theory."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, insert, select

from irscribe.domain.reportparts import TheoryState
from irscribe.domain.theories import Statement
from models.database import Session
from models.transaction import mark_changed
from models.watchtables import theory


def statements(session: Session, number: int) -> Sequence[Statement]:
    """Give what the entries of an incident say of its theories, also entries that are struck or redacted."""
    rows = session.execute(select(theory).where(theory.c.incident == number).order_by(theory.c.entry)).mappings()
    return [Statement(theory=row["number"], entry=row["entry"], state=TheoryState(row["state"])) for row in rows]


def next_number(session: Session, number: int) -> int:
    """Give the number of the incident's next theory; none is given twice."""
    last = session.execute(select(func.max(theory.c.number)).where(theory.c.incident == number)).scalar()
    return int(last or 0) + 1


def state(session: Session, number: int, statement: Statement) -> None:
    """Record what an entry of an incident says of a theory."""
    mark_changed(session, number)
    values = {"entry": statement.entry, "number": statement.theory, "state": statement.state.value}
    session.execute(insert(theory).values(incident=number, **values))
