"""Kept talk: written, searched and forgotten; and the lines from which quotes were taken."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select

from irscribe.domain.record import Incident
from irscribe.domain.report import State
from irscribe.domain.talk import SECOND, HeardLine, KnownLines, Role
from models import keyedrows
from models.database import Session
from models.entries import TAKEN_BACK
from models.entryrows import CURRENT
from models.tables import change, entry, entry_version, field, incident
from models.talktables import listening, quote, talk
from models.transaction import mark_withdrawn
from models.utcdatetime import UtcDateTime

MOST_SEARCHED = 5000
"""Most lines of an incident that are searched, the newest ones."""

ROWS_PER_STATEMENT = 500
"""Most rows that one statement removes."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A kept line and its number."""

    id: int
    line: HeardLine


@dataclass(frozen=True, kw_only=True)
class Source:
    """The line that a quote was taken from; ``said_at`` is None if nobody heard it."""

    nick: str
    account: str | None
    msgid: str | None
    said_at: datetime | None

    @classmethod
    def of(cls, line: HeardLine) -> Source:
        """Name a line that was heard."""
        return cls(nick=line.nick, account=line.account, msgid=line.msgid, said_at=line.said_at)

    def is_line(self, line: HeardLine) -> bool:
        """True if this is the line."""
        if self.msgid is not None and line.msgid is not None:
            return self.msgid == line.msgid
        return (self.nick, self.said_at) == (line.nick, line.said_at)


def add(session: Session, head: Incident, lines: Sequence[HeardLine]) -> int:
    """Keep lines of an incident's channel in their order, except those that are kept already; give how many."""
    if not lines:
        return 0
    since = min(each.said_at for each in lines) - SECOND
    known = KnownLines(each.line for each in kept(session, head, since=since))
    new: list[HeardLine] = []
    for each in lines:
        if not known.holds(each):
            known.add(each)
            new.append(each)
    if new:
        session.execute(insert(talk), [_values(head.number, each) for each in new])
    return len(new)


def kept(
    session: Session,
    head: Incident,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = MOST_SEARCHED,
) -> Sequence[Kept]:
    """Give the kept lines of an incident, newest first, said between two moments of the server's clock."""
    query = select(talk).where(talk.c.incident == head.number)
    if since is not None:
        query = query.where(talk.c.said_at >= since)
    if until is not None:
        query = query.where(talk.c.said_at <= until)
    rows = session.execute(query.order_by(talk.c.id.desc()).limit(limit)).mappings()
    return [Kept(id=row["id"], line=_line(head, row)) for row in rows]


def count(session: Session, number: int) -> int:
    """Count the kept lines of an incident."""
    return int(session.execute(select(func.count()).select_from(talk).where(talk.c.incident == number)).scalar_one())


def remove(session: Session, ids: Collection[int]) -> None:
    """Remove kept lines for good."""
    if ids:
        mark_withdrawn(session)
    rest = list(ids)
    while rest:
        some, rest = rest[:ROWS_PER_STATEMENT], rest[ROWS_PER_STATEMENT:]
        session.execute(delete(talk).where(talk.c.id.in_(some)))


def heard_until(session: Session, number: int) -> datetime | None:
    """Give the server's time of the last line that was heard for an incident; None if it was never listened to."""
    row = keyedrows.kept(session, listening, {"incident": number})
    return None if row is None else row["said_until"]


def set_heard_until(session: Session, number: int, moment: datetime) -> None:
    """Record that the lines up to this moment of the server's clock were heard; an earlier moment changes nothing."""
    known = heard_until(session, number)
    if known is None:
        keyedrows.add(session, listening, {"incident": number, "said_until": moment})
    elif known < moment:
        keyedrows.change_row(session, listening, {"incident": number}, {"said_until": moment})


def status_since(session: Session, number: int) -> datetime | None:
    """Give the time of the last change of an incident's status; None if it never changed."""
    found: datetime | None = session.execute(
        select(func.max(change.c.made_at, type_=UtcDateTime)).where(
            change.c.incident == number, change.c.subject == incident.name, change.c.new.contains('"status"')
        )
    ).scalar()
    return found


def field_since(session: Session, number: int, name: str) -> datetime | None:
    """Give the time of the last change of a field; None if it was never set."""
    found: datetime | None = session.execute(
        select(func.max(change.c.made_at, type_=UtcDateTime)).where(
            change.c.incident == number, change.c.subject == field.name, change.c.key.contains(f'"{name}"')
        )
    ).scalar()
    return found


def expired(session: Session, *, closed_before: datetime, limit: int) -> Sequence[int]:
    """Give kept lines of incidents that were closed or cancelled before that moment."""
    over = select(incident.c.number).where(incident.c.state != State.OPEN.value, incident.c.closed_at < closed_before)
    return list(
        session.execute(select(talk.c.id).where(talk.c.incident.in_(over)).order_by(talk.c.id).limit(limit)).scalars()
    )


def of_channel(session: Session, network: str, channel: str) -> Sequence[int]:
    """Give the incidents of a channel (folded name) that have kept talk."""
    query = (
        select(incident.c.number)
        .where(incident.c.network == network, incident.c.channel == channel)
        .where(select(talk.c.id).where(talk.c.incident == incident.c.number).exists())
    )
    return list(session.execute(query).scalars())


def add_source(session: Session, number: int, entry_number: int, source: Source) -> None:
    """Record the line that a quote was taken from."""
    values = {"nick": source.nick, "account": source.account, "msgid": source.msgid, "said_at": source.said_at}
    session.execute(insert(quote).values(incident=number, number=entry_number, **values))


def source_of(session: Session, number: int, entry_number: int) -> Source | None:
    """Give the line that a quote was taken from; None for an entry that is no quote of this bot."""
    query = select(quote).where(quote.c.incident == number, quote.c.number == entry_number)
    row = session.execute(query).mappings().first()
    return None if row is None else _source(row)


def taken(session: Session, number: int) -> Sequence[tuple[int, Source]]:
    """Give the lines that were taken into an incident, each with its entry, but no entry that was undone."""
    query = (
        select(quote)
        .select_from(CURRENT.join(quote, and_(quote.c.incident == entry.c.incident, quote.c.number == entry.c.number)))
        .where(
            quote.c.incident == number,
            quote.c.said_at.is_not(None),
            or_(entry_version.c.struck.is_(None), entry_version.c.struck != TAKEN_BACK),
        )
    )
    return [(row["number"], _source(row)) for row in session.execute(query).mappings()]


def remove_source(session: Session, number: int, entry_number: int) -> None:
    """Remove for good from where a quote was taken."""
    session.execute(delete(quote).where(quote.c.incident == number, quote.c.number == entry_number))


def _source(row: Any) -> Source:
    return Source(nick=row["nick"], account=row["account"], msgid=row["msgid"], said_at=row["said_at"])


def _values(number: int, line: HeardLine) -> dict[str, Any]:
    return {
        "incident": number,
        "nick": line.nick,
        "account": line.account,
        "msgid": line.msgid,
        "said_at": line.said_at,
        "text": line.text,
        "action": line.action,
        "role": line.role.value,
    }


def _line(head: Incident, row: Any) -> HeardLine:
    return HeardLine(
        network=head.network,
        channel=head.channel,
        nick=row["nick"],
        account=row["account"],
        msgid=row["msgid"],
        said_at=row["said_at"],
        heard_at=row["said_at"],
        text=row["text"],
        action=row["action"],
        role=Role(row["role"]),
    )
