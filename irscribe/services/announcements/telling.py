"""All that others are told of by itself: looked for at intervals, marked in a transaction, and then said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from irscribe.domain.attendance import Observed
from irscribe.domain.events import Outcome
from irscribe.services.announcements import changes, greetings, topics
from irscribe.services.context.application import ApplicationContext
from models import Session, announcements


def is_due(session: Session, application: ApplicationContext, observed: Observed, now: datetime) -> bool:
    """True if something is to be told, changed or recorded now."""
    return any(True for _ in _due(session, application, observed, now)) or bool(observed.arrived)


def tell_due(session: Session, application: ApplicationContext, observed: Observed, now: datetime) -> Outcome:
    """Mark what is due as said, and give it."""
    told: Outcome = []
    for announced in list(changes.due(session, application, observed, now)):
        told += changes.say(session, application, announced, now)
    for each in list(topics.due(session, application, observed, now)):
        announcements.set_segment(session, observed.attendance.network, each.channel, each.segment)
        told += [each.change] if each.change else []
    for arrival in observed.arrived:
        told += greetings.greet(session, application, observed, arrival, now)
    return told


def _due(
    session: Session, application: ApplicationContext, observed: Observed, now: datetime
) -> Iterator[changes.Due | topics.Due]:
    yield from changes.due(session, application, observed, now)
    yield from topics.due(session, application, observed, now)
