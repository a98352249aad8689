"""Finds the known word that a misspelled one was meant to be, for ``did you mean …``."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

_SHORTEST_WITH_A_TYPO = 3
_SHORTEST_WITH_TWO = 6
_SHORTEST_BEGINNING = 4


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word at one mistake from a word (two in a long word), or the only one that begins with it."""
    typed, candidates = word.casefold(), list(known)
    mistakes = [(each, mistakes_within(_allowed(typed), typed, each.casefold())) for each in candidates]
    close = [(count, each) for each, count in mistakes if count is not None]
    if close:
        return min(close, key=itemgetter(0))[1]
    begun = [each for each in candidates if each.casefold().startswith(typed)]
    return begun[0] if len(begun) == 1 and len(typed) >= _SHORTEST_BEGINNING else None


def mistakes_within(most: int, one: str, other: str) -> int | None:
    """Count the mistakes between words; None if they are more than ``most``.

    Words whose lengths differ by more are not compared letter by letter: a line of one long word costs no time.
    """
    if abs(len(one) - len(other)) > most:
        return None
    count = distance(one, other)
    return count if count <= most else None


def distance(one: str, other: str) -> int:
    """Count insertions, deletions, replacements and swaps of neighbours between words (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for index in range(1, len(one) + 1):
        rows.append(_next_row(one[:index], other, rows))
    return rows[-1][-1]


def _next_row(beginning: str, other: str, rows: list[list[int]]) -> list[int]:
    above, row = rows[-1], [len(beginning)]
    for column, letter in enumerate(other, start=1):
        replaced = above[column - 1] + (letter != beginning[-1])
        row.append(min(above[column] + 1, row[-1] + 1, replaced))
        if column > 1 and beginning[-2:] == letter + other[column - 2]:
            row[-1] = min(row[-1], rows[-2][column - 2] + 1)
    return row


def _allowed(word: str) -> int:
    return (len(word) >= _SHORTEST_WITH_A_TYPO) + (len(word) >= _SHORTEST_WITH_TWO)
