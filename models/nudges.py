"""Unasked speech: nudges given, lines in each channel; and the incidents to come back to after a close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, select

from irscribe.domain.nudges import Kind, Nudge
from irscribe.domain.report import Kind as EntryKind
from irscribe.domain.report import State
from models.changes import of_table
from models.coverage import gaps
from models.database import Session
from models.entryrows import CURRENT
from models.nudgetables import aftercare, nudge, unasked
from models.prepared import Prepared
from models.tables import entry, entry_version, incident
from models.visibility import is_complete

KEPT_FOR = timedelta(days=1)
"""The time for which that of an unasked line is kept; the budget asks for the last hour."""
NOT_BY_PEOPLE = (EntryKind.ALERT.value,)
"""The kinds of entries that no person has typed."""
OF_INCIDENT: Any = bindparam("of_incident")
BY_PEOPLE = and_(entry.c.incident == OF_INCIDENT, *(entry_version.c.kind != each for each in NOT_BY_PEOPLE))
GIVEN = Prepared(select(nudge.c.kind, nudge.c.number, nudge.c.said_at).where(nudge.c.incident == OF_INCIDENT))
SAID_UNASKED = Prepared(
    select(unasked.c.said_at).where(
        unasked.c.network == bindparam("of_network"), unasked.c.channel == bindparam("of_channel")
    )
)
CARED_FOR = Prepared(
    select(aftercare.c.incident, aftercare.c.person, aftercare.c.since)
    .join(incident, incident.c.number == aftercare.c.incident)
    .where(aftercare.c.since >= bindparam("earliest"), incident.c.network == bindparam("of_network"))
    .where(incident.c.state == State.CLOSED.value, is_complete())
    .order_by(aftercare.c.incident)
)
BEGAN = Prepared(select(entry.c.recorded_at).where(entry.c.incident == OF_INCIDENT).order_by(entry.c.number).limit(1))
LAST_NOTE = Prepared(
    select(entry.c.recorded_at).select_from(CURRENT).where(BY_PEOPLE).order_by(entry.c.number.desc()).limit(1)
)
WRITERS = Prepared(
    select(func.count(func.distinct(entry.c.person)))
    .select_from(CURRENT)
    .where(BY_PEOPLE, entry.c.recorded_at >= bindparam("earliest"))
)


@dataclass(frozen=True, kw_only=True)
class Closed:
    """An incident that was closed here at ``since``, by a person."""

    incident: int
    person: int
    since: datetime


def given(session: Session, number: int) -> Mapping[Nudge, datetime]:
    """Give the nudges of an incident that were given, with their times."""
    rows = GIVEN.all(session, {"of_incident": number})
    return {Nudge(Kind(kind), number): said_at for kind, number, said_at in rows}


def mark(session: Session, number: int, nudges: Iterable[Nudge], *, at: datetime) -> None:
    """Mark nudges of an incident as given."""
    rows = [{"incident": number, "kind": each.kind.value, "number": each.number, "said_at": at} for each in nudges]
    if rows:
        session.execute(insert(nudge), rows)


def said_unasked(session: Session, network: str, channel: str) -> Sequence[datetime]:
    """Give the times of the last unasked lines in a channel (folded name)."""
    return [row[0] for row in SAID_UNASKED.all(session, {"of_network": network, "of_channel": channel})]


def say_unasked(session: Session, network: str, channel: str, *, at: datetime) -> None:
    """Mark an unasked line in a channel (folded name) as said, and forget those that count no more."""
    session.execute(delete(unasked).where(unasked.c.network == network, unasked.c.said_at < at - KEPT_FOR))
    session.execute(insert(unasked).values(network=network, channel=channel, said_at=at))


def care_for(session: Session, number: int, *, person: int, since: datetime) -> None:
    """Begin the care for an incident that a person closes."""
    session.execute(delete(aftercare).where(aftercare.c.incident == number))
    session.execute(insert(aftercare).values(incident=number, person=person, since=since))


def cared_for(session: Session, network: str, *, since: datetime) -> Sequence[Closed]:
    """Give the closed incidents of a network that were closed here since a moment, by number."""
    rows = CARED_FOR.all(session, {"of_network": network, "earliest": since})
    return [Closed(incident=number, person=person, since=at) for number, person, at in rows]


def last_note(session: Session, number: int) -> datetime | None:
    """Give the time of the last entry that a person made; None if there is none."""
    row = LAST_NOTE.first(session, {"of_incident": number})
    return row[0] if row else None


def count_writers(session: Session, number: int, *, since: datetime) -> int:
    """Count the people who made entries since a moment."""
    ((count,),) = WRITERS.all(session, {"of_incident": number, "earliest": since})
    return int(count)


def last_gap(session: Session, number: int, *, longer_than: timedelta) -> datetime | None:
    """Give the end of the last gap of an incident that was longer than so much; None if there is none."""
    known = [(each["begins"], each["ends"]) for each in gaps(session, number) if each["ends"]]
    return max((ends for begins, ends in known if ends - begins > longer_than), default=None)


def began(session: Session, number: int) -> datetime | None:
    """Give the time at which an incident got its first entry; None if it has none."""
    row = BEGAN.first(session, {"of_incident": number})
    return row[0] if row else None


def status_set(session: Session, number: int) -> datetime | None:
    """Give the time at which the present status of an incident was set; None if it still has its first one."""
    made = [each.made_at for each in of_table(session, number, incident) if "status" in (each.new or {})]
    return made[-1] if made else None
