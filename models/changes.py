"""Changes of rows, and the change log, which keeps what a row was before and after each change."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, func, select, update

from models.database import Session
from models.keyedrows import add, change_row, kept
from models.prepared import Prepared
from models.rowtext import Row, dump, load
from models.schema import metadata
from models.tables import change, entry_version, field, responder
from models.transaction import mark_changed, mark_withdrawn
from models.visibility import hides
from models.watchtables import relation
from models.words import INDEXED, fall_behind

OF_TABLE = Prepared(
    select(change)
    .where(change.c.incident == bindparam("of_incident"), change.c.subject == bindparam("of_table"))
    .order_by(change.c.id)
)
REMOVAL_COLUMNS = frozenset({"dropped", "removed"})
"""Columns that mark a row as removed from the report."""


@dataclass(frozen=True, kw_only=True)
class AuditContext:
    """The incident, line, person, nick and time to log with a change; line and person are None if no line caused it."""

    incident: int
    line: int | None
    person: int | None
    nick: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Change:
    """One row's change; ``old`` or ``new`` is None where there was or is no row."""

    id: int
    table: Table
    key: Row
    old: Row | None
    new: Row | None
    line: int | None
    person: int | None
    made_at: datetime

    @property
    def columns(self) -> frozenset[str]:
        """The columns that changed; all of them if the row was added or deleted."""
        return frozenset({*(self.old or {}), *(self.new or {})})


def put(session: Session, audit: AuditContext, table: Table, *, key: Row, values: Row | None) -> bool:
    """Set columns of a row (add it; delete it if ``values`` is None) and log the change; True if anything changed."""
    before = kept(session, table, key)
    if before is None:
        if values is None:
            return False
        add(session, table, {**key, **values})
        _log(session, audit, table, key=key, old=None, new=values)
        return True
    if values is None:
        session.execute(delete(table).where(_matches(table, key)))
        _log(session, audit, table, key=key, old={name: before[name] for name in before if name not in key}, new=None)
        return True
    changed = {name: value for name, value in values.items() if before[name] != value}
    if changed:
        change_row(session, table, key, changed)
        _log(session, audit, table, key=key, old={name: before[name] for name in changed}, new=changed)
    return bool(changed)


def last_line(session: Session, incident: int, person: int, *, besides: int | None = None) -> int | None:
    """Give a person's last line, except ``besides``, that changed the incident and was not undone; None if none did."""
    found = [
        session.execute(
            select(func.max(table.c.line)).where(
                table.c.incident == incident,
                table.c.person == person,
                table.c.undone.is_(False),
                table.c.line != (besides or 0),
            )
        ).scalar()
        for table in (change, entry_version)
    ]
    lines = [each for each in found if each is not None]
    return max(lines) if lines else None


def last_field_named(session: Session, incident: int, person: int, beginning: str) -> tuple[int, str] | None:
    """Give a person's last line that set a field whose name begins with ``beginning``, and the rest of that name.

    The line counts even if it was undone.
    """
    row = session.execute(
        select(change.c.line, change.c.key)
        .where(
            change.c.incident == incident,
            change.c.person == person,
            change.c.line.is_not(None),
            change.c.subject == field.name,
            change.c.key.contains(f'"{beginning}', autoescape=True),
        )
        .order_by(change.c.line.desc(), change.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], json.loads(row[1])["name"].removeprefix(beginning))


def written_by_others(session: Session, incident: int, person: int | None, *, since: int = 0) -> bool:
    """True if anybody but this person has changed anything since a line, besides the list of responders and relations.

    Changes that were undone do not count.
    """
    of_others = (
        select(table.c.line).where(
            table.c.incident == incident,
            table.c.person != person,
            table.c.line > since,
            table.c.undone.is_(False),
            *conditions,
        )
        for table, conditions in (
            (entry_version, ()),
            (change, (change.c.subject.not_in((responder.name, relation.name)),)),
        )
    )
    return any(session.execute(query.limit(1)).first() for query in of_others)


def incidents_of(session: Session, line: int) -> Sequence[int]:
    """Give the incidents in which a line changed something that was not undone."""
    found: set[int] = set()
    for table in (change, entry_version):
        changed = select(table.c.incident).where(table.c.line == line, table.c.undone.is_(False))
        found |= {row[0] for row in session.execute(changed.distinct())}
    return sorted(found)


def of_line(session: Session, incident: int, line: int) -> Sequence[Change]:
    """Give the changes that a line made and that were not undone, latest first."""
    rows = session.execute(
        select(change)
        .where(change.c.incident == incident, change.c.line == line, change.c.undone.is_(False))
        .order_by(change.c.id.desc())
    ).mappings()
    return [_change(row) for row in rows]


def overtaken(session: Session, incident: int, changes: Sequence[Change]) -> Sequence[Change]:
    """Give those changes of a line whose row was changed again later, even if the values are the same now.

    ``changes`` are given latest first.
    """
    whole: dict[str, Change] = {}
    for each in changes:
        later = whole.setdefault(_row_of(each), each)
        if later.new is not None and each.new is not None:
            whole[_row_of(each)] = replace(later, new={**each.new, **later.new})
    return [each for each in whole.values() if not _holds(session, each) or _changed_since(session, incident, each)]


def _row_of(each: Change) -> str:
    return f"{each.table.name} {dump(each.key)}"


def _changed_since(session: Session, incident: int, earlier: Change) -> bool:
    """True if a later line that was not undone changed the same columns, or removed the row."""
    later = (
        each
        for each in touching(session, incident, earlier.table, earlier.key, without_undone=True)
        if each.id > earlier.id and each.line != earlier.line
    )
    return any((earlier.columns | REMOVAL_COLUMNS) & each.columns for each in later)


def _holds(session: Session, each: Change) -> bool:
    now = kept(session, each.table, each.key)
    if each.new is None or now is None:
        return each.new is None and now is None
    return all(now[name] == value for name, value in each.new.items())


def restore(session: Session, audit: AuditContext, each: Change) -> None:
    """Restore a row to its state before a change."""
    put(session, audit, each.table, key=each.key, values=each.old)


def touching(
    session: Session, incident: int, table: Table, key: Row, *, without_undone: bool = False
) -> Sequence[Change]:
    """Give every change of a row; if ``without_undone``, only those that were not undone."""
    query = select(change).where(
        change.c.incident == incident, change.c.subject == table.name, change.c.key == dump(key)
    )
    if without_undone:
        query = query.where(change.c.undone.is_(False))
    return [_change(row) for row in session.execute(query).mappings()]


def of_table(session: Session, incident: int, table: Table) -> Sequence[Change]:
    """Give every change of a table's rows in order, undone ones too."""
    return [_change(row) for row in OF_TABLE.named(session, {"of_incident": incident, "of_table": table.name})]


def numbers_of(session: Session, incident: int, table: Table) -> Sequence[int]:
    """Give the numbers of a table's rows, deleted ones too."""
    there = session.execute(select(table.c.number).where(table.c.incident == incident)).scalars()
    of = (change.c.incident == incident, change.c.subject == table.name)
    logged = session.execute(select(change.c.key).where(*of).distinct()).scalars()
    return sorted({*there, *(json.loads(key)["number"] for key in logged)})


def values_of(session: Session, table: Table, key: Row, columns: Collection[str]) -> set[str]:
    """Give the values in these columns of a row that are not empty."""
    row = kept(session, table, key)
    return {row[name] for name in columns if row[name]} if row else set()


def blank(session: Session, ids: Sequence[int]) -> None:
    """Remove the old and new values of changes for good, and mark the changes as undone."""
    session.execute(update(change).where(change.c.id.in_(ids)).values(old=None, new=None, undone=True))


def erase(session: Session, table: Table, key: Row, **values: object) -> None:
    """Delete a row, or overwrite its columns, without logging the old values."""
    mark_changed(session, key["incident"] if "incident" in key else key["number"])
    mark_withdrawn(session)
    if values:
        session.execute(update(table).where(_matches(table, key)).values(**values))
    else:
        session.execute(delete(table).where(_matches(table, key)))


def _change(row: Row) -> Change:
    table = metadata.tables[row["subject"]]
    return Change(
        id=row["id"],
        table=table,
        key=load(table, row["key"]) or {},
        old=load(table, row["old"]),
        new=load(table, row["new"]),
        line=row["line"],
        person=row["person"],
        made_at=row["made_at"],
    )


def _matches(table: Table, key: Row) -> Any:
    return and_(*(table.c[name] == value for name, value in key.items()))


def _log(session: Session, audit: AuditContext, table: Table, *, key: Row, old: Row | None, new: Row | None) -> None:
    mark_changed(session, audit.incident)
    if hides(table, new):
        mark_withdrawn(session)
    if table.name in INDEXED and {"title", "text", "url", "value"} & {*(old or {}), *(new or {})}:
        fall_behind(session, audit.incident)
    add(session, change, log_values(audit, table, key=key, old=old, new=new))


def log_values(audit: AuditContext, table: Table, *, key: Row, old: Row | None, new: Row | None) -> Row:
    """Give the columns of a row of the change log."""
    return {
        "incident": audit.incident,
        "line": audit.line,
        "person": audit.person,
        "made_at": audit.at,
        "subject": table.name,
        "key": dump(key),
        "old": dump(old),
        "new": dump(new),
    }
