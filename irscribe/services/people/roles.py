"""Roles besides the coordinator's, each with one person at a time: says who has one, takes it and gives it on."""

from __future__ import annotations

from irscribe.commands import NOTHING, BareNumber, Command, Group, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.nearest import nearest
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing, without_ping
from irscribe.domain.record import Term
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.names import Somebody, coordinates, had_since, held, person_called, typist
from irscribe.services.people.holders import as_listed, ask_back, one_nick
from models import roles

OF_THE_COORDINATOR = ("ic", "coordinator", "commander", "lead")
"""Words that people type for the role that has a command of its own."""
WORD_SHOWN = 20
"""Bytes of a typed word that a refusal repeats."""


@Verb(
    "role",
    "[NAME [me|NICK|none]]",
    does="says who has which role, takes one or gives it; role! gives it to somebody who is not here",
    example="role comms carol",
    group=Group.PEOPLE,
    aliases=("roles",),
    meant_by=("assign-role",),
    forced=True,
    bare_number=BareNumber.UNCLEAR_ALONE,
    free_text=False,
    standing=Standing.JOINED,
    reads_only=(NOTHING,),
    final_takes=(NOTHING,),
)
def role(ctx: IncidentContext, command: Command) -> Outcome:
    """List the roles, show who has one, take it, give it to somebody, or give it up."""
    name, _, whom = clean(command.text).partition(" ")
    if not name:
        return _list(ctx)
    known = _known(ctx, name)
    term = roles.serving(ctx.session, ctx.number).get(known)
    if whom.lower() == "none":
        return _resign(ctx, known, term)
    if not whom and term is not None:
        said = f"{without_ping(term.name)} has {known} in {ctx.number}{had_since(term, ctx.now)}"
        return ctx.inform(sentence("{}: {ir} role {} me takes it over.", said, known))
    if whom.lower() in ("", "me"):
        return _serve(ctx, known, term, typist(ctx))
    usage = sentence("{ir} role {} NICK, {ir} role {} me or {ir} role {} none", known, known, known)
    somebody = person_called(ctx, one_nick(whom, usage=usage))
    if not command.forced:
        ask_back(ctx, somebody, insisting=f"role! {known}")
    return _serve(ctx, known, term, somebody)


def _known(ctx: IncidentContext, typed: str) -> str:
    """Find the role of this name among those of the settings, or one that somebody has had here.

    Raises RefusedError if there is none.
    """
    settings = ctx.application.config.roles
    known = dict.fromkeys((*settings, *(each.role for each in roles.terms(ctx.session, ctx.number))))
    name = typed.lower().rstrip(":,")
    if name in known:
        return name
    if name in OF_THE_COORDINATOR:
        raise RefusedError(sentence("The coordinator's role is {ir} ic: type {ir} ic me or {ir} ic NICK."))
    if not settings:
        raise RefusedError(sentence("The settings name no roles but the coordinator's, which is {ir} ic."))
    close = nearest(name, known)
    there = "there is" if len(settings) == 1 else "there are"
    hint: Speech = f"did you mean {close}?" if close else sentence("{} {}.", there, listing(list(settings)))
    raise RefusedError(sentence("There is no role {}: {}", cut(typed, WORD_SHOWN), hint))


def _list(ctx: IncidentContext) -> Outcome:
    serving = roles.serving(ctx.session, ctx.number)
    free = [each for each in ctx.application.config.roles if each not in serving]
    said = [held(each, ctx.now) for each in serving.values()]
    said += [f"nobody has {listing(free, last='or')}"] if free else []
    return ctx.inform(
        sentence("Roles in {}: {}. {ir} role NAME NICK gives one.", ctx.number, "; ".join(said) or "none")
    )


def _serve(ctx: IncidentContext, name: str, term: Term | None, somebody: Somebody) -> Outcome:
    shown = as_listed(ctx, somebody)
    if coordinates(term, shown):
        raise RefusedError(f"{without_ping(shown.name)} has {name} already.")
    if term is not None:
        roles.end(ctx.session, ctx.audit, term.number)
    begins = {"role": name, "person": shown.person, "name": shown.name, "since": ctx.request.said_at, "until": None}
    roles.add(ctx.session, ctx.audit, begins)
    was = f" (was {without_ping(term.name)})" if term else ""
    return ctx.say(f"{without_ping(shown.name)} has {name} in {ctx.number} now{was}.")


def _resign(ctx: IncidentContext, name: str, term: Term | None) -> Outcome:
    if term is None:
        raise RefusedError(sentence("Nobody has {} in {}: {ir} role {} NICK gives it.", name, ctx.number, name))
    roles.end(ctx.session, ctx.audit, term.number)
    return ctx.say(f"{without_ping(term.name)} does not have {name} in {ctx.number} any more.")
