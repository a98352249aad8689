"""The person to whom a role is given: read, asked back about, and put on the list of responders."""

from __future__ import annotations

from dataclasses import replace

from irscribe.domain.errors import RefusedError
from irscribe.domain.nearest import nearest
from irscribe.domain.prose import without_ping
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.names import LONGEST_NAME, Somebody, is_away, on_list
from irscribe.services.context.wording import DASHES
from irscribe.services.people.responders import put_on_list
from models import team


def one_nick(typed: str, *, usage: Speech) -> str:
    """Read the nick of one person.

    Raises RefusedError for anything else.
    """
    nick = typed.removeprefix("@").rstrip(",:")
    if len(nick) > LONGEST_NAME or " " in nick or not nick or nick.startswith(DASHES):
        raise RefusedError(sentence("Who? Type {}.", usage))
    return nick


def ask_back(ctx: IncidentContext, somebody: Somebody, *, insisting: str) -> None:
    """Refuse a name that nobody here has: it may be misspelt. ``insisting`` is the verb that gives the role anyway."""
    if on_list(ctx, somebody) is not None or not is_away(ctx, somebody):
        return
    fold = ctx.casemapping.fold
    listed = {fold(each.name): each.name for each in team.responders(ctx.session, ctx.number)}
    close = nearest(fold(somebody.name), listed)
    hint = f"did you mean {without_ping(listed[close])}? " if close else ""
    raise RefusedError(
        sentence(
            "I see nobody here called {}: {}{ir} {} {} gives the role all the same.",
            somebody.name,
            hint,
            insisting,
            somebody.name,
        )
    )


def as_listed(ctx: IncidentContext, somebody: Somebody) -> Somebody:
    """Put a person on the list of responders unless they are there; give them with the name that the list shows."""
    listed = on_list(ctx, somebody)
    if listed is not None:
        return replace(somebody, name=listed.name)
    added = replace(somebody, name=somebody.nick or somebody.name)
    put_on_list(ctx, added)
    return added
