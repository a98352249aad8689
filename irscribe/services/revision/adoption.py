"""Adopts notes that were typed while nothing was open, with their own times and authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from irscribe.commands import ANYTHING, Command, Group, Verb
from irscribe.config import LogMode
from irscribe.domain import when
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.prose import plural, spans
from irscribe.domain.record import RetainedLine
from irscribe.domain.request import LineKind, Person
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.domain.text import clean, cut
from irscribe.domain.time_resolution import Context, resolve
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.context.target import open_beside
from irscribe.services.talk.notes import note
from irscribe.services.timeline.notes import KEPT_FOR, continues
from models import Savepoint, lines, origins
from models.changes import put
from models.tables import line

USAGE = sentence("{ir} adopt, {ir} adopt -20m, {ir} adopt 3 (the last ones) or {ir} adopt none")


@Verb(
    "adopt",
    "[-20m|N|none]",
    does="takes in the notes typed while nothing was open",
    example="adopt -20m",
    group=Group.TIMELINE,
    standing=Standing.JOINED,
    final_takes=(ANYTHING,),
    undone_in_final=False,
)
def adopt(ctx: IncidentContext, command: Command) -> Outcome:
    """Adopt all waiting notes, the last ones, or none of them."""
    waiting = lines.waiting(ctx.session, ctx.incident.network, ctx.incident.channel, since=ctx.now - KEPT_FOR)
    if not waiting:
        raise RefusedError("No notes wait here.")
    if command.text.strip().lower() == "none":
        return _discard(ctx, waiting)
    if not ctx.incident.open:
        raise RefusedError(sentence("Incident {} is {}: {}.", ctx.number, ctx.incident.state, _other_way(ctx)))
    return _take(ctx, _with_beginnings(_chosen(ctx, waiting, command.text.strip()), waiting))


def _other_way(ctx: IncidentContext) -> Speech:
    beside = open_beside(ctx, ctx.incident)
    if beside is None:
        return sentence("open one with {ir} start TITLE first")
    return sentence("{ir} adopt @{} takes them into {}, which is open here", beside.number, beside.name)


def _chosen(ctx: IncidentContext, waiting: Sequence[RetainedLine], typed: str) -> Sequence[RetainedLine]:
    if not typed:
        return waiting
    if typed.isascii() and typed.isdecimal() and int(typed) > 0:
        return waiting[-int(typed) :]
    parsed = when.parse(typed)
    if parsed.when is None or parsed.rest:
        raise RefusedError(sentence("Which ones? Type {}.", USAGE))
    since = resolve(parsed.when, context=Context(said_at=ctx.request.said_at)).at
    return [each for each in waiting if since is None or each.said_at >= since]


def _with_beginnings(chosen: Sequence[RetainedLine], waiting: Sequence[RetainedLine]) -> Sequence[RetainedLine]:
    """The chosen lines, and those which they continue."""
    wanted = {each.id for each in chosen}
    for place, each in reversed(list(enumerate(waiting))):
        if each.id in wanted and continues(each.body):
            own = [other.id for other in waiting[:place] if other.person == each.person]
            wanted |= set(own[-1:])
    return [each for each in waiting if each.id in wanted]


def _discard(ctx: IncidentContext, waiting: Sequence[RetainedLine]) -> Outcome:
    for each in waiting:
        _set_disposition(ctx, each, "discarded")
    return ctx.say(f"{plural(len(waiting), 'waiting note')} discarded.")


def _take(ctx: IncidentContext, chosen: Sequence[RetainedLine]) -> Outcome:
    taken: list[RetainedLine] = []
    left: list[Speech] = []
    for each in chosen:
        try:
            with Savepoint(ctx.session):
                note(_as_said(ctx, each), quiet=_is_quiet(ctx, each), into=ctx.incident)
                _set_disposition(ctx, each, "taken")
            taken.append(each)
        except RefusedError as refusal:
            left.append(f"“{cut(clean(each.body), 60)}” is left out: " + refusal.sentence)
    numbers = {number for each in taken for _, number, _ in origins.made_by(ctx.session, each.id)}
    done = f"{plural(len(taken), 'note')} taken in: {spans(numbers)}." if taken else "No note taken in."
    more = f"Left out as well: {plural(len(left) - 1, 'more note')}." if len(left) > 1 else ""
    return ctx.say(joined(" ", filter(None, [done, *left[:1], more])))


def _as_said(ctx: IncidentContext, heard: RetainedLine) -> CommandContext:
    """The context that this line would have had if the incident had been open."""
    naming = ctx.request.person.naming
    person = Person(nick=heard.nick, user=heard.user, host=heard.host, account=heard.account, naming=naming)
    request = replace(
        ctx.request,
        kind=LineKind(heard.kind),
        channel=ctx.incident.channel_name,
        person=person,
        text=heard.body,
        said_at=heard.said_at,
        heard_at=heard.heard_at,
    )
    return replace(ctx, request=request, person=heard.person, line=heard.id)


def _is_quiet(ctx: IncidentContext, heard: RetainedLine) -> bool:
    mode = ctx.application.config.log_modes.of(ctx.incident.channel, ctx.casemapping)
    return heard.kind == LineKind.LOG and mode is LogMode.QUIET


def _set_disposition(ctx: IncidentContext, heard: RetainedLine, disposition: str) -> None:
    put(ctx.session, ctx.audit, line, key={"id": heard.id}, values={"disposition": disposition})
