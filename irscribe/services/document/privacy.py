"""The command that makes an incident private or public; its report files then lie in the other folder."""

from __future__ import annotations

from irscribe.commands import ANYTHING, Command, Group, Stricter, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.intent import IntentKind
from irscribe.domain.permission import Standing
from irscribe.domain.request import Reply, Withdrawal
from irscribe.domain.sentence import sentence
from irscribe.services.context.contexts import CommandContext, IncidentContext
from models import outbox, parts


def _refuse_in_private_channel(ctx: IncidentContext) -> None:
    if is_private_channel(ctx, ctx.incident.channel):
        raise RefusedError(f"This channel opens only private incidents, and {ctx.number} is one of them.")


@Verb(
    "private",
    "on|off",
    does="keeps the incident to its channel and responders",
    example="private on",
    group=Group.INCIDENT,
    free_text=False,
    standing=Standing.JOINED,
    stricter=(Stricter("off", Standing.TRUSTED, refuse_impossible=_refuse_in_private_channel),),
    final_takes=(ANYTHING,),
)
def private(ctx: IncidentContext, command: Command) -> Outcome:
    """Make the incident private to its channel and its responders, or public again."""
    if not command.text.strip():
        return ctx.inform(f"Incident {ctx.number} is {'private' if ctx.incident.private else 'public'}.")
    wanted = {"on": True, "off": False}.get(command.text.strip().lower())
    if wanted is None:
        raise RefusedError(sentence("On or off? Type {ir} private on or {ir} private off."))
    parts.set_head(ctx.session, ctx.audit, private=wanted)
    spoken = ctx.reply(f"Incident {ctx.number} is {'private' if wanted else 'public'} now.")
    return move_reports(ctx, private=wanted, reply=spoken)


def move_reports(ctx: IncidentContext, *, private: bool, reply: Reply) -> Outcome:
    """Have the report files written to the other folder; the reply waits until no public one is left."""
    outbox.add(ctx.session, number=ctx.number, kind=IntentKind.REWRITE, at=ctx.now)
    return [Withdrawal(incident=ctx.number, reply=reply)] if private else [reply]


def is_private_channel(ctx: CommandContext, channel: str) -> bool:
    """True if every incident of a channel is private."""
    return ctx.application.config.is_private(channel, ctx.casemapping)
