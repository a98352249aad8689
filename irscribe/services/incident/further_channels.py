"""The command that makes an incident current in another channel as well."""

from __future__ import annotations

from irscribe.commands import NOTHING, Command, Group, Verb
from irscribe.domain.channel import is_channel
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing
from irscribe.domain.request import Reply
from irscribe.domain.sentence import sentence
from irscribe.domain.text import clean
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.incident.privacy import is_private_channel
from models import further_channels, incidents
from models.visibility import is_public

USAGE = sentence("{ir} also #channel or {ir} also none")
NAME_SHOWN = 40


@Verb(
    "also",
    "#CHANNEL|none",
    does="makes the incident current in another channel as well, or ends that",
    example="also #databases",
    group=Group.INCIDENT,
    free_text=False,
    standing=Standing.RESPONDER,
    reads_only=(NOTHING,),
    final_takes=(NOTHING,),
)
def also(ctx: IncidentContext, command: Command) -> Outcome:
    """Make the incident current in one more channel, end that for all of them, or name them."""
    typed = clean(command.text)
    known = further_channels.of_incident(ctx.session, ctx.number)
    names = listing([each.name for each in known])
    if not typed:
        where = f"is current in {names} as well" if known else "is current in its own channel only"
        return ctx.inform(sentence("{} {}: type {}.", ctx.number, where, USAGE))
    if typed.lower() == "none":
        if not known:
            raise RefusedError(f"{ctx.number} is current in its own channel only.")
        for each in known:
            further_channels.end(ctx.session, ctx.audit, each)
        return ctx.say(f"{ctx.number} is not current in {names} any more.")
    name = _served(ctx, typed)
    further_channels.add(
        ctx.session, ctx.audit, network=ctx.incident.network, channel_name=ctx.casemapping.fold(name), spelled=name
    )
    head, home = ctx.incident.name, ctx.incident.channel_name
    said = sentence("{} is current in {} as well: {log} TEXT there goes into it; {ir} also none ends that.", head, name)
    told = sentence(
        "Incident {} of {} is current here as well: {log} TEXT goes into it, {ir} recap tells it.", head, home
    )
    return [ctx.reply(said), Reply(to=name, text=told, urgent=False, informs=True)]


def _served(ctx: IncidentContext, typed: str) -> str:
    """Give the name of another channel, as the settings spell it, in which the incident may be current.

    Raises RefusedError for any other.
    """
    if not is_channel(typed) or " " in typed:
        raise RefusedError(sentence("“{}” is no channel: type {}.", typed[:NAME_SHOWN], USAGE))
    served = {name: name for name in ctx.application.config.channels}
    name = ctx.casemapping.value_of(served, typed)
    if name is None:
        raise RefusedError(f"I do not serve {typed[:NAME_SHOWN]}: the settings name my channels.")
    folded, own = ctx.casemapping.fold(name), (ctx.incident.network, ctx.incident.channel)
    if (ctx.request.network, folded) == own:
        raise RefusedError(f"{name} is the channel of {ctx.number} anyway.")
    _require_takeable(ctx, name, folded)
    return name


def _require_takeable(ctx: IncidentContext, name: str, folded: str) -> None:
    if not is_public(ctx.incident):
        raise RefusedError(f"{ctx.number} is private: it is in no channel but its own.")
    if is_private_channel(ctx, name):
        raise RefusedError(f"{name} opens only private incidents: what is said there would go into a public one.")
    here = ctx.request.person.keys
    if not any(each.person.keys & here for each in ctx.request.present(folded)):
        raise RefusedError(f"I do not see you in {name}: join it first, and type this again.")
    current = incidents.current(ctx.session, ctx.request.network, folded)
    if current is not None and current.number == ctx.number:
        raise RefusedError(f"{ctx.number} is current in {name} already.")
    if current is not None and current.open:
        which = f"incident {current.number}" if ctx.may_see(current) else "another incident"
        raise RefusedError(f"In {name} {which} is open: close it first, or switch there.")
