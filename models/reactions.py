"""The first line of a person about an incident, as far as the record and kept talk know it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select

from irscribe.domain.moment import Precision
from irscribe.domain.report import Kind
from irscribe.domain.talk import Role
from models.database import Session
from models.entries import STANDING
from models.entryrows import CURRENT
from models.tables import entry, entry_version
from models.talktables import talk
from models.utcdatetime import UtcDateTime

EXACT = (Precision.SECOND.value, Precision.MINUTE.value)


def first_human_line(session: Session, number: int, *, after: datetime) -> datetime | None:
    """Give the time of the first entry of a person, or of what a person said behind that moment if it was earlier.

    An entry about the outage or the start may be dated back to before anybody knew of it: when it was typed counts.
    """
    states_a_time = or_(entry_version.c.kind == Kind.LIFECYCLE.value, entry_version.c.marker_kind.is_not(None))
    known_at: Any = case((states_a_time, entry.c.recorded_at), else_=entry_version.c.at)
    noted = session.execute(
        select(func.min(known_at, type_=UtcDateTime))
        .select_from(CURRENT)
        .where(entry.c.incident == number, entry_version.c.kind != Kind.ALERT.value, *STANDING)
        .where(entry_version.c.precision.in_(EXACT))
    ).scalar()
    of_people = (talk.c.incident == number, talk.c.said_at >= after, talk.c.role != Role.BOT.value)
    said = session.execute(
        select(func.min(talk.c.said_at, type_=UtcDateTime)).where(*of_people, talk.c.role != Role.ALERT_BOT.value)
    ).scalar()
    return min((each for each in (noted, said) if each is not None), default=None)
