"""Theories: which entries say what of which theory."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, insert, select

from irscribe.domain.reportparts import Theory, TheoryState
from irscribe.domain.theories import STILL_OPEN, Statement, theories
from models import entries
from models.database import Session
from models.transaction import mark_changed
from models.watchtables import theory


def statements(session: Session, number: int) -> Sequence[Statement]:
    """Give what the entries of an incident say of its theories, also entries that are struck or redacted."""
    rows = session.execute(select(theory).where(theory.c.incident == number).order_by(theory.c.entry)).mappings()
    return [Statement(theory=row["number"], entry=row["entry"], state=TheoryState(row["state"])) for row in rows]


def known(session: Session, number: int) -> Sequence[Theory]:
    """Give the theories of an incident that stand, by number."""
    stated = statements(session, number)
    if not stated:
        return []
    entered = entries.some_of(session, number, [each.entry for each in stated])
    return theories(stated, {each.current.number: each.current.text for each in entered if each.current.standing})


def still_open(session: Session, number: int) -> Sequence[Theory]:
    """Give those about which something is still to be found out."""
    return [each for each in known(session, number) if each.state in STILL_OPEN]


def next_number(session: Session, number: int) -> int:
    """Give the number of the incident's next theory; none is given twice."""
    last = session.execute(select(func.max(theory.c.number)).where(theory.c.incident == number)).scalar()
    return int(last or 0) + 1


def state(session: Session, number: int, statement: Statement) -> None:
    """Record what an entry of an incident says of a theory."""
    mark_changed(session, number)
    values = {"entry": statement.entry, "number": statement.theory, "state": statement.state.value}
    session.execute(insert(theory).values(incident=number, **values))
