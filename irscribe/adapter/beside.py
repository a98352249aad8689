"""Carries out the events that are no lines of people: what was heard, what is due, what became of the channels."""

from __future__ import annotations

import logging
from datetime import datetime

from irscribe.domain.attendance import Observed, UnaskedDue
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.events import AlertsPosted, AlertsWaiting, Event, Outcome, PostAnswered
from irscribe.domain.naming import NetworkNamed
from irscribe.domain.talk import TalkHeard
from irscribe.domain.topics import TopicSet
from irscribe.services.alerts import entering, log_links, posting, recording
from irscribe.services.announcements import telling, topics
from irscribe.services.context.application import ApplicationContext
from irscribe.services.coverage.gaps import extend, rejoin
from irscribe.services.nudges import speaking
from irscribe.services.people.naming import learn
from irscribe.services.talk import listening
from models import Session

log = logging.getLogger(__name__)


def carry_out(session: Session, application: ApplicationContext, event: Event, now: datetime) -> Outcome:
    """Carry such an event out."""
    match event:
        case ChannelRejoined():
            return rejoin(session, event, application.config.log_modes)
        case HeardUntil():
            extend(session, event)
        case TalkHeard():
            _take(session, application, event, now)
        case AlertsWaiting():
            entering.enter_all_due(session, now)
        case AlertsPosted():
            is_recorded = posting.take(session, application, event.alerts, now)
            return [PostAnswered(post=event, is_recorded=is_recorded)]
        case UnaskedDue():
            return _speak(session, application, event.observed, now)
        case TopicSet():
            topics.confirm(session, event, name=application.config.names.nick)
        case NetworkNamed():
            for collision in learn(session, event, served=application.config.channels, at=now):
                log.warning("names in the record collide: %s", collision)
    return []


def _take(session: Session, application: ApplicationContext, event: TalkHeard, now: datetime) -> None:
    """Record what was heard: as talk, as alerts, as the addresses of notes."""
    listening.keep(session, event, application.config)
    recording.take(session, event, application.config, now)
    log_links.take(session, event, now)


def _speak(session: Session, application: ApplicationContext, observed: Observed, now: datetime) -> Outcome:
    """Say what is due unasked, to the people of an incident and to others."""
    reminded = speaking.say_due(session, application, observed, now)
    return [*reminded, *telling.tell_due(session, application, observed, now)]
