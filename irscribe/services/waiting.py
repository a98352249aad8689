"""What waits to be filed or published: shown, tried again, let be."""

from __future__ import annotations

import re
from datetime import datetime

from irscribe.commands import Command
from irscribe.domain.errors import RefusedError
from irscribe.domain.intent import Intent, IntentState
from irscribe.domain.prose import plural
from irscribe.domain.request import Errand
from irscribe.domain.text import cut
from irscribe.services import permitting
from irscribe.services.turn import Case, Outcome
from models import outbox

SETTLED_BY = re.compile(r"(retry|drop)\s+#?(\d{1,9})$", re.IGNORECASE)
REASON = 240
"""Bytes of a reason in a list."""


def show_outbox(case: Case, command: Command) -> Outcome:
    """What is still to be done outside, since when, why; try it again, or let it be."""
    typed = command.text.strip()
    found = SETTLED_BY.match(typed)
    if found is not None:
        return _settle(case, found[1].lower(), int(found[2]))
    if typed:
        raise RefusedError("Type !ir outbox, !ir outbox retry N or !ir outbox drop N.")
    waiting = outbox.unsettled(case.session, case.number)
    if not waiting:
        return case.say(f"Nothing of {case.number} waits to be sent.")
    lines = [_spelled(each, case.turn.now) for each in waiting]
    return case.turn.answer(lines, about=f"Outbox of {case.number}")


def _settle(case: Case, what: str, number: int) -> Outcome:
    permitting.require_trust(case, spoken=f"!ir outbox {what}")
    intent = next((each for each in outbox.unsettled(case.session, case.number) if each.id == number), None)
    if intent is None:
        raise RefusedError(f"There is no {number} in the outbox of {case.number}: !ir outbox shows what is.")
    return _drop(case, intent) if what == "drop" else _retry(case, intent)


def _drop(case: Case, intent: Intent) -> Outcome:
    outbox.set_outcome(case.session, intent.id, state=IntentState.DROPPED.value, text="")
    perhaps = " It may have been done all the same: nobody heard." if intent.sent_at else ""
    return case.say(f"Dropped: {intent.name}.{perhaps}")


def _retry(case: Case, intent: Intent) -> Outcome:
    to = case.turn.request.channel or case.incident.channel_name
    outbox.revive(case.session, intent.id, at=case.turn.now, to=to)
    first = ", after a look whether it was done" if intent.sent_at else ""
    return [case.turn.say(f"Trying again: {intent.name}{first}."), Errand()]


def _spelled(intent: Intent, now: datetime) -> str:
    tried = f", tried {plural(intent.attempts, 'time')}" if intent.attempts else ""
    next_ = f", next at {intent.due_at:%H:%M:%S}" if intent.state is IntentState.WAITING and intent.due_at > now else ""
    why = f": {cut(intent.reason, REASON)}" if intent.reason else ""
    return f"{intent.id}. {intent.name}, {intent.state} since {_since(intent.created_at, now)}{tried}{next_}{why}"


def _since(at: datetime, now: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
