"""Notable entries: those with a marker, and those of kinds on which durations, warnings and evidence depend.

An index holds them alone, so these queries cost the same however many other entries there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from irscribe.domain.record import Recorded
from irscribe.domain.report import Kind
from models.database import Session
from models.entries import STANDING
from models.entryrows import QUERY, recorded
from models.tables import NOTABLE, entry, entry_version

NOTED = entry_version.alias("noted")


def all_of(session: Session, number: int) -> Sequence[Recorded]:
    """Give the entries of an incident that have a marker or say how the work stood, struck and redacted ones too."""
    query = QUERY.where(entry.c.incident == number, entry.c.number.in_(_notable_numbers(number)))
    return [recorded(row) for row in session.execute(query.order_by(entry.c.number)).mappings()]


def marked_of(session: Session, number: int) -> Sequence[Recorded]:
    """Give the entries of an incident that begin or end an outage, by number; struck and redacted ones are left out."""
    return [each for each in all_of(session, number) if each.current.marker and each.current.standing]


def last(session: Session, number: int, *, kind: Kind, limit: int = 1) -> Sequence[Recorded]:
    """Give the last entries of a notable kind, neither struck nor redacted, the latest by their own times first."""
    query = QUERY.where(entry.c.incident == number, entry.c.number.in_(_notable_numbers(number)), *STANDING)
    query = query.where(entry_version.c.kind == kind.value)
    latest_first = (entry_version.c.at.desc().nulls_last(), entry.c.number.desc())
    rows = session.execute(query.order_by(*latest_first).limit(limit)).mappings()
    return [recorded(row) for row in rows]


def _notable_numbers(number: int) -> Any:
    return select(NOTED.c.number).where(NOTED.c.incident == number, NOTABLE)
