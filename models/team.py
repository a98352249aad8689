"""The responders of an incident, and its coordinators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Table, bindparam, case, select

from irscribe.domain.record import ListedResponder, Term
from irscribe.domain.report import Role
from models.changes import AuditContext, numbers_of, of_table, put
from models.database import Session
from models.newrows import insert_rows, responder_rows
from models.prepared import Prepared
from models.tables import coordinator, incident, responder
from models.transaction import mark_changed

ADDED_AFTERWARDS: Any = case((incident.c.retrospective, responder.c.added), else_=None)
"""The place of those added by name, in an incident written down afterwards only."""
LISTED = (
    select(responder)
    .join(incident, incident.c.number == responder.c.incident)
    .where(responder.c.incident == bindparam("of_incident"), responder.c.removed.is_(False))
    .order_by(ADDED_AFTERWARDS.is_(None), ADDED_AFTERWARDS, responder.c.number)
)
RESPONDERS = Prepared(LISTED)
PLACES = Prepared(LISTED.where(responder.c.person == bindparam("of_person")))
TERMS = Prepared(
    select(coordinator).where(coordinator.c.incident == bindparam("of_incident")).order_by(coordinator.c.number)
)


def responders(session: Session, number: int) -> Sequence[ListedResponder]:
    """Give the responders in the order in which they came onto the list.

    In an incident written down afterwards those added by name stand first, in that order, then the others by number.
    """
    return [_responder(row) for row in RESPONDERS.named(session, {"of_incident": number})]


def places_of(session: Session, number: int, person: int) -> Sequence[ListedResponder]:
    """Give the places that a person has on the list, in the order of ``responders``."""
    rows = PLACES.named(session, {"of_incident": number, "of_person": person})
    return [_responder(row) for row in rows]


def ever_listed(session: Session, number: int) -> Sequence[ListedResponder]:
    """Give everybody who was ever on the list of responders, even by a change since undone, by number."""
    places: dict[int, Mapping[str, Any]] = {}
    for each in of_table(session, number, responder):
        if each.old is None and each.new is not None:
            places[each.key["number"]] = {**each.key, **each.new}
    for row in session.execute(select(responder).where(responder.c.incident == number)).mappings():
        places[row["number"]] = row
    return [_responder(row) for _, row in sorted(places.items())]


def add_responder(session: Session, audit: AuditContext, values: Mapping[str, Any]) -> int:
    """Add somebody to the list; give their number."""
    number = next_number(session, audit.incident)
    add_responders(session, audit, {number: values})
    return number


def add_responders(session: Session, audit: AuditContext, places: Mapping[int, Mapping[str, Any]]) -> None:
    """Add people to the list under new numbers, the first of which is ``next_number``; all with the same columns."""
    mark_changed(session, audit.incident)
    insert_rows(session, chain.from_iterable(responder_rows(audit, *each) for each in places.items()))


def next_number(session: Session, number: int) -> int:
    """Give the number of the next place on the list of an incident."""
    return _next(session, number, responder)


def set_responder(session: Session, audit: AuditContext, number: int, **values: object) -> bool:
    """Set columns of a responder; True if that changed anything."""
    return put(session, audit, responder, key={"incident": audit.incident, "number": number}, values=values)


def terms(session: Session, number: int) -> Sequence[Term]:
    """Give the coordinators' terms in order."""
    return [term_of(row, Role.COORDINATOR.value) for row in TERMS.named(session, {"of_incident": number})]


def serving(session: Session, number: int) -> Term | None:
    """Give the term of the present coordinator, which is the last one; None if there is none."""
    last = terms(session, number)[-1:]
    return last[0] if last and last[0].until is None else None


def term_of(row: Mapping[str, Any], role: str) -> Term:
    """Make a term in a role of its row."""
    return Term(role=role, **{name: row[name] for name in ("number", "person", "name", "since", "until")})


def add_term(session: Session, audit: AuditContext, values: Mapping[str, Any]) -> None:
    """Begin a coordinator's term."""
    key = {"incident": audit.incident, "number": _next(session, audit.incident, coordinator)}
    put(session, audit, coordinator, key=key, values=values)


def end_term(session: Session, audit: AuditContext, number: int) -> None:
    """End a coordinator's term."""
    put(session, audit, coordinator, key={"incident": audit.incident, "number": number}, values={"until": audit.at})


def _next(session: Session, number: int, table: Table) -> int:
    """Give the next number of an incident's rows; a number is never given again, even after an undo."""
    return 1 + max(numbers_of(session, number, table), default=0)


def _responder(row: Mapping[str, Any]) -> ListedResponder:
    return ListedResponder(**{name: row.get(name) for name in ListedResponder.__dataclass_fields__})  # type: ignore[arg-type]
