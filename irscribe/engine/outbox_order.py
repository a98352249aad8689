"""The order of the outbox: the intents that may be carried out now, and the wait of one that failed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from random import SystemRandom

from irscribe.domain.intent import PAGES, UNDERWAY, Intent, IntentKind
from models import Session, outbox, parts

SHORTEST_RETRY_WAIT = timedelta(seconds=5)
LONGEST_RETRY_WAIT = timedelta(minutes=15)
RETRY_WAIT_DOUBLINGS = 12
EDITS = frozenset({IntentKind.COMMENT, IntentKind.UPDATE, IntentKind.RESTORE})
"""Kinds of intents that change a task which exists."""


def ready(session: Session, now: datetime, kinds: Collection[IntentKind]) -> Sequence[Intent]:
    """Give the intents of these kinds that are due and wait for no other one of their incident, follow-ups last."""
    due = _unhindered(session, outbox.due(session, now, kinds))
    return sorted(due, key=lambda intent: intent.kind is IntentKind.FOLLOW_UP)


def _unhindered(session: Session, due: Sequence[Intent]) -> Sequence[Intent]:
    """Give the intents that wait for no other one of their incident."""
    numbers = {intent.incident for intent in due}
    unsettled = {number: outbox.unsettled(session, number) for number in numbers}
    filed = {number for number in numbers if "task" in parts.fields(session, number)}
    filing = {number for number in numbers - filed if any(each.kind is IntentKind.TASK for each in unsettled[number])}
    return [
        intent
        for intent in due
        if not (intent.kind is IntentKind.FOLLOW_UP and intent.incident in filing)
        and not any(_goes_first(each, intent) for each in unsettled[intent.incident])
    ]


def _goes_first(other: Intent, edit: Intent) -> bool:
    """True if an edit of the same task or page has to be settled before this one.

    Its outcome is unknown, or it gives back what a person wrote.
    """
    kinds = next((each for each in (EDITS, PAGES) if edit.kind in each), frozenset())
    if other.kind not in kinds or (other.subject, other.state in UNDERWAY) != (edit.subject, True):
        return False
    return other.id < edit.id and (other.sent_at is not None or other.kind is IntentKind.RESTORE)


def retry_wait(attempts: int, retry_after: int | None = None) -> timedelta:
    """Give the time to wait after so many attempts: doubled, jittered, at least ``retry_after`` seconds."""
    doubled: timedelta = SHORTEST_RETRY_WAIT * 2 ** min(attempts, RETRY_WAIT_DOUBLINGS)
    jittered: timedelta = min(LONGEST_RETRY_WAIT, doubled) * SystemRandom().uniform(0.8, 1.2)
    return max(jittered, timedelta(seconds=retry_after or 0))
