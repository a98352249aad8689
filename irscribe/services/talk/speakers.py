"""Knows who said what was taken in."""

from __future__ import annotations

from irscribe.domain.talk import is_bridged
from irscribe.services.context.contexts import IncidentContext
from models import talk


def is_speaker(ctx: IncidentContext, number: int) -> bool:
    """True if an entry is a quote of the person who types: by account, by nick only where there are none."""
    source, who = talk.source_of(ctx.session, ctx.number, number), ctx.request.person
    if source is None or is_bridged(who.nick):
        return False
    if who.account is not None and source.account is not None:
        return ctx.casemapping.same(source.account, who.account)
    return not who.naming.has_accounts and ctx.casemapping.same(source.nick, who.nick)
