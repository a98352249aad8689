"""One private line for whoever joins a channel while an incident is open there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from irscribe.domain.attendance import Arrival, Observed, Seen
from irscribe.domain.prose import without_ping
from irscribe.domain.record import Incident
from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.unasked import unasked_line
from irscribe.services.nudges.silence import is_muted
from irscribe.services.nudges.unasked_lines import named
from models import Session, announcements, authors, incidents, parts, persons, team
from models.visibility import is_public


def is_due(
    session: Session, application: ApplicationContext, observed: Observed, arrival: Arrival, now: datetime
) -> bool:
    """True if somebody who joined is to be told of an incident."""
    return _found(session, application, observed, arrival, now) is not None


def greet(
    session: Session, application: ApplicationContext, observed: Observed, arrival: Arrival, now: datetime
) -> Iterator[Reply]:
    """Mark somebody who joined as told of the incident, and give the line."""
    found = _found(session, application, observed, arrival, now)
    if found is None:
        return
    incident, somebody = found
    announcements.greet(session, incident.number, incident.network, somebody.keys)
    text, told = _line(session, incident), [incident.number]
    line = unasked_line(somebody.nick, text, tells_of=told, recipient_keys=somebody.keys)
    yield replace(line, idle=True)


def _found(
    session: Session, application: ApplicationContext, observed: Observed, arrival: Arrival, now: datetime
) -> tuple[Incident, Seen] | None:
    attendance = observed.attendance
    if application.config.unasked is None or not application.config.greet.is_on(
        arrival.channel, attendance.casemapping
    ):
        return None
    somebody = attendance.find((), (arrival.nick,), channel=arrival.channel)
    incident = _incident(session, attendance.network, arrival.channel)
    if somebody is None or somebody.is_bot or incident is None:
        return None
    if is_muted(parts.fields(session, incident.number), now) or _knows(session, incident, somebody):
        return None
    return incident, somebody


def _incident(session: Session, network: str, channel: str) -> Incident | None:
    """Give the open incident of a channel that everybody may hear of: the current one, else the last one opened."""
    current = incidents.current(session, network, channel)
    open_here = [each for each in incidents.open_in(session, network, channel) if each.live]
    known = [current] if current is not None and current.live else open_here[::-1]
    return next(filter(is_public, known), None)


def _knows(session: Session, incident: Incident, somebody: Seen) -> bool:
    """True if somebody was told of the incident before, works on it, or has written in it."""
    if announcements.was_greeted(session, incident.number, incident.network, somebody.keys):
        return True
    known = {persons.known(session, incident.network, key) for key in somebody.keys} - {None}
    listed = {each.person for each in team.responders(session, incident.number)}
    return bool(known & (listed | {person for person, _, _ in authors.authors(session, incident.number)}))


def _line(session: Session, incident: Incident) -> Speech:
    term = team.serving(session, incident.number)
    coordinator = f", coordinator {without_ping(term.name)}" if term else ", nobody coordinates it"
    return sentence(
        "In {}, incident {} is open: {}{}. {ir} @{} recap sends you where it stands, {ir} @{} join takes part.",
        incident.channel_name,
        named(incident),
        incident.status,
        coordinator,
        incident.number,
        incident.number,
    )
