"""Tells a mistyped name of a command from another bot's command."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from irscribe.domain.nearest import distance, mistakes_within

OTHERS = ("incidents", "ack", "resolve", "bash", "help", "ops")
"""Commands of other bots; a word that is as near to one of them as to a name of ours is theirs."""
SHORT = 5
"""A name of this many letters or more may have one mistake of any kind: no other word is so near."""
LONG = 8
"""A name of this many letters or more may have two mistakes, if its first letter is right."""
SHORTEST = 3
MOST_MISTAKES = 2


def nearly(word: str, names: Iterable[str]) -> str | None:
    """Give the name that a word misses by a slip; None for a name itself, another bot's command, and any other word.

    All are in lower case. Of a short name (``log``, ``note``) only two slips count, as they make no other word: two
    neighbours swapped (``lgo``), a letter typed again (``logg``). Any other change makes words: ``bog``, ``blog``.
    """
    known = list(names)
    if word in known or word in OTHERS:
        return None
    slipped = [(distance(word, name), name) for name in known if _is_slip(word, name)]
    if not slipped:
        return None
    mistakes, name = min(slipped)
    return None if any(mistakes_within(mistakes, word, other) is not None for other in OTHERS) else name


def _is_slip(word: str, name: str) -> bool:
    if len(name) < SHORTEST or word == f"{name}s":
        return False
    if _typed_once(word) == _typed_once(name) and len(word) > len(name):
        return True
    mistakes = mistakes_within(MOST_MISTAKES, word, name)
    if mistakes is None:
        return False
    if len(name) < SHORT:
        return mistakes == 1 and sorted(word) == sorted(name)
    return mistakes == 1 or (mistakes == MOST_MISTAKES and len(name) >= LONG and word[0] == name[0])


def _typed_once(word: str) -> str:
    """Give a word with each run of a letter as one letter."""
    return "".join(letter for letter, _ in groupby(word))
