"""The outbox commands: intents are listed, tried again and dropped."""

from __future__ import annotations

import re
from datetime import datetime

from irscribe.commands import ANYTHING, NOTHING, BareNumber, Command, Group, Stricter, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import OutboxFilled, Outcome
from irscribe.domain.intent import Intent, IntentState
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing, plural
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import cut
from irscribe.services.context.contexts import IncidentContext
from models import Session, outbox

RETRY = re.compile(r"retry\s+#?(\d{1,9})", re.IGNORECASE)
DROP = re.compile(r"drop\s+#?(\d{1,9})", re.IGNORECASE)
MOST_NAMED = 3
"""The most intents that are named where they are not what was asked for."""
REASON = 240
"""Bytes of a reason in a list at most."""


@Verb(
    "outbox",
    "[retry N | drop N]",
    does="shows what waits to be filed or published, and why",
    example="outbox",
    group=Group.REPORT,
    bare_number=BareNumber.UNCLEAR_ALONE,
    free_text=False,
    reads_only=(NOTHING,),
    stricter=(Stricter("retry", Standing.TRUSTED, typed=RETRY), Stricter("drop", Standing.TRUSTED, typed=DROP)),
    final_takes=(ANYTHING,),
)
def show_outbox(ctx: IncidentContext, command: Command) -> Outcome:
    """List the intents that are not settled, or try one again, or drop it."""
    typed = command.text.strip()
    if found := RETRY.fullmatch(typed):
        return _retry(ctx, _unsettled(ctx, int(found[1])))
    if found := DROP.fullmatch(typed):
        return _drop(ctx, _unsettled(ctx, int(found[1])))
    if typed:
        raise RefusedError(sentence("Type {ir} outbox, {ir} outbox retry N or {ir} outbox drop N."))
    waiting = outbox.unsettled(ctx.session, ctx.number)
    if not waiting:
        return ctx.inform(f"Nothing of {ctx.number} waits to be sent.")
    lines = [_spelled(each, ctx.now) for each in waiting]
    return ctx.answer(lines, about=f"Outbox of {ctx.number}")


def refused(session: Session, number: int) -> Speech:
    """Name what a service refused, for whoever asks how an incident stands; empty for nothing."""
    names = [each.name for each in outbox.unsettled(session, number) if each.state is IntentState.REFUSED]
    if not names:
        return ""
    shown = [*names[:MOST_NAMED], *([f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else [])]
    return sentence("Refused, and not sent: {} ({ir} outbox says why).", listing(shown))


def _unsettled(ctx: IncidentContext, number: int) -> Intent:
    intent = next((each for each in outbox.unsettled(ctx.session, ctx.number) if each.id == number), None)
    if intent is None:
        raise RefusedError(
            sentence("There is no {} in the outbox of {}: {ir} outbox shows what is.", number, ctx.number)
        )
    return intent


def _drop(ctx: IncidentContext, intent: Intent) -> Outcome:
    outbox.set_columns(ctx.session, intent.id, state=IntentState.DROPPED.value, text="")
    perhaps = " It may have been done all the same: nobody heard." if intent.sent_at else ""
    return ctx.say(f"Dropped: {intent.name}.{perhaps}")


def _retry(ctx: IncidentContext, intent: Intent) -> Outcome:
    to = ctx.request.channel or ctx.incident.channel_name
    outbox.revive(ctx.session, intent.id, at=ctx.now, to=to, person=ctx.person)
    first = ", after a look whether it was done" if intent.sent_at else ""
    return [ctx.reply(f"Trying again: {intent.name}{first}."), OutboxFilled()]


def _spelled(intent: Intent, now: datetime) -> str:
    tried = f", tried {plural(intent.attempts, 'time')}" if intent.attempts else ""
    next_ = f", next at {intent.due_at:%H:%M:%S}" if intent.state is IntentState.WAITING and intent.due_at > now else ""
    why = f": {cut(intent.reason, REASON)}" if intent.reason else ""
    return f"{intent.id}. {intent.name}, {intent.state} since {_since(intent.created_at, now)}{tried}{next_}{why}"


def _since(at: datetime, now: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
