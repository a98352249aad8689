"""Phrases that many sentences share: lists, plurals, ranges of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from irscribe.domain.mark import marked

_SHORTEST_RANGE = 4
_VOWELS = frozenset("aeiou")


def listing(parts: Sequence[str], *, last: str = "and") -> str:
    """Join words into a list: ``a``, ``a and b``, ``a, b and c``; ``last`` is the word before the last one."""
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capital(text: str) -> str:
    """Begin a sentence with a text: its first letter becomes a capital."""
    return text[:1].upper() + text[1:]


def plural(count: int, noun: str) -> str:
    """The number with its noun: ``1 line``, ``3 lines``, ``2 entries``."""
    return f"{count} {noun if count == 1 else _several(noun)}"


def spans(numbers: Iterable[int]) -> str:
    """List numbers, with long runs as ranges: ``#2, #3 and #5–#9``."""
    parts: list[str] = []
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        spelled = [f"#{number}" for _, number in run]
        parts += spelled if len(spelled) < _SHORTEST_RANGE else [f"{spelled[0]}–{spelled[-1]}"]
    return listing(parts)


def without_ping(nick: str) -> str:
    """Spell a nick so that it looks the same, and no client highlights it."""
    return marked(nick)


def _several(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")
