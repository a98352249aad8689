"""The notes whose line another bot has logged, with the address at which it did."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, insert, select

from irscribe.domain.request import LineKind
from models.alerttables import log_link
from models.database import Session
from models.tables import entry, entry_version, line

CLOCKS_DIFFER = timedelta(minutes=10)
"""Most that the server's clock and ours are apart; the index knows when a line was heard by ours."""


def add(session: Session, number: int, entry_number: int, url: str) -> None:
    """Keep the address at which the line of an entry was logged."""
    session.execute(insert(log_link).values(incident=number, number=entry_number, url=url))


def unanswered(
    session: Session, network: str, channel: str, *, since: datetime, until: datetime
) -> tuple[int, int] | None:
    """Give the first note typed with ``!log`` in a channel (folded name) in this time that has no such address yet.

    It is given as incident and entry; None if there is none.
    """
    same = and_(log_link.c.incident == entry.c.incident, log_link.c.number == entry.c.number)
    found = session.execute(
        select(entry.c.incident, entry.c.number)
        .select_from(
            line.join(entry_version, entry_version.c.line == line.c.id).join(
                entry, and_(entry.c.incident == entry_version.c.incident, entry.c.number == entry_version.c.number)
            )
        )
        .where(
            line.c.network == network,
            line.c.channel == channel,
            line.c.heard_at.between(since - CLOCKS_DIFFER, until + CLOCKS_DIFFER),
            line.c.said_at.between(since, until),
            line.c.kind == LineKind.LOG.value,
            entry_version.c.version == 1,
            ~select(log_link.c.number).where(same).exists(),
        )
        .order_by(line.c.id)
        .limit(1)
    ).first()
    return None if found is None else (found[0], found[1])
