"""The replies of an outcome: whom they answer, and which of them are not said."""

from __future__ import annotations

from dataclasses import replace

from irscribe.domain.events import Outcome, Withdrawal
from irscribe.domain.request import Reply, Request


def to_asker(outcome: Outcome, request: Request) -> Outcome:
    """Mark the replies to the person who typed, whose answers are given in the order of their lines."""
    own = (request.origin, request.person.nick)
    return [
        replace(each, asker=request.asker)
        if isinstance(each, Reply) and each.asker is None and each.to in own
        else each
        for each in outcome
    ]


def without_public_replies(outcome: Outcome, request: Request) -> Outcome:
    """Leave out what would have been said in the channel when a line was typed that is read back only now."""
    if not request.read_back:
        return outcome
    said = (replace(each, reply=None) if isinstance(each, Withdrawal) else each for each in outcome)
    return [each for each in said if not isinstance(each, Reply) or each.to != request.channel]
