"""Incidents, and which one is current in a channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, insert, select, update

from irscribe.domain.record import Incident
from irscribe.domain.report import DocumentStatus, State, Status
from models.database import Session
from models.tables import change, channel, entry, entry_version, field, gap, incident

COLUMNS = tuple(incident.c[name] for name in Incident.__dataclass_fields__)
CURRENT = select(*COLUMNS).select_from(incident.join(channel, channel.c.incident == incident.c.number))


def add(session: Session, values: Mapping[str, Any]) -> int:
    """Open a record under the next number (or under ``values["number"]``)."""
    number = values.get("number") or (session.execute(select(func.max(incident.c.number))).scalar() or 0) + 1
    session.execute(insert(incident).values(**{"entries": 0, **values, "number": number}))
    return int(number)


def get(session: Session, number: int) -> Incident | None:
    """The head of an incident."""
    return _incident(session.execute(select(*COLUMNS).where(incident.c.number == number)).mappings().first())


def current(session: Session, network: str, channel_name: str) -> Incident | None:
    """The incident that is current in a channel (folded name)."""
    found = session.execute(CURRENT.where(channel.c.network == network, channel.c.channel == channel_name))
    return _incident(found.mappings().first())


def make_current(session: Session, network: str, channel_name: str, number: int) -> None:
    """Let a channel speak of this incident from now on."""
    changed = session.execute(
        update(channel).where(channel.c.network == network, channel.c.channel == channel_name).values(incident=number)
    )
    if not changed.rowcount:
        session.execute(insert(channel).values(network=network, channel=channel_name, incident=number))


def open_in(session: Session, network: str, channel_name: str) -> Sequence[Incident]:
    """The incidents that are open in a channel."""
    rows = session.execute(
        select(*COLUMNS)
        .where(
            incident.c.network == network,
            incident.c.channel == channel_name,
            incident.c.state == State.OPEN.value,
        )
        .order_by(incident.c.number)
    ).mappings()
    return [found for row in rows if (found := _incident(row))]


def latest(session: Session, *, limit: int, only_open: bool = False) -> Sequence[Incident]:
    """The public incidents, newest first."""
    query = select(*COLUMNS).where(incident.c.private.is_(False))
    if only_open:
        query = query.where(incident.c.state == State.OPEN.value)
    rows = session.execute(query.order_by(incident.c.number.desc()).limit(limit)).mappings()
    return [found for row in rows if (found := _incident(row))]


def every_number(session: Session) -> Sequence[int]:
    """The numbers of all incidents."""
    return [row[0] for row in session.execute(select(incident.c.number).order_by(incident.c.number))]


def find(session: Session, words: Sequence[str], *, limit: int) -> Sequence[tuple[Incident, int | None, str]]:
    """Public incidents that hold all the words in a title, a field or an entry: incident, entry number, text."""
    titled = select(incident.c.number, incident.c.title.label("text")).where(_holds(incident.c.title, words))
    fields = select(field.c.incident, field.c.value).where(_holds(field.c.value, words))
    heads = [(row[0], None, row[1]) for query in (titled, fields) for row in session.execute(query.limit(limit))]
    entries = session.execute(
        select(entry.c.incident, entry.c.number, entry_version.c.text)
        .select_from(_current_versions())
        .where(_holds(entry_version.c.text, words), entry_version.c.struck.is_(None))
        .order_by(entry.c.incident.desc(), entry.c.number)
        .limit(limit)
    )
    hits = sorted([*heads, *(tuple(row) for row in entries)], key=lambda hit: (-hit[0], hit[1] or 0))
    found = [(get(session, number), position, text) for number, position, text in hits]
    return [(head, position, text) for head, position, text in found if head and not head.private][:limit]


def changed_by(session: Session, line: int) -> Sequence[int]:
    """The incidents a line changed rows of."""
    rows = session.execute(select(change.c.incident).where(change.c.line == line).distinct())
    return [row[0] for row in rows]


def opening_line(session: Session, number: int) -> int | None:
    """The line an incident was opened by."""
    line: int | None = session.execute(select(incident.c.line).where(incident.c.number == number)).scalar()
    return line


def gaps(session: Session, number: int) -> Sequence[Mapping[str, Any]]:
    """The times in which the bot could not hear the channel."""
    return list(session.execute(select(gap).where(gap.c.incident == number).order_by(gap.c.begins)).mappings())


def add_gap(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Record a time in which the bot could not hear."""
    session.execute(insert(gap).values(incident=number, **values))


def _current_versions() -> Any:
    return entry.join(
        entry_version,
        and_(
            entry.c.incident == entry_version.c.incident,
            entry.c.number == entry_version.c.number,
            entry.c.version == entry_version.c.version,
        ),
    )


def _holds(column: Any, words: Sequence[str]) -> Any:
    return and_(*(column.ilike(f"%{_literal(word)}%", escape="\\") for word in words))


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _incident(row: Mapping[str, Any] | None) -> Incident | None:
    if row is None:
        return None
    return Incident(
        **{
            **row,
            "state": State(row["state"]),
            "status": Status(row["status"]),
            "document_status": DocumentStatus(row["document_status"]),
        }
    )
