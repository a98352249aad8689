"""Permission: compares a person's standing with the need of a command, or with the rule of the settings."""

from __future__ import annotations

from irscribe.commands import Command, Verb
from irscribe.domain.errors import ForbiddenError
from irscribe.domain.permission import NEEDED, NETWORK_STATUS_NEEDED, Need, Standing
from irscribe.domain.prose import listing
from irscribe.domain.record import Term
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context import target
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.context.who_may import fulfils, who_may
from models import changes, incidents, parts, team

OVER_BRIDGE = sentence("Over the bridge I take {log} TEXT and {log} ^; {ir} is for people on IRC.")
CONFIRMED = "confirmed"
"""The field with the number of the coordinator's term that a trusted person gave or confirmed."""
UNVERIFIED = "This bot answers people it can tell apart: log in to the network's services first."


def require_command(ctx: IncidentContext, command: Command) -> None:
    """Require the need of a command about an incident, and of the part of it that needs a higher standing.

    Raises ForbiddenError that names the need.
    """
    verb = command.verb
    require(ctx, verb, spoken=sentence("{ir} {}", verb.name))
    for each in verb.stricter:
        if each.is_typed_in(command.text):
            if each.refuse_impossible is not None:
                each.refuse_impossible(ctx)
            require_standing(ctx, each.standing, spoken=sentence("{ir} {} {}", verb.name, each.part))


def require(ctx: IncidentContext, verb: Verb, *, standing: Standing | None = None, spoken: Speech) -> None:
    """Require the need of a verb, or ``standing`` instead of the verb's own standing.

    Raises ForbiddenError that names the need.
    """
    rule = ctx.application.config.permissions.of(verb.name, ctx.incident.channel, ctx.casemapping)
    if rule is None and _is_excepted(ctx, verb):
        return
    _require(ctx, rule or Need.of(standing or verb.standing), standing=ctx.standing, spoken=spoken)


def is_allowed(ctx: IncidentContext, verb: Verb, *, standing: Standing) -> bool:
    """True if this person meets the need that ``require`` requires."""
    try:
        require(ctx, verb, standing=standing, spoken="")
    except ForbiddenError:
        return False
    return True


def require_trust(ctx: IncidentContext, *, spoken: Speech) -> None:
    """Require a trusted person, even if the settings have a rule for the command.

    Raises ForbiddenError for others.
    """
    require_standing(ctx, Standing.TRUSTED, spoken=spoken)


def require_standing(ctx: IncidentContext, standing: Standing, *, spoken: Speech) -> None:
    """Require a standing, even if the settings have a rule.

    Raises ForbiddenError for others.
    """
    if ctx.standing < standing:
        raise ForbiddenError(sentence("{}: {}", spoken, needed(ctx, Need.of(standing))))


def is_opener_alone(ctx: IncidentContext) -> bool:
    """True if this person opened the incident and nobody else has written in it: then they may cancel it."""
    person = ctx.person
    return ctx.incident.opener == person and not changes.written_by_others(ctx.session, ctx.number, person)


def is_confirmed_coordinator(ctx: IncidentContext) -> bool:
    """True if this person coordinates the incident, and a trusted person gave them the role or confirmed them in it."""
    term = team.serving(ctx.session, ctx.number)
    return term is not None and term.person == ctx.person and is_confirmed(ctx, term)


def is_confirmed(ctx: IncidentContext, term: Term) -> bool:
    """True if a trusted person gave this term as coordinator, or confirmed it."""
    return parts.fields(ctx.session, ctx.number).get(CONFIRMED) == str(term.number)


def lost(about: IncidentContext, verb: Verb) -> Speech | None:
    """Name the need of a command that a person has begun in private, if they certainly do not meet it any more.

    Voice and operator status cannot be seen in private: a person who was never on the list may have begun as operator.
    """
    ctx = about
    rules = ctx.application.config.permissions
    need = rules.of(verb.name, about.incident.channel, ctx.casemapping) or Need.of(verb.standing)
    as_operator = not ctx.application.config.trusted and not _was_on_list(about)
    if need in (Need.VOICED, Need.OP) or as_operator or fulfils(ctx.request, need, about.standing):
        return None
    return needed(ctx, need)


def require_alone(ctx: CommandContext, command: str, *, spoken: Speech) -> None:
    """Require the rule of a command that needs no incident; the standing is the one in the channel's incident.

    Raises ForbiddenError that names the need.
    """
    rule = ctx.application.config.permissions.of(command, ctx.channel, ctx.casemapping)
    if rule is not None and rule is not Need.ANYONE:
        _require(ctx, rule, standing=_standing_here(ctx), spoken=spoken)


def require_known(ctx: CommandContext) -> None:
    """Require an account with services, unless the settings allow everybody.

    Raises ForbiddenError for others.
    """
    if not ctx.application.config.allow_unverified and ctx.request.person.account is None:
        raise ForbiddenError(UNVERIFIED)


def require_on_irc(ctx: CommandContext) -> None:
    """Require somebody who is on the network itself: over a bridge anybody may have any name.

    Raises ForbiddenError for others.
    """
    if ctx.request.bridge is not None:
        raise ForbiddenError(OVER_BRIDGE)


def needed(ctx: CommandContext, need: Need) -> Speech:
    """The second half of a refusal, which names the need."""
    if need is Need.TRUSTED and not ctx.application.config.trusted:
        need = Need.OP
    may = NETWORK_STATUS_NEEDED.get(need) or NEEDED[Standing[need.name]]
    # In private nobody has voice or is an operator.
    elsewhere = ctx.channel is None and need in (Need.VOICED, Need.OP)
    return sentence("{}{}{}.", may, "; type it there" if elsewhere else "", _whom_to_ask(ctx, need))


def _is_excepted(ctx: IncidentContext, verb: Verb) -> bool:
    return (verb.lone_opener and is_opener_alone(ctx)) or (verb.confirmed_coordinator and is_confirmed_coordinator(ctx))


def _whom_to_ask(ctx: CommandContext, need: Need) -> Speech:
    names = listing(who_may(ctx, need), last="or")
    if need is Need.RESPONDER:
        return sentence("; ask {}for {ir} add", f"{names} " if names else "")
    return f"; ask {names}" if names else ""


def _require(ctx: CommandContext, need: Need, *, standing: Standing, spoken: Speech) -> None:
    typed = target.in_its_own_channel(ctx, ctx.incident) if isinstance(ctx, IncidentContext) else ctx.request
    if standing is not Standing.TRUSTED and not fulfils(typed, need, standing):
        raise ForbiddenError(sentence("{}: {}", spoken, needed(ctx, need)))


def _was_on_list(ctx: IncidentContext) -> bool:
    return any(each.person == ctx.person for each in team.ever_listed(ctx.session, ctx.number))


def _standing_here(ctx: CommandContext) -> Standing:
    current = incidents.current(ctx.session, ctx.request.network, ctx.channel) if ctx.channel else None
    if current is not None:
        return target.standing(ctx, current)
    trusted = target.is_trusted(ctx.request, ctx.application.config.trusted)
    return Standing.TRUSTED if trusted else Standing.ANYONE
