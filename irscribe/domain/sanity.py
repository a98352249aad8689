"""Finds the statements of a report that its own times contradict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from irscribe.domain.contradictions import find_contradictions
from irscribe.domain.duration import Mention, mentions, spell_minutes
from irscribe.domain.outages import Span, minutes_between
from irscribe.domain.pairing import placed
from irscribe.domain.prose import listing, plural
from irscribe.domain.report import Entry, MarkerKind, Outage, State
from irscribe.domain.sentence import Speech, sentence

CHECKS_NAMED = 3

_TOLERANCE = 0.1
"""Any figure may differ from a span by this part of it."""
_TOLERANCE_OF_ABOUT = 0.25
"""A figure behind "about" may differ by this part of the longer of the two: "about an hour" for 45 minutes."""
_MOST_PAIRS = 2500
"""The most pairs of a begin and an end to compare with: among more, nearly every figure fits some pair."""
_LENGTHS_NAMED = 5
"""The most lengths that a sentence names."""
_ROUNDED_TO = (5, 10, 15)
"""People round minutes to multiples of these: "1 hour 40 minutes" for 1 h 45 min."""


def warnings(
    *,
    state: State,
    span: Span,
    outages: Sequence[Outage],
    entries: Iterable[Entry],
    prose: Mapping[str, str | None],
    closed_at: datetime | None,
) -> tuple[str, ...]:
    """Give a sentence for each contradiction; ``prose`` holds the sections to read by their names, in order."""
    entries = tuple(entries)
    known = _known_minutes(span, outages, entries)
    sayings = (_contradicted(name, text or "", span=span, known=known) for name, text in prose.items())
    return (
        *(saying for saying in sayings if saying),
        *(each.sentence for each in find_contradictions(entries, span, closed_at=closed_at)),
        *(_endless(outage) for outage in outages if state is State.CLOSED and outage.ends is None),
    )


def phrase_checks(found: Sequence[str]) -> Speech:
    """Join the first few contradictions: ``Check: end (…) is before start (…); …``; empty if there are none."""
    if not found:
        return ""
    more = len(found) - CHECKS_NAMED
    rest = sentence(" {} more: {ir} export shows all of them.", more) if more > 0 else ""
    return sentence("Check: {}.{}", "; ".join(found[:CHECKS_NAMED]), rest)


def _known_minutes(span: Span, outages: Iterable[Outage], entries: Iterable[Entry]) -> list[int]:
    """The minutes of the span, then of outages and of each begin to each later end, shortest first, or none of many."""
    whole = minutes_between(span.start, span.end)
    marks = placed(entries)
    begun = [each.earliest for each in marks if each.kind is MarkerKind.BEGINS]
    ended = [each.earliest for each in marks if each.kind is MarkerKind.ENDS]
    if len(begun) * len(ended) > _MOST_PAIRS:
        return []
    pairs = {minutes_between(begins, ends) for begins in begun for ends in ended}
    others = {minutes for minutes in pairs | {outage.minutes for outage in outages} if minutes is not None}
    return ([] if whole is None else [whole]) + sorted(others - {whole})


def _contradicted(name: str, text: str, *, span: Span, known: list[int]) -> str | None:
    for mention in mentions(text) if known else ():
        if not any(_agrees(mention, minutes) for minutes in known):
            return f"{name} says “{mention.words}”; {_facts(span, known)}"
    return None


def _agrees(said: Mention, minutes: int) -> bool:
    off = abs(said.minutes - minutes)
    if said.about and off <= _TOLERANCE_OF_ABOUT * max(said.minutes, minutes):
        return True
    return off <= max(1, _TOLERANCE * minutes) or any(_is_rounded(said.minutes, minutes, unit) for unit in _ROUNDED_TO)


def _is_rounded(said: float, minutes: int, unit: int) -> bool:
    """True if a figure is the span rounded to a unit; nobody rounds a span shorter than two units."""
    return said % unit == 0 and 2 * unit <= minutes and 2 * abs(said - minutes) <= unit


def _facts(span: Span, known: list[int]) -> str:
    if minutes_between(span.start, span.end) is not None:
        return f"start and end are {spell_minutes(known[0])} apart"
    more = len(known) - _LENGTHS_NAMED
    lengths = [spell_minutes(minutes) for minutes in known[:_LENGTHS_NAMED]]
    return f"the markers are {listing([*lengths, plural(more, 'other length')] if more > 0 else lengths)} apart"


def _endless(outage: Outage) -> str:
    scope = f" “{outage.scope}”" if outage.scope else ""
    return f"the outage{scope} that began at {_spelled(outage.begins)} has no end"


def _spelled(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
