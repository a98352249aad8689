"""Unasked speech: nudges given, lines in each channel; and the incidents to come back to after a close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from irscribe.domain.nudges import Kind, Nudge
from irscribe.domain.report import Kind as EntryKind
from irscribe.domain.report import State
from models.changes import of_table
from models.coverage import gaps
from models.database import Session
from models.entryrows import CURRENT
from models.nudgetables import aftercare, nudge, unasked
from models.tables import entry, entry_version, incident
from models.visibility import is_complete

KEPT_FOR = timedelta(days=1)
"""The time for which that of an unasked line is kept; the budget asks for the last hour."""
NOT_BY_PEOPLE = (EntryKind.ALERT.value,)
"""The kinds of entries that no person has typed."""


@dataclass(frozen=True, kw_only=True)
class Closed:
    """An incident that was closed here at ``since``, by a person."""

    incident: int
    person: int
    since: datetime


def given(session: Session, number: int) -> Mapping[Nudge, datetime]:
    """Give the nudges of an incident that were given, with their times."""
    rows = session.execute(select(nudge.c.kind, nudge.c.number, nudge.c.said_at).where(nudge.c.incident == number))
    return {Nudge(Kind(row[0]), row[1]): row[2] for row in rows}


def mark(session: Session, number: int, nudges: Iterable[Nudge], *, at: datetime) -> None:
    """Mark nudges of an incident as given."""
    rows = [{"incident": number, "kind": each.kind.value, "number": each.number, "said_at": at} for each in nudges]
    if rows:
        session.execute(insert(nudge), rows)


def said_unasked(session: Session, network: str, channel: str) -> Sequence[datetime]:
    """Give the times of the last unasked lines in a channel (folded name)."""
    of = (unasked.c.network == network, unasked.c.channel == channel)
    return list(session.execute(select(unasked.c.said_at).where(*of)).scalars())


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
    rows = session.execute(
        select(aftercare)
        .join(incident, incident.c.number == aftercare.c.incident)
        .where(aftercare.c.since >= since, incident.c.network == network)
        .where(incident.c.state == State.CLOSED.value, is_complete())
        .order_by(aftercare.c.incident)
    ).mappings()
    return [Closed(**row) for row in rows]


def last_note(session: Session, number: int) -> datetime | None:
    """Give the time of the last entry that a person made; None if there is none."""
    found: datetime | None = session.execute(
        select(entry.c.recorded_at)
        .select_from(CURRENT)
        .where(entry.c.incident == number, entry_version.c.kind.not_in(NOT_BY_PEOPLE))
        .order_by(entry.c.number.desc())
        .limit(1)
    ).scalar()
    return found


def count_writers(session: Session, number: int, *, since: datetime) -> int:
    """Count the people who made entries since a moment."""
    of = (entry.c.incident == number, entry.c.recorded_at >= since, entry_version.c.kind.not_in(NOT_BY_PEOPLE))
    query = select(func.count(func.distinct(entry.c.person))).select_from(CURRENT).where(*of)
    return int(session.execute(query).scalar_one())


def last_gap(session: Session, number: int, *, longer_than: timedelta) -> datetime | None:
    """Give the end of the last gap of an incident that was longer than so much; None if there is none."""
    known = [(each["begins"], each["ends"]) for each in gaps(session, number) if each["ends"]]
    return max((ends for begins, ends in known if ends - begins > longer_than), default=None)


def began(session: Session, number: int) -> datetime | None:
    """Give the time at which an incident got its first entry; None if it has none."""
    found: datetime | None = session.execute(
        select(entry.c.recorded_at).where(entry.c.incident == number).order_by(entry.c.number).limit(1)
    ).scalar()
    return found


def status_set(session: Session, number: int) -> datetime | None:
    """Give the time at which the present status of an incident was set; None if it still has its first one."""
    made = [each.made_at for each in of_table(session, number, incident) if "status" in (each.new or {})]
    return made[-1] if made else None
