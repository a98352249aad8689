"""The typed text of a command, taken apart and checked the same way everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from irscribe.domain import when
from irscribe.domain.errors import RefusedError
from irscribe.domain.moment import Moment
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean
from irscribe.domain.time_resolution import Context, require_when, resolve
from irscribe.domain.when import Point, When
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.finality import require_open
from models import entries

DASHES = ("-", "–", "—")
NUMBER = re.compile(r"#?(\d{1,9})(?:\s+|$)")


class Manner(StrEnum):
    """What a text does to what is there."""

    SHOW = ""
    SET = "set"
    CONTINUE = "+"
    PARAGRAPH = "+|"
    SUB_ITEM = ">"
    EMPTY = "-"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A cleaned text and what it is for."""

    manner: Manner
    text: str


def prose(typed: str, *, usage: Speech) -> str:
    """A text that must say something.

    Raises RefusedError where it says nothing.
    """
    text = clean(typed)
    if not text or text in DASHES:
        raise RefusedError(sentence("There is no text there: type {}.", usage))
    return text


def begun_with_a_word(typed: str, *, usage: Speech) -> str:
    """A text that must say something where options or a WHEN may stand before it.

    Raises RefusedError where it says nothing, or begins like an option or a WHEN that is none.
    """
    text = prose(typed, usage=usage)
    if text.startswith(DASHES):
        word = text.split()[0]
        raise RefusedError(sentence("I do not know {}: begin the text with a word, not with a dash ({}).", word, usage))
    return text


def wording(typed: str, *, usage: Speech) -> Wording:
    """A text with the sign in front of it that says to continue, to begin a paragraph, or to empty.

    Raises RefusedError for a sign without a text.
    """
    if not typed.strip():
        return Wording(manner=Manner.SHOW, text="")
    first, _, rest = typed.strip().partition(" ")
    if first == Manner.EMPTY and not rest:
        return Wording(manner=Manner.EMPTY, text="")
    if first in (Manner.CONTINUE, Manner.PARAGRAPH, Manner.SUB_ITEM):
        text = clean(rest)
        if not text:
            raise RefusedError(sentence("There is no text behind {}: type {}.", first, usage))
        return Wording(manner=Manner(first), text=text)
    return Wording(manner=Manner.SET, text=prose(typed, usage=usage))


def numbered(typed: str, *, usage: Speech) -> tuple[int, str]:
    """The number a text begins with (``7`` or ``#7``), and the rest.

    Raises RefusedError when it begins with none.
    """
    found = NUMBER.match(typed.strip())
    if found is None:
        raise RefusedError(sentence("Which one? Type {}.", usage))
    return int(found.group(1)), typed.strip()[found.end() :]


def context(ctx: IncidentContext, typed: When | None = None) -> Context:
    """What a WHEN is understood against; only for a bare time it matters what this person typed before."""
    said_at, afterwards = ctx.request.said_at, ctx.afterwards
    if typed is None or not isinstance(typed.begin, Point) or typed.begin.day is not None:
        return Context(said_at=said_at, retrospective=afterwards)
    previous = entries.typed_before(ctx.session, ctx.number, ctx.person)
    day = (previous or ctx.incident.opened_at).date()
    return Context(said_at=said_at, retrospective=afterwards, day=day, previous=previous)


def timed(ctx: IncidentContext, typed: str) -> tuple[Moment, str]:
    """When a text says that it was, now where it says nothing, and the rest of it.

    Raises RefusedError where it says nothing, and the incident is over or is written down afterwards.
    """
    parsed = when.parse(typed)
    if parsed.when is None and not ctx.incident.retrospective:
        require_open(ctx, otherwise="; a time before the text writes into it as it is")
    understood = context(ctx, parsed.when)
    require_when(parsed.when, context=understood)
    return resolve(parsed.when, context=understood), parsed.rest


def moment(ctx: IncidentContext, typed: str, *, usage: Speech) -> Moment:
    """The moment of a WHEN that stands alone.

    Raises RefusedError when it is none, or there is more behind it.
    """
    parsed = when.parse(typed)
    if parsed.when is None or parsed.rest:
        raise RefusedError(
            sentence("“{}” is no time I can read: type {}, like 15:40 or 2019-10-07 15:40.", clean(typed)[:60], usage)
        )
    return resolve(parsed.when, context=context(ctx, parsed.when))
