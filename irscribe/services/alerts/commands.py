"""The commands about alerts: what an incident has of them, and that the start of one is not needed."""

from __future__ import annotations

from dataclasses import replace

from irscribe.commands import ANYTHING, About, BareNumber, Command, Group, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.mark import harmless
from irscribe.domain.prose import plural
from irscribe.domain.sentence import sentence
from irscribe.domain.text import cut
from irscribe.render import particulars
from irscribe.services.alerts.suggestion import AGAIN_AFTER, firing_pages, named
from irscribe.services.context.contexts import CommandContext, IncidentContext
from models import alerts, suggestions

MOST_LISTED = 50
NAME_BYTES = 120


@Verb(
    "alerts",
    does="lists its alerts: when each fired, how often, whether it is over",
    example="alerts",
    group=Group.INCIDENT,
    meant_by=("alert", "firing", "pages"),
    bare_number=BareNumber.INCIDENT,
    reads_only=(ANYTHING,),
    final_takes=(ANYTHING,),
)
def list_alerts(ctx: IncidentContext, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """List the alerts of the incident, the latest ones if there are many."""
    known = alerts.numbered(ctx.session, ctx.number)
    if not known:
        return ctx.inform(f"I heard of no alert for {ctx.incident.name}.")
    shown = list(known.items())[-MOST_LISTED:]
    lines = [
        f"{number}. {particulars.alert(replace(each, name=harmless(cut(each.name, NAME_BYTES))))}"
        for number, each in shown
    ]
    earlier = len(known) - len(shown)
    more = [f"{plural(earlier, 'alert')} before these: the report lists them."] if earlier else []
    return ctx.answer([*lines, *more], about=f"{plural(len(known), 'alert')} of {ctx.number}")


@Verb(
    "dismiss",
    does="says that the pages firing here need no incident",
    example="dismiss",
    group=Group.INCIDENT,
    about=About.NONE,
    free_text=False,
)
def dismiss(ctx: CommandContext, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Suggest no incident for the pages that fire in this channel now."""
    if ctx.request.place is None:
        raise RefusedError("Which channel do you mean? Type it there.")
    network, channel = ctx.request.network, ctx.casemapping.fold(ctx.request.place)
    pages = firing_pages(ctx.application, network, channel, ctx.now)
    said_at = suggestions.last(ctx.session, network, channel).said_at
    if not pages and (said_at is None or ctx.now - said_at > AGAIN_AFTER):
        raise RefusedError("I have heard of no page that is firing here, so there is nothing to dismiss.")
    suggestions.dismiss(ctx.session, network, channel, at=ctx.request.said_at)
    about = f" for {named(pages)}" if pages else ""
    return [ctx.reply(sentence("I suggest no incident{}; pages that fire from now on count again.", about))]
