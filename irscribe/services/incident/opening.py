"""Reads what is typed behind ``start``: options, a severity, a WHEN, the title."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from irscribe.commands import Command
from irscribe.domain import when
from irscribe.domain.errors import RefusedError
from irscribe.domain.moment import Moment
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut, wire_lines
from irscribe.domain.time_resolution import Context, resolve
from irscribe.services.context.contexts import CommandContext
from irscribe.services.context.wording import DASHES
from irscribe.services.document.fields import severity, task_id

USAGE = sentence("{ir} start [WHEN] [--private] [--drill] [--sev N] [--task TASK] [TITLE]")
LONGEST_TITLE = 200
"""In bytes. The name of a wiki page may have 255, with its prefix."""
OPTIONS_SHOWN = 60
"""Bytes of options that a refusal repeats."""
OPTION_END = re.compile(r"[\s=]+")
SEVERITY_IN_FRONT = re.compile(r"sev(?:erity)?[\s:-]*([0-9])(?=[\s:,]|$)[\s:,]*(?:[–—-]\s+)?", re.IGNORECASE | re.ASCII)
"""The severity in front of a title: ``sev1``, ``SEV 1:``, ``severity-1``."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The arguments of ``start``."""

    moment: Moment
    title: str | None
    private: bool = False
    drill: bool = False
    severity: int | None = None
    task: str | None = None


def read_opening(ctx: CommandContext, command: Command) -> Opening:
    """Read the arguments of ``start``.

    Raises RefusedError for options, times and titles that are none.
    """
    typed, live = command.text.strip(), Context(said_at=ctx.request.said_at)
    opening, rest = _read_options(Opening(moment=resolve(None, context=live), title=None), typed)
    parsed = when.parse(rest)
    if parsed.when is not None:
        moment = resolve(parsed.when, context=live)
        if moment.at is None:
            raise RefusedError("An incident needs a time it was opened at: type one, or none for now.")
        opening, rest = _read_options(replace(opening, moment=moment), parsed.rest)
    if rest.startswith(DASHES):
        raise RefusedError(sentence("I do not know {}: type {}.", clean(rest.split()[0]), USAGE))
    insisting = "!" if command.forced else ""
    in_front = cut(clean(typed[: len(typed) - len(rest)]), OPTIONS_SHOWN) if typed.endswith(rest) else ""
    behind = sentence("{ir} start{} {}", insisting, f"{in_front} " if in_front else "")
    return replace(opening, title=title(rest, behind=behind))


def _read_options(opening: Opening, typed: str) -> tuple[Opening, str]:
    """Read the options and the severity in front of a title, or of a WHEN."""
    rest = typed.strip()
    while rest.startswith("--"):
        opening, rest = _read_option(opening, rest)
    if opening.severity is None and (found := SEVERITY_IN_FRONT.match(rest)):
        return _read_options(replace(opening, severity=int(found[1])), rest[found.end() :])
    return opening, rest


def _read_option(opening: Opening, typed: str) -> tuple[Opening, str]:
    option, *behind = OPTION_END.split(typed, maxsplit=1)
    rest = behind[0].strip() if behind else ""
    value, _, after = rest.partition(" ")
    match option.lower():
        case "--private":
            return replace(opening, private=True), rest
        case "--drill":
            return replace(opening, drill=True), rest
        case "--sev" | "--severity":
            return replace(opening, severity=severity(value)), after.strip()
        case "--task":
            return replace(opening, task=task_id(value)), after.strip()
    raise RefusedError(sentence("I do not know {}: type {}.", clean(option), USAGE))


def title(typed: str, *, behind: Speech) -> str | None:
    """Clean a title; None if nothing was typed. ``behind`` is the command with what was typed in front of the title.

    Raises RefusedError for one that is invisible, or too long for the name of a page.
    """
    if not typed.strip():
        return None
    text = clean(typed)
    if not text:
        raise RefusedError("That title shows nothing: type words.")
    if text in DASHES:
        raise RefusedError(sentence("A title has words: type {ir} title TEXT."))
    size = len(text.encode())
    if size > LONGEST_TITLE:
        raise RefusedError(
            sentence(
                "That title has {} bytes, and {} is the most (say more in {ir} summary). This fits: {}{}",
                size,
                LONGEST_TITLE,
                behind,
                _that_fits(text),
            )
        )
    return text


def _that_fits(title: str) -> str:
    """Give the beginning of a title that is not too long, up to a whole word if it has several."""
    first = wire_lines(title, LONGEST_TITLE)[0]
    return first.rstrip(" ,;:-–—")
