"""When the start of an incident was suggested in a channel, and when that was dismissed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from models.alerttables import start_suggestion
from models.database import Session


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """The times of the last suggestion and of the last dismissal in a channel."""

    said_at: datetime | None = None
    dismissed_at: datetime | None = None


def last(session: Session, network: str, channel: str) -> Suggested:
    """Give those of a channel (folded name)."""
    row = session.execute(select(start_suggestion).where(*_here(network, channel))).mappings().first()
    return Suggested() if row is None else Suggested(said_at=row["said_at"], dismissed_at=row["dismissed_at"])


def mark_said(session: Session, network: str, channel: str, *, at: datetime) -> None:
    """Mark a suggestion in a channel (folded name) as said."""
    _set(session, network, channel, said_at=at)


def dismiss(session: Session, network: str, channel: str, *, at: datetime) -> None:
    """Dismiss what may be suggested in a channel (folded name)."""
    _set(session, network, channel, dismissed_at=at)


def _set(session: Session, network: str, channel: str, **values: datetime) -> None:
    changed = session.execute(update(start_suggestion).where(*_here(network, channel)).values(**values))
    if not changed.rowcount:
        session.execute(insert(start_suggestion).values(network=network, channel=channel, **values))


def _here(network: str, channel: str) -> tuple[object, object]:
    return start_suggestion.c.network == network, start_suggestion.c.channel == channel
