"""Fields and items of the report."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, func, literal, select

from irscribe.domain.record import Point
from models.changes import AuditContext, put
from models.database import Session
from models.prepared import Prepared
from models.tables import field, incident, item

REDACTED = "redacted:"
"""The beginning of a field's name that holds the reason of a redaction."""
PAGE = "published"
"""The field with the address of the report on the wiki."""
TRACKER = "tracker"
"""The field with the address of the task server that an imported report names; empty if its tasks have no address."""
STANDING = (
    select(item)
    .where(item.c.incident == bindparam("of_incident"), item.c.dropped.is_(False))
    .order_by(item.c.section, item.c.number)
)
POINTS = Prepared(STANDING)
POINTS_OF_SECTION = Prepared(STANDING.where(item.c.section == bindparam("of_section")))
FIELDS = Prepared(select(field.c.name, field.c.value).where(field.c.incident == bindparam("of_incident")))


def fields(session: Session, number: int) -> Mapping[str, str]:
    """Give all fields of an incident by name."""
    return {row[0]: row[1] for row in FIELDS.all(session, {"of_incident": number})}


def pages(session: Session, numbers: Collection[int]) -> Mapping[int, str]:
    """Give the addresses of the pages that these incidents have on the wiki, by number."""
    known = select(field.c.incident, field.c.value).where(field.c.name == PAGE, field.c.incident.in_(numbers))
    return {row[0]: row[1] for row in session.execute(known)}


def with_title_of(session: Session, task: str) -> Sequence[tuple[int, int]]:
    """Give the incidents, and the follow-ups by number (0: the incident itself), with a title read from a task."""
    title = field.alias()
    named = select(field.c.incident, literal(0)).join(title, title.c.incident == field.c.incident)
    of_incident = named.where(field.c.name == "task", field.c.value == task, title.c.name == "task_title")
    of_followup = select(item.c.incident, item.c.number).where(
        item.c.section == "action", item.c.task == task, item.c.task_title.is_not(None)
    )
    return [(row[0], row[1]) for statement in (of_incident, of_followup) for row in session.execute(statement)]


def set_field(session: Session, audit: AuditContext, name: str, value: str | None) -> bool:
    """Set a field, or remove it with None; True if that changed anything."""
    values = None if value is None else {"value": value}
    return put(session, audit, field, key={"incident": audit.incident, "name": name}, values=values)


def set_head(session: Session, audit: AuditContext, **values: object) -> bool:
    """Set columns of the incident's own row; True if that changed anything."""
    return put(session, audit, incident, key={"number": audit.incident}, values=values)


def points(session: Session, number: int, section: str | None = None) -> Sequence[Point]:
    """Give the items that were not dropped, in order; without its parent an item has no parent."""
    query = POINTS if section is None else POINTS_OF_SECTION
    found = [point_of(row) for row in query.named(session, {"of_incident": number, "of_section": section})]
    standing = {(each.section, each.number) for each in found}
    return [each if (each.section, each.parent) in standing else replace(each, parent=None) for each in found]


def point(session: Session, number: int, section: str, of: int) -> Point | None:
    """Give one item that was not dropped; None if there is none of that number."""
    rows = session.execute(_standing(number, section).where(item.c.number == of)).mappings()
    return _first(session, number, section, rows)


def last_point(session: Session, number: int, section: str, *, outermost: bool = False) -> Point | None:
    """Give the last item that was not dropped, of all or of those under no other; None if there is none."""
    query = _standing(number, section)
    if outermost:
        over = item.alias("over")
        above = select(over.c.number).where(
            over.c.incident == number,
            over.c.section == section,
            over.c.dropped.is_(False),
            over.c.number == item.c.parent,
        )
        query = query.where(~above.exists())
    return _first(session, number, section, session.execute(query.order_by(item.c.number.desc()).limit(1)).mappings())


def points_under(session: Session, number: int, section: str, parent: int) -> Sequence[int]:
    """Give the numbers of the items under another one that were not dropped."""
    query = select(item.c.number).where(item.c.incident == number, item.c.section == section)
    return list(session.execute(query.where(item.c.parent == parent, item.c.dropped.is_(False))).scalars())


def count_points(session: Session, number: int, section: str) -> int:
    """Count the items that were not dropped."""
    return int(session.execute(select(func.count()).select_from(_standing(number, section).subquery())).scalar_one())


def _standing(number: int, section: str) -> Any:
    return select(item).where(item.c.incident == number, item.c.section == section, item.c.dropped.is_(False))


def _first(session: Session, number: int, section: str, rows: Any) -> Point | None:
    """Make an item of the first row; without its parent it has no parent."""
    row = rows.first()
    if row is None:
        return None
    above = _standing(number, section).where(item.c.number == row["parent"])
    orphaned = row["parent"] is not None and session.execute(above).first() is None
    return replace(point_of(row), parent=None) if orphaned else point_of(row)


def outline(session: Session, number: int) -> Sequence[Point]:
    """Give all follow-ups, and of each other section of the report its last item, under no other."""
    last = (last_point(session, number, section) for section in ("well", "poorly", "lucky", "link"))
    return [*points(session, number, "action"), *(replace(each, parent=None) for each in last if each is not None)]


def add_point(session: Session, audit: AuditContext, section: str, values: Mapping[str, Any]) -> int:
    """Append an item; give its number."""
    last = session.execute(
        select(func.max(item.c.number)).where(item.c.incident == audit.incident, item.c.section == section)
    ).scalar()
    number = int(last or 0) + 1
    set_point(session, audit, section, number, values={**EMPTY_ITEM, **values})
    return number


EMPTY_ITEM = {
    "parent": None,
    "text": "",
    "url": None,
    "task": None,
    "task_title": None,
    "task_status": None,
    "owner": None,
    "done": False,
    "dropped": False,
    "due": None,
    "label": None,
}


def set_point(session: Session, audit: AuditContext, section: str, number: int, *, values: Mapping[str, Any]) -> bool:
    """Set columns of an item; True if that changed anything."""
    key = {"incident": audit.incident, "section": section, "number": number}
    return put(session, audit, item, key=key, values=values)


def point_of(row: Mapping[str, Any]) -> Point:
    """Make an item of its row."""
    return Point(**{name: row[name] for name in Point.__dataclass_fields__})
