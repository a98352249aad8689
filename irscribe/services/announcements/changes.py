"""Announcements of incidents whose state has changed since, and corrections of those that were cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from irscribe.config import Announce
from irscribe.domain.attendance import Observed
from irscribe.domain.record import Incident
from irscribe.domain.report import State
from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech
from irscribe.services.announcements.lines import announcement, correction, is_told, state_of
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.unasked import claim, is_allowed, unasked_line
from irscribe.services.nudges.silence import is_muted
from models import Session, announcements, incidents, parts
from models.announcements import Announced

APART = timedelta(minutes=5)
"""The shortest time between two announcements of an incident in a channel; a correction does not wait for it."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """An announcement to say again."""

    announced: Announced
    incident: Incident
    text: Speech

    @property
    def is_correction(self) -> bool:
        """True if what was said is wrong."""
        return State.CANCELLED in (self.announced.said, self.incident.state)

    @property
    def is_heard_there(self) -> bool:
        """True in the incident's own channel, where everybody saw the command."""
        return self.announced.channel == self.incident.channel


def due(session: Session, application: ApplicationContext, observed: Observed, now: datetime) -> Iterator[Due]:
    """Give the announcements to say now, in channels in which the bot is."""
    for each in announcements.outdated(session, observed.attendance.network):
        incident = incidents.get(session, each.incident)
        if incident is None or not is_told(incident) or each.channel not in observed.attendance.channels:
            continue
        found = Due(announced=each, incident=incident, text=_text(session, application, incident, each, now))
        if _is_due(session, application, found, now):
            yield found


def say(session: Session, application: ApplicationContext, found: Due, now: datetime) -> Iterator[Reply]:
    """Mark an announcement as said, and give its line."""
    each = found.announced
    place = {"network": each.network, "channel": each.channel}
    announcements.mark(session, replace(each, said=state_of(found.incident), said_at=now))
    if found.is_heard_there and (
        found.is_correction or not claim(session, application.config.unasked, now=now, **place)
    ):
        return
    yield unasked_line(each.channel_name, found.text, tells_of=[each.incident])


def _is_due(session: Session, application: ApplicationContext, found: Due, now: datetime) -> bool:
    if found.is_correction:
        return True
    config, each = application.config, found.announced
    if config.announce is not Announce.CHANGES or config.unasked is None or now - each.said_at < APART:
        return False
    if is_muted(parts.fields(session, each.incident), now):
        return False
    place = {"network": each.network, "channel": each.channel}
    return not found.is_heard_there or is_allowed(session, config.unasked, now=now, **place)


def _text(
    session: Session, application: ApplicationContext, incident: Incident, each: Announced, now: datetime
) -> Speech:
    if incident.state is State.CANCELLED:
        return correction(incident, each, now)
    return announcement(session, application, incident, now)
