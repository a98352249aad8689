"""The channels in which an incident is current besides its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from models import incidents
from models.changes import AuditContext, numbers_of, put
from models.database import Session
from models.tables import channel, incident
from models.watchtables import further_channel


@dataclass(frozen=True, kw_only=True)
class FurtherChannel:
    """A channel of this kind; ``channel`` is folded, ``name`` as spelled."""

    number: int
    network: str
    channel: str
    name: str


def of_incident(session: Session, number: int, *, ended: bool = False) -> Sequence[FurtherChannel]:
    """Give the further channels of an incident; with ``ended`` also those in which it is current no more."""
    rows = select(further_channel).where(further_channel.c.incident == number).order_by(further_channel.c.number)
    return [
        FurtherChannel(number=row["number"], network=row["network"], channel=row["channel"], name=row["channel_name"])
        for row in session.execute(rows).mappings()
        if ended or not row["ended"]
    ]


def holds(session: Session, number: int, network: str, channel_name: str) -> bool:
    """True if an incident is current in a channel (folded name) besides its own."""
    known = of_incident(session, number)
    return any((each.network, each.channel) == (network, channel_name) for each in known)


def add(session: Session, audit: AuditContext, *, network: str, channel_name: str, spelled: str) -> None:
    """Make an incident current in one more channel (folded name, and as spelled)."""
    following = 1 + max(numbers_of(session, audit.incident, further_channel), default=0)
    key = {"incident": audit.incident, "number": following}
    values = {"network": network, "channel": channel_name, "channel_name": spelled, "ended": False}
    put(session, audit, further_channel, key=key, values=values)
    settle(session, audit.incident, network, channel_name)


def end(session: Session, audit: AuditContext, each: FurtherChannel) -> None:
    """End that."""
    key = {"incident": audit.incident, "number": each.number}
    put(session, audit, further_channel, key=key, values={"ended": True})
    settle(session, audit.incident, each.network, each.channel)


def settle(session: Session, number: int, network: str, channel_name: str) -> None:
    """Make the current incident of a channel the one that it must be after a change of such a row, also an undo."""
    here = (channel.c.network == network, channel.c.channel == channel_name)
    if holds(session, number, network, channel_name):
        incidents.make_current(session, network, channel_name, number)
    elif session.execute(select(channel.c.incident).where(*here)).scalar() == number:
        own = select(func.max(incident.c.number)).where(
            incident.c.network == network, incident.c.channel == channel_name
        )
        latest = session.execute(own).scalar()
        if latest is None:
            session.execute(delete(channel).where(*here))
        else:
            incidents.make_current(session, network, channel_name, latest)
