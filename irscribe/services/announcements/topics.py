"""The bot's segment of a channel's topic: which one is to stand there, and what became of the last one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from irscribe.domain.attendance import Observed
from irscribe.domain.record import Incident
from irscribe.domain.topics import APART, Segment, Topic, TopicChange, TopicSet, fitting, follow, shown, spellings
from irscribe.services.announcements.lines import is_told
from irscribe.services.context.application import ApplicationContext
from irscribe.services.nudges.silence import is_muted
from models import Session, announcements, incidents, parts, team
from models.visibility import is_public


@dataclass(frozen=True, kw_only=True)
class Due:
    """The state to record of a channel's topic (folded name), and the change to make; None if there is none."""

    channel: str
    segment: Segment
    change: TopicChange | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """A channel (folded name) with its topic; ``known`` is what became of the segment that the bot of this name set."""

    channel: str
    topic: Topic
    known: Segment | None
    name: str
    now: datetime

    @property
    def changed_lately(self) -> bool:
        """True if the bot has changed the topic within the last minutes."""
        return self.known is not None and abs(self.now - self.known.set_at) < APART

    def has_given_up(self, number: int) -> bool:
        """True if somebody has removed the segment of this incident."""
        return self.known is not None and self.known.given_up and self.known.incident == number

    def to_be(self, segment: Segment) -> Due:
        """Have this segment stand there."""
        change = TopicChange(channel=self.topic.channel, before=self.topic.text, segment=segment.sent, name=self.name)
        return Due(channel=self.channel, segment=segment, change=change)

    def removal(self) -> Due | None:
        """Have no segment stand there; None if there is none of the bot's."""
        if self.known is None or not self.known.seen:
            return None
        return self.to_be(replace(self.known, sent="", set_at=self.now))


def due(session: Session, application: ApplicationContext, observed: Observed, now: datetime) -> Iterator[Due]:
    """Give the topics to record something of, or to change."""
    if application.config.unasked is None:
        return
    network, name = observed.attendance.network, application.config.names.nick
    for channel, topic in observed.attendance.topics.items():
        kept = announcements.segment(session, network, channel)
        is_on = application.config.topic.is_on(topic.channel, observed.attendance.casemapping)
        if kept is None and not is_on:
            continue
        known = None if kept is None else follow(kept, topic, name=name)
        place = Place(channel=channel, topic=topic, known=known, name=name, now=now)
        found = _due(session, place, _incident(session, network, channel) if is_on else None)
        if found is not None:
            yield found
        elif known is not None and known != kept:
            yield Due(channel=channel, segment=known)


def confirm(session: Session, event: TopicSet, *, name: str) -> None:
    """Record that the channel has the topic that the bot has set."""
    kept = announcements.segment(session, event.network, event.channel)
    if kept is not None:
        seen = bool(shown(event.topic, name=name))
        announcements.set_segment(session, event.network, event.channel, replace(kept, seen=seen))


def _incident(session: Session, network: str, channel: str) -> Incident | None:
    """Give the incident that the topic of its channel is to name: the current one, else the last one opened."""
    open_here = [each for each in incidents.open_in(session, network, channel) if each.live and is_told(each)]
    current = incidents.current(session, network, channel)
    chosen = [each for each in open_here if current is not None and each.number == current.number]
    return next(iter(chosen or reversed(open_here)), None)


def _due(session: Session, place: Place, incident: Incident | None) -> Due | None:
    if place.known is not None and _must_go(session, place.known):
        return place.removal()
    if place.changed_lately:
        return None
    return place.removal() if incident is None else _kept_up(session, place, incident)


def _kept_up(session: Session, place: Place, incident: Incident) -> Due | None:
    """Keep the segment of an open incident up to date, unless somebody has removed it."""
    if place.has_given_up(incident.number) or is_muted(parts.fields(session, incident.number), place.now):
        return None
    wanted = fitting(place.topic, _spelled(session, incident, place.name), name=place.name)
    if not wanted:
        return place.removal()
    if wanted == shown(place.topic.text, name=place.name):
        return None
    seen = place.known is not None and place.known.seen
    return place.to_be(Segment(incident=incident.number, sent=wanted, set_at=place.now, seen=seen))


def _must_go(session: Session, known: Segment) -> bool:
    """True if the segment that stands there names an incident that has become private."""
    incident = incidents.get(session, known.incident)
    return known.seen and bool(known.sent) and (incident is None or not is_public(incident))


def _spelled(session: Session, incident: Incident, name: str) -> Sequence[str]:
    term = team.serving(session, incident.number)
    return spellings(name, incident.number, incident.status, term.name if term else None)
