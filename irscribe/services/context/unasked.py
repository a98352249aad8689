"""The one way to say something in a channel without being asked: within the channel's budget."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech
from irscribe.domain.unasked import Budget
from models import Session, nudges


def is_allowed(session: Session, budget: Budget | None, *, network: str, channel: str, now: datetime) -> bool:
    """True if something may be said unasked in a channel (folded name) now; without a budget nothing may."""
    return budget is not None and budget.allows(nudges.said_unasked(session, network, channel), now)


def claim(session: Session, budget: Budget | None, *, network: str, channel: str, now: datetime) -> bool:
    """True if something may be said unasked in a channel (folded name) now; it is then marked as said.

    The caller that gets True says one line after the commit, as ``unasked_line`` makes it, and never twice.
    """
    if not is_allowed(session, budget, network=network, channel=channel, now=now):
        return False
    nudges.say_unasked(session, network, channel, at=now)
    return True


def unasked_line(
    to: str, text: Speech, *, tells_of: Iterable[int], recipient_keys: frozenset[str] = frozenset()
) -> Reply:
    """Make a line that nobody asked for, about these incidents: it waits behind all acknowledgements."""
    told = frozenset(tells_of)
    return Reply(to=to, text=text, urgent=False, recipient_keys=recipient_keys, informs=True, tells_of=told)
