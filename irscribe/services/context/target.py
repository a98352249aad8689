"""Finds the incident that a line is about, and the standing of the person in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from irscribe.commands import Command
from irscribe.domain.errors import RefusedError, UnknownIncidentError
from irscribe.domain.listed import Listed, is_listed
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing
from irscribe.domain.record import Incident
from irscribe.domain.request import Present, Request
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.context.wording import numbered
from models import Session, further_channels, incidents, team
from models.visibility import is_public

NOTHING_OPEN = sentence("No incident is open here: {ir} start TITLE opens one.")


def unknown(number: int) -> UnknownIncidentError:
    """Make the refusal for an incident that does not exist or that this person may not see: it is the same."""
    return UnknownIncidentError(sentence("There is no incident {} here: {ir} list shows what there is.", number))


def find(ctx: CommandContext, number: int | None) -> Incident:
    """Find the incident named by ``@N``, else the current one.

    Raises RefusedError if there is none, or in private if it is not clear which one is meant.
    """
    if number is not None:
        return _named(ctx, number)
    if ctx.channel is not None:
        here = current(ctx, ctx.channel)
        if here is None:
            raise RefusedError(NOTHING_OPEN)
        return here
    return _only_one(_current_in(ctx, ctx.request.shared))


def current(ctx: CommandContext, channel: str) -> Incident | None:
    """The current incident of a channel, if this person may see it here."""
    found = incidents.current(ctx.session, ctx.request.network, ctx.casemapping.fold(channel))
    return found if found is not None and ctx.may_see(found) else None


def open_beside(ctx: CommandContext, incident: Incident) -> Incident | None:
    """Find an open incident in the channel of one that is over, if this person may see it here."""
    if incident.open or not incident.open_here:
        return None
    beside = incidents.open_in(ctx.session, incident.network, incident.channel)
    return next((each for each in beside if ctx.may_see(each)), None)


def visible(ctx: CommandContext, number: int) -> Incident:
    """Find an incident by its number, in any channel, unless it is a private one of another channel."""
    found = incidents.get(ctx.session, number)
    if found is None or not ctx.may_see(found):
        raise unknown(number)
    return found


def number_in(command: Command, *, usage: Speech) -> int:
    """Read the number of the incident that a command is about: ``12``, ``#12`` or ``@12``."""
    if command.incident is None:
        return numbered(command.text, usage=usage)[0]
    if command.text.strip():
        raise RefusedError(sentence("Which one? Type {}, with one number.", usage))
    return command.incident


def read_again(ctx: IncidentContext) -> IncidentContext:
    """Make the context anew, with the incident as this command has changed it."""
    return context_of(ctx, visible(ctx, ctx.number))


def context_of(ctx: CommandContext, incident: Incident) -> IncidentContext:
    """Make the context of a command about an incident."""
    return IncidentContext(
        session=ctx.session,
        request=ctx.request,
        application=ctx.application,
        now=ctx.now,
        person=ctx.person,
        line=ctx.line,
        incident=incident,
        find_standing=standing,
    )


def standing(ctx: CommandContext, incident: Incident) -> Standing:
    """The standing of the person in the incident."""
    if is_trusted(in_its_own_channel(ctx, incident), ctx.application.config.trusted):
        return Standing.TRUSTED
    own = team.places_of(ctx.session, incident.number, ctx.person)
    coordinates = _coordinates(ctx.session, incident, ctx.person)
    if incident.opener == ctx.person or coordinates or any(each.granted for each in own):
        return Standing.RESPONDER
    return Standing.JOINED if any(each.left_at is None for each in own) else Standing.ANYONE


def in_its_own_channel(ctx: CommandContext, incident: Incident) -> Request:
    """Give the request as it counts for an incident: who is an operator in another channel is none here."""
    if ctx.channel in (None, incident.channel):
        return ctx.request
    return replace(ctx.request, operator=False, voiced=False)


def is_trusted(somebody: Request | Present, trusted: Sequence[Listed]) -> bool:
    """True if a person is on the list of accounts and masks; an empty list trusts the channel's operators."""
    if not trusted:
        return somebody.operator
    return is_listed(somebody.person, trusted)


def _coordinates(session: Session, incident: Incident, person: int) -> bool:
    term = team.serving(session, incident.number)
    return term is not None and term.person == person


def _named(ctx: CommandContext, number: int) -> Incident:
    found = visible(ctx, number)
    if not is_public(found) or _is_in_its_channel(ctx, found) or (ctx.channel is None and _is_shared(ctx, found)):
        return found
    raise RefusedError(f"Incident {number} belongs to {_way_to(ctx, found)}.")


def _way_to(ctx: CommandContext, incident: Incident) -> str:
    """Name the channel of an incident that this person may see, and the way to type there."""
    name = incident.channel_name
    if incident.network != ctx.request.network:
        return f"{name} on {incident.network}: type it there"
    if ctx.channel is None:
        return f"{name}, where I do not see you: join {name} first"
    return f"{name}: type it there, or to me in private while you are in {name}"


def _is_in_its_channel(ctx: CommandContext, incident: Incident) -> bool:
    return ctx.channel is not None and _is_current_in(ctx, incident, (ctx.channel,))


def _is_shared(ctx: CommandContext, incident: Incident) -> bool:
    return _is_current_in(ctx, incident, tuple(map(ctx.casemapping.fold, ctx.request.shared)))


def _is_current_in(ctx: CommandContext, incident: Incident, channels: Sequence[str]) -> bool:
    """True if one of these channels (folded names) is the incident's own, or one in which it is current as well."""
    if ctx.request.network != incident.network:
        return False
    if incident.channel in channels:
        return True
    further = further_channels.of_incident(ctx.session, incident.number) if is_public(incident) else ()
    return any(each.channel in channels for each in further)


def _current_in(ctx: CommandContext, channels: Sequence[str]) -> list[Incident]:
    found = (current(ctx, each) for each in channels)
    return list({each.number: each for each in found if each is not None}.values())


def _only_one(found: Sequence[Incident]) -> Incident:
    still_open = [each for each in found if each.open]
    choice = still_open or list(found)
    if not choice:
        raise RefusedError(sentence("No incident is open in a channel we share: {ir} start TITLE opens one there."))
    if len(choice) > 1:
        numbers = listing([f"@{each.number}" for each in choice])
        raise RefusedError(f"There are several incidents you may mean: put {numbers} behind the verb.")
    return choice[0]
