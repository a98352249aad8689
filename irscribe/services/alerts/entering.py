"""Makes entries of the words of alerts: at most one a minute, in silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from irscribe.domain.marker import find as find_marker
from irscribe.domain.record import Incident
from irscribe.domain.report import Kind
from irscribe.domain.text import cut
from irscribe.domain.time_resolution import Context, resolve
from models import Session, alerts, entries, incidents
from models.alerts import Waiting
from models.changes import AuditContext
from models.entries import Typist, Writing

APART = timedelta(minutes=1)
"""The shortest time between two such entries of an incident."""
LISTED_BYTES = 300
"""Bytes of names in an entry about several alerts."""


def is_due(session: Session, now: datetime) -> bool:
    """True if words wait that are to be entered now."""
    return any(_due(session, number, now) for number in alerts.incidents_waiting(session))


def enter_all_due(session: Session, now: datetime) -> None:
    """Enter the words that are due in every open incident."""
    for number in alerts.incidents_waiting(session):
        head = incidents.get(session, number)
        if head is not None:
            enter_due(session, head, now=now)


def enter_due(session: Session, head: Incident, *, now: datetime) -> None:
    """Make the entry that is due in an incident: of the next words, or of all if they have waited for a minute."""
    some = _due(session, head.number, now)
    if some:
        _enter(session, head, some, now=now)


def enter_waiting(session: Session, head: Incident, *, now: datetime) -> None:
    """Make an entry of all words that wait, as the incident ends."""
    some = alerts.waiting(session, head.number)
    if some:
        _enter(session, head, some, now=now)


def _due(session: Session, number: int, now: datetime) -> Sequence[Waiting]:
    some = alerts.waiting(session, number)
    if not some:
        return ()
    last = alerts.last_entered(session, number)
    if last is not None and abs(now - last) < APART:
        return ()
    has_waited = last is not None and some[0].words.told_at - last < APART
    return some if has_waited else some[:1]


def _enter(session: Session, head: Incident, some: Sequence[Waiting], *, now: datetime) -> None:
    earliest = min((each.words for each in some), key=lambda words: words.at)
    text = earliest.text if len(some) == 1 else _together(some)
    moment = resolve(None, context=Context(said_at=earliest.at))
    writing = Writing(moment=moment, text=text, kind=Kind.ALERT, marker=find_marker(text))
    audit = AuditContext(incident=head.number, line=None, person=None, nick=earliest.nick, at=now)
    by = Typist(person=None, nick=earliest.nick, account=earliest.account)
    number = entries.add(session, audit, writing, by=by)
    alerts.entered(session, [each.id for each in some], entry_number=number)


def _together(some: Sequence[Waiting]) -> str:
    """Name several alerts: ``7 more alerts: A, B, …; over: C``."""
    fired = list(dict.fromkeys(each.name for each in some if not each.words.over))
    over = list(dict.fromkeys(each.name for each in some if each.words.over))
    begun = f"{len(fired)} more alert{'s' if len(fired) > 1 else ''}: {_named(fired)}" if fired else ""
    ended = f"{'over' if fired else f'{len(over)} alerts over'}: {_named(over)}" if over else ""
    return "; ".join(filter(None, (begun, ended)))


def _named(names: Sequence[str]) -> str:
    return cut(", ".join(names), LISTED_BYTES)
