"""Nudges about closed incidents: one line for each person, or after two days without reaching them for one channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from irscribe.domain.attendance import Observed, Seen
from irscribe.domain.nudges import Nudge
from irscribe.domain.prose import without_ping
from irscribe.domain.sentence import sentence
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.unasked import is_allowed
from irscribe.services.nudges.aftercare import Care, Remaining, remaining
from irscribe.services.nudges.silence import is_muted
from irscribe.services.nudges.unasked_lines import Line, in_one_line
from models import Session, incidents, nudges, parts, persons
from models.visibility import in_private, is_public, may_see

ENDS_AFTER = timedelta(days=90)
"""The time after the close in which the bot comes back to an incident."""
REACHED_WITHIN = timedelta(days=2)
"""The time for which a person is looked for before the channel of the settings is told."""


def lines_after_close(
    session: Session, application: ApplicationContext, observed: Observed, now: datetime
) -> Iterator[Line]:
    """Give the lines that are due about closed incidents, within working hours."""
    hours = application.config.nudges.working_hours
    if hours is not None and not hours.includes(now):
        return
    people: dict[str, list[Remaining]] = {}
    reached: dict[str, Seen] = {}
    unreached: list[Remaining] = []
    for each in _due(session, application, observed, now):
        somebody = _reach(session, observed, each)
        if somebody is not None:
            reached[somebody.nick] = somebody
            people.setdefault(somebody.nick, []).append(each)
        elif now - each.due_at >= REACHED_WITHIN and is_public(each.incident):
            unreached.append(each)
    for nick, left in people.items():
        text = in_one_line([each.text for each in left], application)
        yield Line(to=nick, text=text, given=_given(left), recipient_keys=reached[nick].keys)
    yield from _line_for_channel(session, application, observed, unreached, now)


def _due(session: Session, application: ApplicationContext, observed: Observed, now: datetime) -> Iterator[Remaining]:
    for closed in nudges.cared_for(session, observed.attendance.network, since=now - ENDS_AFTER):
        incident = incidents.get(session, closed.incident)
        if incident is None or is_muted(parts.fields(session, closed.incident), now):
            continue
        given = nudges.given(session, incident.number)
        care = Care(
            session=session,
            application=application,
            incident=incident,
            closed=closed,
            given=given,
            casemapping=observed.attendance.casemapping,
            now=now,
        )
        yield from remaining(care)


def _reach(session: Session, observed: Observed, left: Remaining) -> Seen | None:
    """Find the person in a channel, if they may hear of the incident in private."""
    by = left.by
    if by.person is None:
        return observed.attendance.find((), (by.name,)) if is_public(left.incident) else None
    if not may_see(session, in_private(by.person), left.incident):
        return None
    return observed.attendance.find(persons.keys_of(session, by.person))


def _line_for_channel(
    session: Session,
    application: ApplicationContext,
    observed: Observed,
    unreached: Sequence[Remaining],
    now: datetime,
) -> Iterator[Line]:
    name = application.config.nudges.aftercare_channel
    channel = observed.attendance.casemapping.fold(name)
    if not unreached or not name or channel not in observed.attendance.channels:
        return
    place = {"network": observed.attendance.network, "channel": channel}
    if is_allowed(session, application.config.unasked, now=now, **place):
        phrases = [sentence("{}: {}", without_ping(each.by.name), each.text) for each in unreached]
        text = in_one_line(phrases, application)
        yield Line(to=name, text=text, given=_given(unreached), channel=channel)


def _given(left: Sequence[Remaining]) -> dict[int, Sequence[Nudge]]:
    given: dict[int, list[Nudge]] = {}
    for each in left:
        given.setdefault(each.incident.number, []).extend(each.nudges)
    return dict(given)
