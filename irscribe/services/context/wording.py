"""Parses and checks the typed text of a command, in the same way for all commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from irscribe.domain import when
from irscribe.domain.errors import RefusedError
from irscribe.domain.marker import behind
from irscribe.domain.moment import Moment
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.spelling import label
from irscribe.domain.text import clean
from irscribe.domain.time_resolution import Context, require_when, resolve
from irscribe.domain.timelike import Meant, Today, spell_time, suggest
from irscribe.domain.when import Point, When
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.finality import require_open
from models import entries

DASHES = ("-", "–", "—")
_EACH = re.compile(r"all|everything|#?\d{1,9}(?:(?:\s*(?:,|and|[-–])\s*|\s+)#?\d{1,9})*", re.IGNORECASE)
NUMBER = re.compile(r"#?(\d{1,9})(?:\s+|$)")


class Manner(StrEnum):
    """The effect of a text on the present value."""

    SHOW = ""
    SET = "set"
    CONTINUE = "+"
    PARAGRAPH = "+|"
    SUB_ITEM = ">"
    EMPTY = "-"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A cleaned text and its effect."""

    manner: Manner
    text: str


def prose(typed: str, *, usage: Speech) -> str:
    """Clean a text that must not be empty.

    Raises RefusedError if it is empty.
    """
    text = clean(typed)
    if not text or text in DASHES:
        raise RefusedError(sentence("There is no text there: type {}.", usage))
    return text


def begun_with_a_word(typed: str, *, usage: Speech) -> str:
    """Clean a text that must not be empty, and may have options or a WHEN before it.

    Raises RefusedError if it is empty, or begins like an option or a WHEN but is none.
    """
    text = prose(typed, usage=usage)
    if text.startswith(DASHES):
        word = text.split()[0]
        raise RefusedError(sentence("I do not know {}: begin the text with a word, not with a dash ({}).", word, usage))
    return text


def wording(typed: str, *, usage: Speech) -> Wording:
    """Parse a text with the sign in front of it: continue, begin a paragraph, or empty.

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
    """Split the number at the beginning (``7`` or ``#7``) off a text.

    Raises RefusedError if there is none.
    """
    found = NUMBER.match(typed.strip())
    if found is None:
        raise RefusedError(sentence("Which one? Type {}.", usage))
    return int(found.group(1)), typed.strip()[found.end() :]


def refuse_incomplete(typed: str, *, ways: Mapping[str, Speech]) -> None:
    """Refuse a change of an item that names no item or several; ``ways`` are the words of such changes.

    Raises RefusedError with the way to type it.
    """
    word, _, rest = typed.strip().partition(" ")
    way = ways.get(word.lower())
    if way is not None and (not rest or _EACH.fullmatch(rest.strip())):
        raise RefusedError(sentence("Which one? Type {}, one at a time.", way))


def context(ctx: IncidentContext, typed: When | None = None) -> Context:
    """Make the context in which a WHEN is resolved; only a bare time needs this person's previous entry."""
    said_at, afterwards = ctx.request.said_at, ctx.afterwards
    if typed is None or not isinstance(typed.begin, Point) or typed.begin.day is not None:
        return Context(said_at=said_at, retrospective=afterwards)
    previous = entries.typed_before(ctx.session, ctx.number, ctx.person)
    day = (previous or ctx.incident.opened_at).date()
    return Context(said_at=said_at, retrospective=afterwards, day=day, previous=previous)


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A text with its moment; ``meant`` is another WHEN that the person may have meant."""

    moment: Moment
    text: str
    when: When | None
    meant: Meant | None

    def hint(self, number: int) -> Speech:
        """The hint behind the acknowledgement of an entry if another time may have been meant."""
        if self.meant is None:
            return ""
        read = label(self.moment, day_shown=False) if self.when else "now"
        return sentence(" (time: {}; {ir} move {} {})", read, number, self.meant.when)


def timed(ctx: IncidentContext, typed: str) -> Timed:
    """Split the WHEN off a text and resolve it.

    Raises RefusedError for an impossible time, and if a retrospective incident needs one.
    """
    parsed, meant = when.parse(typed), meant_in(ctx, typed)
    if parsed.when is None and not ctx.incident.retrospective:
        require_open(ctx, otherwise="; a time before the text writes into it as it is")
    understood = context(ctx, parsed.when)
    require_when(parsed.when, context=understood, meant=meant)
    return Timed(moment=resolve(parsed.when, context=understood), text=parsed.rest, when=parsed.when, meant=meant)


def said_now(ctx: IncidentContext, text: str) -> Timed:
    """Give a text the moment at which it was said; a time that it begins with is text, and is what may be meant."""
    return Timed(moment=resolve(None, context=context(ctx)), text=text, when=None, meant=spell_time(text, _today(ctx)))


def meant_in(ctx: IncidentContext, typed: str) -> Meant | None:
    """Suggest the WHEN that the beginning of a text may mean; ``when.parse`` must accept the text."""
    return suggest(typed, _today(ctx))


def meant_behind_marker(ctx: IncidentContext, text: str) -> Meant | None:
    """Suggest the WHEN that stands behind the marker of a text: ``OUTAGE BEGINS 08:45``."""
    typed = behind(text)
    return spell_time(typed, _today(ctx)) if typed else None


def _today(ctx: IncidentContext) -> Today:
    near = ctx.incident.opened_at if ctx.afterwards else ctx.request.said_at
    return Today(said_at=ctx.request.said_at, near=near.date())


def moment(ctx: IncidentContext, typed: str, *, usage: Speech) -> Moment:
    """Resolve a WHEN that is the whole text.

    Raises RefusedError if it is none, or text follows it.
    """
    parsed = when.parse(typed)
    if parsed.when is None or parsed.rest:
        raise RefusedError(
            sentence("“{}” is no time I can read: type {}, like 15:40 or 2019-10-07 15:40.", clean(typed)[:60], usage)
        )
    return resolve(parsed.when, context=context(ctx, parsed.when))
