"""Lookups: commands that change nothing. The writer records their line; the answer is read from a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from irscribe.commands import Command
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Lookup, Outcome
from irscribe.domain.request import Reply, refused
from irscribe.domain.sentence import Speech
from irscribe.services.context import target
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.contexts import CommandContext, IncidentContext
from models import Session, lines


def ask(ctx: CommandContext, command: Command, work: Callable[[Any], Outcome]) -> Lookup:
    """Make the lookup of a line that is recorded and allowed; ``work`` is the use-case.

    The line keeps only its verb: it may still be refused, and of a refused command no words are kept.
    """
    lines.keep_verb(ctx.session, ctx.line, command.verb.name if command.verb.keeps_words else "")
    return Lookup(
        request=ctx.request,
        person=ctx.person,
        line=ctx.line,
        now=ctx.now,
        incident=ctx.number if isinstance(ctx, IncidentContext) else None,
        work=work,
    )


def answer(session: Session, lookup: Lookup, application: ApplicationContext) -> Outcome:
    """Carry the use-case out; whether its sender may still see the incident is asked again.

    Raises one of ``models.FAILED`` if the database fails, and any error that is a fault of the program.
    """
    try:
        outcome = lookup.work(_context_in(session, lookup, application))
    except RefusedError as refusal:
        return refuse(lookup, refusal.sentence)
    if lookup.lines > 1 and outcome and isinstance(outcome[0], Reply):
        return [outcome[0].of_lines(lookup.lines), *outcome[1:]]
    return outcome


def refuse(lookup: Lookup, refusal: Speech) -> Outcome:
    """Say why a lookup has no answer; one that nobody asked for has words of its own for that."""
    return [refused(lookup.request, lookup.if_unread or refusal)]


def _context_in(session: Session, lookup: Lookup, application: ApplicationContext) -> CommandContext:
    ctx = CommandContext(
        session=session,
        request=lookup.request,
        application=application,
        now=lookup.now,
        person=lookup.person,
        line=lookup.line,
    )
    return ctx if lookup.incident is None else target.context_of(ctx, target.visible(ctx, lookup.incident))
