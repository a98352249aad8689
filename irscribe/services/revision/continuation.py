"""The rest of a command that a client cut in two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from irscribe.commands import Command, read
from irscribe.domain.errors import RefusedError
from irscribe.domain.record import Heard
from irscribe.domain.request import LineKind, Request
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean
from irscribe.services.context import finality, target
from irscribe.services.context.contexts import CommandContext, IncidentContext, Outcome
from irscribe.services.revision.undo import overtaken, revert_line
from irscribe.services.timeline.notes import amend
from models import changes, entries, lines, origins

ENDS_WITH_ITS_TEXT = frozenset({"update", "decided", "status", "public", "cancel"})
"""Commands whose entry ends with the words typed last, as a note does: the rest belongs behind them."""
GOES_ON_WITH_A_PLUS = frozenset({"summary", "impact", "detection"})
FOR_GOOD = frozenset({"redact"})
"""Commands that nothing takes back, and that are done without their rest."""


def complete(
    ctx: CommandContext, beginning: int, whole: Request, *, carry_out: Callable[[CommandContext], Outcome]
) -> Outcome | None:
    """Make one command of a beginning that was carried out and the rest, which is the present line.

    Returns None where what was said to the beginning holds for the whole.
    Raises RefusedError where the whole command is refused, or what the beginning did was changed since; the beginning
    then stays what it was.
    """
    rest = clean(ctx.request.text)
    kept = lines.get(ctx.session, beginning)
    command = None if kept.family != LineKind.INCIDENT or kept.fate == "refused" else read(whole.text)
    name = None if command is None else command.verb.name
    if name in FOR_GOOD:
        return None
    _refuse_if_gone(ctx, kept, command)
    lines.complete(ctx.session, beginning, whole)
    lines.blank(ctx.session, [ctx.line])
    if kept.fate == "waiting":
        return None
    ctx = replace(ctx, request=whole, line=beginning)
    if (name is None or name in ENDS_WITH_ITS_TEXT) and _append(ctx, rest, command):
        return None
    replies = _carry_out_anew(ctx, command, carry_out)
    lines.settle(ctx.session, [beginning], "taken")
    return replies


def _refuse_if_gone(ctx: CommandContext, kept: Heard, command: Command | None) -> None:
    blanked = not kept.body and (kept.fate != "refused" or kept.family != LineKind.INCIDENT)
    if blanked:
        raise _not_taken("its beginning was redacted meanwhile", _spelled(command), what="what may be said of it")
    if kept.fate == "discarded" or changes.taken_back(ctx.session, kept.id):
        raise _not_taken("its beginning was taken back meanwhile", _spelled(command))


def _append(ctx: CommandContext, rest: str, command: Command | None) -> bool:
    """Put the rest behind the entry the beginning made; whether there is one.

    Raises RefusedError where that is not what it was any more.
    """
    for number, entry_number, _ in origins.made_by(ctx.session, ctx.line):
        about = target.context_of(ctx, target.visible(ctx, number))
        finality.require_notes_taken(about)
        _refuse_if_overtaken(about, command, rows_too=False)
        found = entries.get(ctx.session, number, entry_number)
        if found is None or not found.current.standing:
            return False
        amend(about, entry_number, f"{found.current.text} {rest}")
        return True
    return False


def _carry_out_anew(
    ctx: CommandContext, command: Command | None, carry_out: Callable[[CommandContext], Outcome]
) -> Outcome:
    """Undo what the beginning changed, and carry the whole out in its place."""
    begun = changes.incidents_of(ctx.session, ctx.line)
    for number in begun:
        about = target.context_of(ctx, target.visible(ctx, number))
        _refuse_if_overtaken(about, command)
        revert_line(about, ctx.line)
    replies = carry_out(ctx)
    if begun and not set(changes.incidents_of(ctx.session, ctx.line)) <= set(begun):
        raise _not_taken(
            f"it began in incident {begun[0]}, and another one is current here now", _spelled(command, into=begun[0])
        )
    return replies


def _refuse_if_overtaken(ctx: IncidentContext, command: Command | None, *, rows_too: bool = True) -> None:
    moved = overtaken(ctx, ctx.line, rows_too=rows_too)
    if moved:
        raise _not_taken(f"{moved[0]} was changed meanwhile", _spelled(command, plus=_still_stands(ctx)))


def _still_stands(ctx: IncidentContext) -> bool:
    """True if the entries of the beginning can still be continued."""
    made = (entries.get(ctx.session, *each[:2]) for each in origins.made_by(ctx.session, ctx.line))
    return all(each is not None and each.current.standing for each in made)


def _spelled(command: Command | None, *, plus: bool = False, into: int | None = None) -> Speech:
    """Say how the rest can be typed by hand."""
    if command is None:
        return sentence("{log} + …") if plus else sentence("{log} …")
    name = command.verb.name
    number = into or command.incident
    addressed = f" @{number}" if number else ""
    return sentence("{ir} {}{} {}…", name, addressed, "+ " if name in GOES_ON_WITH_A_PLUS else "")


def _not_taken(why: str, by_hand: Speech, *, what: str = "it") -> RefusedError:
    return RefusedError(sentence("The end of your line was not taken: {}. Add {} by hand, with {}", why, what, by_hand))
