"""Announcements of incidents, the bot's segments of topics, and the people who were greeted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, insert, select, update

from irscribe.domain.report import State
from irscribe.domain.topics import Segment
from models.announcementtables import announcement, greeting, topic_segment
from models.database import Session
from models.prepared import Prepared
from models.tables import incident
from models.visibility import is_complete

STATE_SAID: Any = case((incident.c.state == State.OPEN.value, incident.c.status), else_=incident.c.state)
"""The state of an incident as an announcement says it: its status while it is open."""


@dataclass(frozen=True, kw_only=True)
class Announced:
    """An announcement in a channel (folded name, and as spelled): the state that was said last, and when."""

    incident: int
    network: str
    channel: str
    channel_name: str
    said: str
    first_at: datetime
    said_at: datetime


# These two run every few seconds.
OUTDATED = Prepared(
    select(*(announcement.c[name] for name in Announced.__dataclass_fields__))
    .join(incident, incident.c.number == announcement.c.incident)
    .where(announcement.c.network == bindparam("of_network"), announcement.c.said != STATE_SAID, is_complete())
    .order_by(announcement.c.incident, announcement.c.channel)
)
SEGMENT = Prepared(
    select(*(topic_segment.c[name] for name in Segment.__dataclass_fields__)).where(
        topic_segment.c.network == bindparam("of_network"), topic_segment.c.channel == bindparam("of_channel")
    )
)


def of_incident(session: Session, number: int) -> Sequence[Announced]:
    """Give the channels in which an incident was announced."""
    rows = select(announcement).where(announcement.c.incident == number).order_by(announcement.c.channel)
    return [Announced(**row) for row in session.execute(rows).mappings()]


def channels_beside(session: Session, number: int, channel: str) -> Sequence[str]:
    """Give the channels, as spelled, in which an incident was announced, besides its own (folded name)."""
    return [each.channel_name for each in of_incident(session, number) if each.channel != channel]


def outdated(session: Session, network: str) -> Sequence[Announced]:
    """Give the announcements of incidents whose state is another one by now."""
    rows = OUTDATED.all(session, {"of_network": network})
    return [Announced(**dict(zip(Announced.__dataclass_fields__, row, strict=True))) for row in rows]


def mark(session: Session, announced: Announced) -> None:
    """Mark an announcement as said; where it is not the first one in that channel, ``first_at`` stays."""
    key = {name: getattr(announced, name) for name in ("incident", "network", "channel")}
    values = {name: getattr(announced, name) for name in ("channel_name", "said", "said_at")}
    own = [announcement.c[name] == value for name, value in key.items()]
    if not session.execute(update(announcement).where(*own).values(**values)).rowcount:
        session.execute(insert(announcement).values(**key, **values, first_at=announced.first_at))


def segment(session: Session, network: str, channel: str) -> Segment | None:
    """Give the bot's segment of a channel's topic (folded name); None if it never had one."""
    row = SEGMENT.first(session, {"of_network": network, "of_channel": channel})
    return None if row is None else Segment(**dict(zip(Segment.__dataclass_fields__, row, strict=True)))


def set_segment(session: Session, network: str, channel: str, value: Segment) -> None:
    """Store it."""
    session.execute(delete(topic_segment).where(topic_segment.c.network == network, topic_segment.c.channel == channel))
    values = {name: getattr(value, name) for name in Segment.__dataclass_fields__}
    session.execute(insert(topic_segment).values(network=network, channel=channel, **values))


def was_greeted(session: Session, number: int, network: str, keys: Collection[str]) -> bool:
    """True if somebody with one of these keys was told of an incident."""
    own = (greeting.c.incident == number, greeting.c.network == network, greeting.c.key.in_(keys))
    return session.execute(select(greeting.c.key).where(*own).limit(1)).first() is not None


def greet(session: Session, number: int, network: str, keys: Iterable[str]) -> None:
    """Mark somebody as told of an incident; forget whom it was told of incidents that are over."""
    over = select(incident.c.number).where(incident.c.state != State.OPEN.value)
    session.execute(delete(greeting).where(greeting.c.incident.in_(over)))
    known = select(greeting.c.key).where(greeting.c.incident == number, greeting.c.network == network)
    new = sorted({*keys} - {*session.execute(known).scalars()})
    if new:
        session.execute(insert(greeting), [{"incident": number, "network": network, "key": key} for key in new])
