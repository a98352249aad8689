"""Compares the record with the lines that were said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

Noted = tuple[int, str]
"""A recorded note: its number, its text."""


def write_speeches(writers: int, notes: int) -> list[list[str]]:
    """The texts of each writer, no two the same."""
    return [
        [f"writer{writer:02} says {note:03}: the replica lags, traffic is moved away from it" for note in range(notes)]
        for writer in range(writers)
    ]


def faults(speeches: Sequence[Sequence[str]], recorded: Sequence[Noted], acknowledged: Sequence[int]) -> list[str]:
    """Everything that is wrong: what is missing or there twice, and what was acknowledged without being there."""
    said = {text for speech in speeches for text in speech}
    times = Counter(text for _, text in recorded if text in said)
    numbers = Counter(number for number, text in recorded if text in said)
    found = {
        "not recorded": len(said - times.keys()),
        "recorded more than once": sum(count - 1 for count in times.values()),
        "not acknowledged": (numbers - Counter(acknowledged)).total(),
        "acknowledged but not recorded": (Counter(acknowledged) - numbers).total(),
    }
    return [f"{count} {what}" for what, count in found.items() if count]


def count_out_of_order(speeches: Sequence[Sequence[str]], recorded: Sequence[Noted]) -> int:
    """The number of notes that stand behind one that the same writer typed later."""
    place = {text: (writer, at) for writer, speech in enumerate(speeches) for at, text in enumerate(speech)}
    last: dict[int, int] = {}
    wrong = 0
    for writer, at in (place[text] for _, text in recorded if text in place):
        wrong += at < last.get(writer, -1)
        last[writer] = max(at, last.get(writer, -1))
    return wrong
