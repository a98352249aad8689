"""Offers what the record knows of how an incident was noticed: the first alert, and when people reacted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from irscribe.domain.duration import spell_minutes
from irscribe.domain.outages import minutes_between
from irscribe.domain.record import Incident
from irscribe.domain.reportparts import Alert
from models import Session, alerts, reactions


def offer(session: Session, head: Incident, *, name: Callable[[str], str] = str) -> str | None:
    """Give a text for the section about the detection, with names as ``name`` gives them; None if there is no alert."""
    first = alerts.first(session, head.number)
    if first is None:
        return None
    said_at = reactions.first_human_line(session, head.number, after=first.first_at)
    page = " (a page)" if first.paged else ""
    at = f"{first.first_at:%Y-%m-%d %H:%M} UTC"
    return f"First alert: {name(first.name)} from {name(first.source)}{page} at {at}{_compared(first, said_at)}."


def _compared(first: Alert, said_at: datetime | None) -> str:
    """Say how long before, or after, the first line of a person that was."""
    if said_at is None:
        return ""
    fired_at = first.first_at.replace(microsecond=0)  # as an entry has it
    minutes = minutes_between(*sorted((fired_at, said_at))) or 0
    return f", {spell_minutes(minutes)} {'before' if fired_at <= said_at else 'after'} the first human line"
