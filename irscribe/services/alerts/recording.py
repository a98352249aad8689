"""Records alerts: those of an incident, with the words that become entries."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import groupby

from irscribe.config import Config
from irscribe.domain.alertlines import AlertLine
from irscribe.domain.alerts import Entered, Known, Telling, follow_all, key_of, telling_of
from irscribe.domain.record import Incident
from irscribe.domain.talk import HeardLine, TalkHeard
from irscribe.domain.text import cut
from irscribe.services.alerts.entering import enter_due
from irscribe.services.context.contexts import IncidentContext
from models import Session, alerts, incidents, parts
from models.alerts import Words
from models.visibility import is_public

log = logging.getLogger(__name__)

MOST_ALERTS = 2000
"""Most alerts of one incident."""
WORDS_BYTES = 450
DIGEST = 16
"""Characters of a digest that a field's name has room for."""


def take(session: Session, event: TalkHeard, config: Config, now: datetime) -> None:
    """Record what lines tell of alerts in the incidents that are current in their channels."""
    told = [each for each in event.lines if isinstance(each.told, AlertLine)]
    for (network, channel), lines in groupby(sorted(told, key=_place), key=_place):
        head = incident_in(session, network, channel)
        if head is not None:
            record(session, head, [telling for each in lines if (telling := tell(each))], config.alerts, now=now)


def tell(line: HeardLine) -> Telling | None:
    """Give what a line tells of an alert; None for any other line."""
    if not isinstance(line.told, AlertLine):
        return None
    return telling_of(line.told, line)


def incident_in(session: Session, network: str, channel: str) -> Incident | None:
    """Give the incident that takes the alerts of a channel (folded name): the current one, if it is open and live.

    Of one that is written down afterwards the alerts of now tell nothing.
    """
    current = incidents.current(session, network, channel)
    if current is not None and current.live and (current.channel == channel or is_public(current)):
        return current
    return next((each for each in reversed(incidents.open_in(session, network, channel)) if each.live), None)


def take_held(ctx: IncidentContext) -> None:
    """Record the alerts that were heard of in the channel of an incident that was just opened.

    An alert that ended in another incident of the channel is left to that one.
    """
    head = ctx.incident
    held = ctx.application.held_alerts.of(head.network, head.channel, now=ctx.now) if head.live else ()
    if not held:
        return
    since = min(each.alert.first_at for each in held)
    elsewhere = alerts.over_in_others(ctx.session, (head.network, head.channel), since=since)
    own = [each for each in held if each.is_firing or key_of(each.alert.name) not in elsewhere]
    held_by_key = {key_of(each.alert.name): each for each in own}
    before = alerts.some_of(ctx.session, head.number, held_by_key)
    there = {key_of(each.alert.name) for each in before.values()}
    new = {key: each for key, each in held_by_key.items() if key not in there}
    _store(ctx.session, head, before, new, ctx.application.config.alerts, now=ctx.now)


def record(session: Session, head: Incident, told: Sequence[Telling], entered: Entered, *, now: datetime) -> None:
    """Record what is told of alerts in an incident."""
    before = alerts.some_of(session, head.number, {key_of(each.name) for each in told})
    known = {key_of(each.alert.name): each for each in before.values()}
    _store(session, head, before, follow_all(known, told), entered, now=now)


def _store(
    session: Session,
    head: Incident,
    before: Mapping[int, Known],
    changed: Mapping[str, Known],
    entered: Entered,
    *,
    now: datetime,
) -> None:
    """Store what changed, by key, of the alerts known by number; let the words wait, or enter them."""
    number_of = {key_of(each.alert.name): number for number, each in before.items()}
    updated = {number_of[key]: each for key, each in changed.items() if key in number_of}
    unknown = {key: each for key, each in changed.items() if key not in number_of}
    added = _numbered(session, head, _not_redacted(session, head, unknown))
    alerts.add(session, head.number, added)
    alerts.change(session, head.number, updated, before=before)
    words = _words({**added, **updated}, before, entered, now=now)
    known = alerts.have_words(session, head.number, updated) if words and updated else frozenset()
    new = [each for each in words if (each.alert, each.over) not in known]
    if new:
        alerts.wait(session, head.number, new)
        enter_due(session, head, now=now)


def redacted_field(key: str) -> str:
    """Name the field that keeps an alert out of an incident from which it was redacted: with a digest of its key."""
    return f"{parts.REDACTED}alert {sha256(key.encode()).hexdigest()[:DIGEST]}"


def _not_redacted(session: Session, head: Incident, new: Mapping[str, Known]) -> Sequence[Known]:
    """Leave out the alerts that were redacted from an incident: what tells of them may go on to do so."""
    known = parts.fields(session, head.number) if new else {}
    return [each for key, each in new.items() if redacted_field(key) not in known]


def _numbered(session: Session, head: Incident, new: Sequence[Known]) -> Mapping[int, Known]:
    """Number new alerts, as far as the incident takes more."""
    last = alerts.last_number(session, head.number) if new else 0
    if last + len(new) > MOST_ALERTS:
        log.warning("incident %s has %s alerts; more of other names are not kept", head.number, MOST_ALERTS)
    return dict(enumerate(new[: max(0, MOST_ALERTS - last)], last + 1))


def _words(
    changed: Mapping[int, Known], before: Mapping[int, Known], entered: Entered, *, now: datetime
) -> Sequence[Words]:
    """Give the words of firings and ends that may be the first, in the order in which they were told."""
    found: list[Words] = []
    for number, each in changed.items():
        if not entered.includes(each.alert):
            continue
        known = before.get(number)
        if each.fired is not None and (known is None or not entered.includes(known.alert)):
            found.append(_said(number, each.fired, each.fired.text, at=each.fired.at, now=now))
        if each.ended is not None and (known is None or known.is_firing):
            text, at = each.ended.over_text or each.ended.text, each.ended.until or each.ended.at
            found.append(_said(number, each.ended, text, at=at, now=now, over=True))
    return sorted(found, key=lambda words: words.at)


def _said(number: int, told: Telling, text: str, *, at: datetime, now: datetime, over: bool = False) -> Words:
    return Words(
        alert=number,
        over=over,
        nick=told.source,
        account=told.account,
        at=at,
        told_at=now,
        text=cut(text, WORDS_BYTES),
    )


def _place(line: HeardLine) -> tuple[str, str]:
    return line.network, line.channel
