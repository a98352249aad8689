"""Says what is due unasked: marks it, within the channel's budget, and then says it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from irscribe.domain.attendance import Observed
from irscribe.domain.events import Outcome
from irscribe.services.alerts.suggestion import suggest
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.unasked import claim
from irscribe.services.nudges.closed_incidents import lines_after_close
from irscribe.services.nudges.facts import is_gone
from irscribe.services.nudges.open_incidents import lines_of_channel, live_incidents
from irscribe.services.nudges.unasked_lines import Line
from models import Session, coverage, nudges, suggestions

SPOKEN_EXACT_TO = timedelta(minutes=10)
"""The greatest age of the recorded time of a channel's last line."""


def is_due(session: Session, application: ApplicationContext, observed: Observed, now: datetime) -> bool:
    """True if something is to be said or recorded now."""
    return any(_lines(session, application, observed, now)) or any(_stale(session, observed))


def say_due(session: Session, application: ApplicationContext, observed: Observed, now: datetime) -> Outcome:
    """Mark what is due as said, and give it; record when people were last heard."""
    for channel, at in list(_stale(session, observed)):
        coverage.set_spoken_at(session, observed.attendance.network, channel, at)
    said: Outcome = []
    for line in list(_lines(session, application, observed, now)):
        if line.channel is not None and not _claim(session, application, observed, line.channel, now):
            continue
        for number, given in line.given.items():
            nudges.mark(session, number, given, at=now)
        if line.suggests and line.channel is not None:
            suggestions.mark_said(session, observed.attendance.network, line.channel, at=now)
        said.append(line.reply)
    return said


def gone_coordinators(session: Session, observed: Observed) -> frozenset[int]:
    """Give the open incidents whose coordinator is not in the channel."""
    return frozenset(
        each.number
        for channel in observed.attendance.channels
        for each in live_incidents(session, observed, channel)
        if is_gone(session, each, observed.attendance)
    )


def _lines(session: Session, application: ApplicationContext, observed: Observed, now: datetime) -> Iterator[Line]:
    if application.config.unasked is None:
        return
    for channel in observed.attendance.channels:
        yield from lines_of_channel(session, application, observed, channel, now)
        yield from _suggestion(session, application, observed, channel, now)
    if observed.with_closed:
        yield from lines_after_close(session, application, observed, now)


def _suggestion(
    session: Session, application: ApplicationContext, observed: Observed, channel: str, now: datetime
) -> Iterator[Line]:
    """Give the line that suggests to open an incident; no nudge is due where none is open."""
    text = suggest(session, application, network=observed.attendance.network, channel=channel, now=now)
    if text is not None:
        fold = observed.attendance.casemapping.fold
        to = next((each for each in application.config.channels if fold(each) == channel), channel)
        yield Line(to=to, text=text, given={}, channel=channel, suggests=True)


def _claim(session: Session, application: ApplicationContext, observed: Observed, channel: str, now: datetime) -> bool:
    network = observed.attendance.network
    return claim(session, application.config.unasked, network=network, channel=channel, now=now)


def _stale(session: Session, observed: Observed) -> Iterator[tuple[str, datetime]]:
    """Give the channels with an open incident whose recorded last line is too old, each with that line's time."""
    for channel, spoken in observed.spoken.items():
        last = max(spoken.values(), default=None)
        if last is None or not live_incidents(session, observed, channel):
            continue
        known = coverage.spoken_at(session, observed.attendance.network, channel)
        if known is None or abs(last - known) > SPOKEN_EXACT_TO:
            yield channel, last
