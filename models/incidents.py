"""Incidents, and the current one of each channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from irscribe.domain.record import Incident
from irscribe.domain.report import DocumentStatus, State, Status
from models import keyedrows
from models.database import Session
from models.prepared import Prepared
from models.tables import channel, incident
from models.transaction import mark_changed
from models.visibility import PUBLIC, Reader, is_complete, visible_to

BESIDE = incident.alias("beside")
OPEN_HERE = (
    select(func.count())
    .where(
        BESIDE.c.network == incident.c.network,
        BESIDE.c.channel == incident.c.channel,
        BESIDE.c.state == State.OPEN.value,
        is_complete(BESIDE),
    )
    .scalar_subquery()
    .label("open_here")
)
COLUMNS = (*(incident.c[name] for name in Incident.__dataclass_fields__ if name != OPEN_HERE.name), OPEN_HERE)
OF_ANY_NUMBER = select(*COLUMNS).where(incident.c.number == bindparam("of_incident"))
WRITTEN = Prepared(OF_ANY_NUMBER)
OF_NUMBER = Prepared(OF_ANY_NUMBER.where(is_complete()))
CURRENT_IN = Prepared(
    select(*COLUMNS)
    .select_from(incident.join(channel, channel.c.incident == incident.c.number))
    .where(channel.c.network == bindparam("of_network"), channel.c.channel == bindparam("of_channel"))
)
OPEN_IN = Prepared(
    select(*COLUMNS)
    .where(
        incident.c.network == bindparam("of_network"),
        incident.c.channel == bindparam("of_channel"),
        incident.c.state == State.OPEN.value,
        is_complete(),
    )
    .order_by(incident.c.number)
)
NUMBERS_LOCK = 0x69726E75
"""The number of our advisory lock for the numbers of incidents on a PostgreSQL server."""
HIGHEST_NUMBER = 2**31 - 1
"""The highest number of an incident that both kinds of database can store."""


def next_number(session: Session) -> int:
    """Give the number of the next incident; until the commit nobody else adds one."""
    lock_numbers(session)
    return (session.execute(select(func.max(incident.c.number))).scalar() or 0) + 1


def lock_numbers(session: Session) -> None:
    """Let nobody else add an incident until the commit; in SQLite the transaction alone writes."""
    if session.dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(NUMBERS_LOCK)))


def add(session: Session, values: Mapping[str, Any]) -> int:
    """Add an incident under ``values["number"]``; give its number."""
    number = int(values["number"])
    keyedrows.add(session, incident, {"entries": 0, **values})
    mark_changed(session, number)
    return number


def get(session: Session, number: int) -> Incident | None:
    """Give an incident's own values, without its entries; None if there is none of that number."""
    return _incident(_named(OF_NUMBER.first(session, {"of_incident": number})))


def written(session: Session, number: int) -> Incident | None:
    """Give an incident also while its import is not finished, when nobody else sees it; None if there is none."""
    return _incident(_named(WRITTEN.first(session, {"of_incident": number})))


def current(session: Session, network: str, channel_name: str) -> Incident | None:
    """Give the current incident of a channel (folded name); None if there was never one."""
    return _incident(_named(CURRENT_IN.first(session, {"of_network": network, "of_channel": channel_name})))


def make_current(session: Session, network: str, channel_name: str, number: int) -> None:
    """Make an incident the current one of a channel (folded name)."""
    key, values = {"network": network, "channel": channel_name}, {"incident": number}
    if not keyedrows.change_row(session, channel, key, values):
        keyedrows.add(session, channel, {**key, **values})


def open_in(session: Session, network: str, channel_name: str) -> Sequence[Incident]:
    """Give the open incidents of a channel (folded name), by number."""
    rows = OPEN_IN.all(session, {"of_network": network, "of_channel": channel_name})
    return [found for row in rows if (found := _incident(_named(row)))]


def open_places(session: Session) -> frozenset[tuple[str, str]]:
    """Give the channels (network, folded name) in which an open incident is, or is the current one."""
    is_open = (incident.c.state == State.OPEN.value, is_complete())
    own = select(incident.c.network, incident.c.channel).where(*is_open)
    further = (
        select(channel.c.network, channel.c.channel)
        .select_from(channel.join(incident, channel.c.incident == incident.c.number))
        .where(*is_open)
    )
    return frozenset((row[0], row[1]) for query in (own, further) for row in session.execute(query.distinct()))


def latest(session: Session, *, limit: int, only_open: bool = False, reader: Reader = PUBLIC) -> Sequence[Incident]:
    """Give the latest incidents that a reader may see, newest first."""
    query = select(*COLUMNS).where(visible_to(reader))
    if only_open:
        query = query.where(incident.c.state == State.OPEN.value)
    rows = session.execute(query.order_by(incident.c.number.desc()).limit(limit)).mappings()
    return [found for row in rows if (found := _incident(row))]


def every_number(session: Session) -> Sequence[int]:
    """Give the numbers of all incidents."""
    return [
        row[0] for row in session.execute(select(incident.c.number).where(is_complete()).order_by(incident.c.number))
    ]


def opening_line(session: Session, number: int) -> int | None:
    """Give the line that opened an incident; None for an imported one."""
    line: int | None = session.execute(select(incident.c.line).where(incident.c.number == number)).scalar()
    return line


def _named(row: Sequence[Any] | None) -> Mapping[str, Any] | None:
    return None if row is None else dict(zip(Incident.__dataclass_fields__, row, strict=True))


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
