"""The rest of a split command whose beginning was carried out before it came."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from irscribe.commands import Command, Commands, read
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.record import RetainedLine
from irscribe.domain.request import LineKind, Request
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean
from irscribe.services.context import target
from irscribe.services.context.contexts import CommandContext
from irscribe.services.timeline import notes
from models import changes, entries, lines, origins, undone


def takes_rest(request: Request, commands: Commands) -> bool:
    """True if a rest can be put behind this command once it is carried out: a note, or one whose text ends an entry."""
    with suppress(RefusedError):
        if request.kind is not LineKind.INCIDENT:
            return True
        command = read(request.text, commands)
        return command.verb.text_ends_entry and not command.is_among(command.verb.reads_only)
    return False


def complete(ctx: CommandContext, *, beginning: int, typed: Request) -> Outcome:
    """Put the rest, which is this context's line, behind what its beginning wrote; ``typed`` is the beginning.

    There is nothing to say: the acknowledgement of the beginning holds for the whole.
    Raises RefusedError if the command takes no rest, or if somebody has changed since what its beginning wrote.
    """
    kept = lines.get(ctx.session, beginning)
    lines.blank(ctx.session, [ctx.line])
    if kept.disposition == "refused":
        return []
    commands = ctx.application.commands
    command = read(typed.text, commands) if typed.kind is LineKind.INCIDENT else None
    if command is not None and command.verb.for_good:
        return []
    _refuse_if_gone(ctx, kept, command)
    if not takes_rest(typed, commands):
        raise _not_taken("another command came before it", _spelled(command, into=_elsewhere(ctx, beginning)))
    lines.complete(ctx.session, beginning, ctx.request.text.strip())
    if kept.disposition != "waiting":
        _append(replace(ctx, request=typed, line=beginning), clean(ctx.request.text), command)
    return []


def _refuse_if_gone(ctx: CommandContext, kept: RetainedLine, command: Command | None) -> None:
    if not kept.body and (command is None or command.verb.keeps_words):
        raise _not_taken("its beginning was redacted meanwhile", _spelled(command), what="what may be said of it")
    if kept.disposition == "discarded" or undone.was_undone(ctx.session, kept.id):
        raise _not_taken("its beginning was taken back meanwhile", _spelled(command))


def _append(ctx: CommandContext, rest: str, command: Command | None) -> None:
    """Put the rest behind the entry that the beginning wrote, if any, as ``+`` does; `undo` then undoes both."""
    made = origins.made_by(ctx.session, ctx.line)
    if not made:
        return
    incident, number, version = made[-1]
    about = target.context_of(ctx, target.visible(ctx, incident))
    entry = entries.get(ctx.session, incident, number)
    if entry is None or entry.current.version != version:
        stands = entry is not None and entry.current.standing
        raise _not_taken(f"#{number} was changed meanwhile", _spelled(command, plus=stands))
    notes.append(about, number, rest)


def _elsewhere(ctx: CommandContext, beginning: int) -> int | None:
    """Give the incident that the beginning changed, if the same command typed now would be about another one."""
    changed = changes.incidents_of(ctx.session, beginning)
    current = target.current(ctx, ctx.request.place) if ctx.request.place else None
    return changed[0] if changed and (current is None or current.number != changed[0]) else None


def _spelled(command: Command | None, *, plus: bool = False, into: int | None = None) -> Speech:
    """Say how the rest can be typed by hand."""
    if command is None:
        return sentence("{log} + …") if plus else sentence("{log} …")
    name = command.verb.name
    number = command.incident or into
    addressed = f" @{number}" if number else ""
    return sentence("{ir} {}{} {}…", name, addressed, "+ " if command.verb.continued_by_plus else "")


def _not_taken(why: str, by_hand: Speech, *, what: str = "it") -> RefusedError:
    return RefusedError(sentence("The end of your line was not taken: {}. Add {} by hand, with {}", why, what, by_hand))
