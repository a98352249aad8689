"""The mark of what was undone, on the changes of rows and on the versions of entries."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, select, update

from models.changes import incidents_of
from models.database import Session
from models.tables import change, entry_version
from models.transaction import mark_changed


def was_undone(session: Session, line: int) -> bool:
    """True if a line changed something and all of it was undone."""
    changed = (
        session.execute(select(table.c.line).where(table.c.line == line).limit(1)).first()
        for table in (change, entry_version)
    )
    return any(changed) and not incidents_of(session, line)


def mark_lines_undone(session: Session, incident: int, lines: Sequence[int]) -> None:
    """Mark everything that these lines changed as undone."""
    mark_changed(session, incident)
    for table in (change, entry_version):
        # The sum keeps SQLite from choosing the index of incidents, by which it would look at all of this one.
        of = and_(table.c.incident + 0 == incident, table.c.line.in_(lines))
        session.execute(update(table).where(of).values(undone=True))


def mark_changes_undone(session: Session, ids: Sequence[int]) -> None:
    """Mark changes as undone."""
    session.execute(update(change).where(change.c.id.in_(ids)).values(undone=True))
