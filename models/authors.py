"""The authors of an incident's entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import func, select

from irscribe.domain.report import Kind
from models.database import Session
from models.entries import STANDING
from models.entryrows import CURRENT
from models.tables import entry, entry_version

Author = tuple[int | None, str, str | None]
"""Person, nick, account."""
AUTHOR = (entry.c.person, entry.c.nick, entry.c.account)


def authors(session: Session, number: int, *, besides: Sequence[Kind] = ()) -> Sequence[Author]:
    """Give the authors of entries not struck, each once, in order of their first entry.

    ``besides`` are kinds of entries that do not count, nor do redacted ones then.
    """
    rows = session.execute(
        select(*AUTHOR, func.min(entry.c.number).label("first"))
        .select_from(CURRENT)
        .where(entry.c.incident == number, *(STANDING if besides else STANDING[:1]))
        .where(entry_version.c.kind.not_in([kind.value for kind in besides]))
        .group_by(*AUTHOR)
        .order_by("first")
    )
    return [(row[0], row[1], row[2]) for row in rows]


def authors_called(session: Session, number: int, is_meant: Callable[[Author], bool]) -> Sequence[Author]:
    """Give those of the authors of entries not struck that are meant, in order of their first entry.

    What the entries say is read of these only.
    """
    known = session.execute(select(*AUTHOR).where(entry.c.incident == number).distinct())
    first = {(row[0], row[1], row[2]): None for row in known if is_meant((row[0], row[1], row[2]))}
    standing = {author: found for author in first if (found := _first_standing(session, number, author)) is not None}
    return sorted(standing, key=standing.__getitem__)


def _first_standing(session: Session, number: int, author: Author) -> int | None:
    """Give the number of an author's first entry that is not struck."""
    own = (column == value for column, value in zip(AUTHOR, author, strict=True))
    query = select(entry.c.number).select_from(CURRENT).where(entry.c.incident == number, *own, STANDING[0])
    found: int | None = session.execute(query.order_by(entry.c.number).limit(1)).scalar()
    return found
