"""Coverage: the time until which each channel was heard, and the gaps of each incident; channels are folded names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from irscribe.domain.report import State
from models.database import Session
from models.keyedrows import change_row
from models.networktables import coverage
from models.prepared import Prepared
from models.tables import entry, gap, incident, line
from models.transaction import mark_changed
from models.utcdatetime import UtcDateTime
from models.visibility import is_complete

CLOCK_SET_BACK_BEYOND = timedelta(minutes=10)
"""A recorded time further ahead than this comes from a clock that has been set back since."""
SPOKEN_AT = Prepared(
    select(coverage.c.spoken_at).where(
        coverage.c.network == bindparam("of_network"), coverage.c.channel == bindparam("of_channel")
    )
)
GAPS = Prepared(select(gap).where(gap.c.incident == bindparam("of_incident")).order_by(gap.c.begins, gap.c.id))


def heard_until(session: Session, network: str, channels: Iterable[str]) -> datetime | None:
    """Give the time until which all of these channels were heard; None if none of them ever was."""
    known: datetime | None = session.execute(
        select(func.min(coverage.c.heard_until, type_=UtcDateTime)).where(
            coverage.c.network == network, coverage.c.channel.in_(list(channels))
        )
    ).scalar()
    return known


def extend(session: Session, network: str, channel: str, moment: datetime) -> None:
    """Record that a channel was heard until ``moment``; an earlier time counts only after the clock was set back."""
    key = (coverage.c.network == network, coverage.c.channel == channel)
    known = heard_until(session, network, [channel])
    if known is None:
        session.execute(insert(coverage).values(network=network, channel=channel, heard_until=moment))
    elif known < moment or known - moment > CLOCK_SET_BACK_BEYOND:
        session.execute(update(coverage).where(*key).values(heard_until=moment))


def spoken_at(session: Session, network: str, channel: str) -> datetime | None:
    """Give the time at which a person was last heard in a channel, as far as it is recorded."""
    row = SPOKEN_AT.first(session, {"of_network": network, "of_channel": channel})
    return row[0] if row else None


def set_spoken_at(session: Session, network: str, channel: str, moment: datetime) -> None:
    """Record when a person was last heard in a channel that the bot hears."""
    change_row(session, coverage, {"network": network, "channel": channel}, {"spoken_at": moment})


def live_incidents(session: Session, network: str, channel: str) -> dict[int, datetime]:
    """Give the open live incidents of a channel, each with the time of its opening."""
    rows = session.execute(
        select(incident.c.number, func.coalesce(line.c.said_at, incident.c.opened_at, type_=UtcDateTime))
        .select_from(incident.outerjoin(line, incident.c.line == line.c.id))
        .where(
            incident.c.network == network,
            incident.c.channel == channel,
            incident.c.state == State.OPEN.value,
            incident.c.retrospective.is_(False),
            is_complete(),
        )
        .order_by(incident.c.number)
    )
    return {row[0]: row[1] for row in rows}


def last_recorded(session: Session, number: int, *, before: datetime) -> datetime | None:
    """Give the time of an incident's last entry recorded before that moment; None if there is none."""
    found: datetime | None = session.execute(
        select(func.max(entry.c.recorded_at, type_=UtcDateTime)).where(
            entry.c.incident == number, entry.c.recorded_at < before
        )
    ).scalar()
    return found


def gaps(session: Session, number: int) -> Sequence[Mapping[str, Any]]:
    """Give an incident's gaps, by their beginning."""
    return [dict(zip(gap.c.keys(), row, strict=True)) for row in GAPS.all(session, {"of_incident": number})]


def add_gap(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Record a gap."""
    mark_changed(session, number)
    session.execute(insert(gap).values(incident=number, **values))
