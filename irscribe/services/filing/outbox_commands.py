"""The outbox commands: intents are listed, tried again and dropped."""

from __future__ import annotations

import re
from datetime import datetime

from irscribe.commands import Command
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.intent import Intent, IntentState
from irscribe.domain.prose import plural
from irscribe.domain.request import OutboxFilled
from irscribe.domain.sentence import sentence
from irscribe.domain.text import cut
from irscribe.services.context import permission
from irscribe.services.context.contexts import IncidentContext
from models import outbox

SETTLED_BY = re.compile(r"(retry|drop)\s+#?(\d{1,9})$", re.IGNORECASE)
REASON = 240
"""Bytes of a reason in a list at most."""


def show_outbox(ctx: IncidentContext, command: Command) -> Outcome:
    """List the intents that are not settled, or try one again, or drop it."""
    typed = command.text.strip()
    found = SETTLED_BY.match(typed)
    if found is not None:
        return _settle(ctx, found[1].lower(), int(found[2]))
    if typed:
        raise RefusedError(sentence("Type {ir} outbox, {ir} outbox retry N or {ir} outbox drop N."))
    waiting = outbox.unsettled(ctx.session, ctx.number)
    if not waiting:
        return ctx.say(f"Nothing of {ctx.number} waits to be sent.")
    lines = [_spelled(each, ctx.now) for each in waiting]
    return ctx.answer(lines, about=f"Outbox of {ctx.number}")


def _settle(ctx: IncidentContext, what: str, number: int) -> Outcome:
    permission.require_trust(ctx, spoken=sentence("{ir} outbox {}", what))
    intent = next((each for each in outbox.unsettled(ctx.session, ctx.number) if each.id == number), None)
    if intent is None:
        raise RefusedError(
            sentence("There is no {} in the outbox of {}: {ir} outbox shows what is.", number, ctx.number)
        )
    return _drop(ctx, intent) if what == "drop" else _retry(ctx, intent)


def _drop(ctx: IncidentContext, intent: Intent) -> Outcome:
    outbox.set_outcome(ctx.session, intent.id, state=IntentState.DROPPED.value, text="")
    perhaps = " It may have been done all the same: nobody heard." if intent.sent_at else ""
    return ctx.say(f"Dropped: {intent.name}.{perhaps}")


def _retry(ctx: IncidentContext, intent: Intent) -> Outcome:
    to = ctx.request.channel or ctx.incident.channel_name
    outbox.revive(ctx.session, intent.id, at=ctx.now, to=to)
    first = ", after a look whether it was done" if intent.sent_at else ""
    return [ctx.reply(f"Trying again: {intent.name}{first}."), OutboxFilled()]


def _spelled(intent: Intent, now: datetime) -> str:
    tried = f", tried {plural(intent.attempts, 'time')}" if intent.attempts else ""
    next_ = f", next at {intent.due_at:%H:%M:%S}" if intent.state is IntentState.WAITING and intent.due_at > now else ""
    why = f": {cut(intent.reason, REASON)}" if intent.reason else ""
    return f"{intent.id}. {intent.name}, {intent.state} since {_since(intent.created_at, now)}{tried}{next_}{why}"


def _since(at: datetime, now: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
