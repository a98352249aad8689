"""The roles besides the coordinator's: the terms of the people who have or had one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from irscribe.domain.record import Term
from models.changes import AuditContext, numbers_of, put
from models.database import Session
from models.prepared import Prepared
from models.team import term_of
from models.watchtables import role_term

TERMS = Prepared(select(role_term).where(role_term.c.incident == bindparam("of_incident")).order_by(role_term.c.number))


def terms(session: Session, number: int) -> Sequence[Term]:
    """Give the terms of all these roles in the order in which they began."""
    return [term_of(row, row["role"]) for row in TERMS.named(session, {"of_incident": number})]


def serving(session: Session, number: int) -> Mapping[str, Term]:
    """Give the present terms by role, in the order in which they began: each role's last one, if it is not over."""
    last = {each.role: each for each in terms(session, number)}
    present = (each for each in last.values() if each.until is None)
    return {each.role: each for each in sorted(present, key=lambda each: each.number)}


def add(session: Session, audit: AuditContext, values: Mapping[str, Any]) -> None:
    """Begin a term; its number is never given again, even after an undo."""
    following = 1 + max(numbers_of(session, audit.incident, role_term), default=0)
    put(session, audit, role_term, key={"incident": audit.incident, "number": following}, values=values)


def end(session: Session, audit: AuditContext, number: int) -> None:
    """End a term."""
    put(session, audit, role_term, key={"incident": audit.incident, "number": number}, values={"until": audit.at})
