"""Names the people in the channel who may do what somebody was refused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from irscribe.domain.permission import Need, Standing
from irscribe.domain.prose import without_ping
from irscribe.domain.request import Present, Request
from irscribe.services.context import target
from irscribe.services.context.contexts import CommandContext, IncidentContext
from models import persons, team

MOST_NAMED = 3


def who_may(ctx: CommandContext, need: Need) -> list[str]:
    """Give at most three nicks of people in the channel who meet a need, spelled so that nobody is woken.

    The incident's own people come before trusted ones; of several nicks with one account one is named. Empty where
    everybody can meet the need by themselves.
    """
    found: dict[tuple[str | None, str], str] = {}
    for each in _entitled(ctx, need):
        somebody = each.person
        found.setdefault((somebody.account, "" if somebody.account else somebody.nick), somebody.nick)
    return [without_ping(nick) for nick in islice(found.values(), MOST_NAMED)]


def fulfils(somebody: Request | Present, need: Need, standing: Standing) -> bool:
    """True if a person with a standing meets a need."""
    match need:
        case Need.VOICED:
            return somebody.voiced or somebody.operator
        case Need.OP:
            return somebody.operator
        case Need.ACCOUNT:
            return somebody.person.account is not None
        case _:
            return standing >= Standing[need.name]


def _entitled(ctx: CommandContext, need: Need) -> Iterator[Present]:
    channel = ctx.incident.channel if isinstance(ctx, IncidentContext) else ctx.channel
    present = ctx.request.present(channel) if channel else ()
    trusted = (each for each in present if target.is_trusted(each, ctx.application.config.trusted))
    match need:
        case Need.OP | Need.VOICED:
            return (each for each in present if fulfils(each, need, Standing.ANYONE))
        case Need.TRUSTED:
            return trusted
        case Need.RESPONDER if isinstance(ctx, IncidentContext):
            by_key = {key: each for each in present for key in each.person.keys}
            return chain(_responders(ctx, by_key), trusted)
        case _:
            return iter(())


def _responders(ctx: IncidentContext, present: dict[str, Present]) -> Iterator[Present]:
    """Find the coordinator, the opener and whoever they added among those present, by their keys."""
    term = team.serving(ctx.session, ctx.number)
    granted = (each.person for each in team.responders(ctx.session, ctx.number) if each.granted)
    serving = term.person if term else None
    for person in dict.fromkeys([serving, ctx.incident.opener, *granted]):
        keys = persons.keys_of(ctx.session, person) if person is not None else frozenset()
        yield from (present[key] for key in keys if key in present)
