"""Merges two changes of one text as a wiki does: like diff3, and not at all where they touch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Hunk:
    """Lines of the old text, from ``begin`` to before ``end``, and what stands in their place."""

    begin: int
    end: int
    lines: tuple[str, ...]


def merge(base: str, ours: str, theirs: str) -> str | None:
    """The text with both changes; None where they touch each other and are not the same."""
    lines = base.split("\n")
    mine, others = list(_hunks(lines, ours.split("\n"))), list(_hunks(lines, theirs.split("\n")))
    others = [each for each in others if each not in mine]
    if any(_touch(one, other) for one in mine for other in others):
        return None
    for each in sorted((*mine, *others), key=lambda hunk: hunk.begin, reverse=True):
        lines[each.begin : each.end] = each.lines
    return "\n".join(lines)


def _hunks(base: Sequence[str], other: Sequence[str]) -> Iterator[Hunk]:
    for kind, begin, end, first, last in SequenceMatcher(a=base, b=other, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Hunk(begin, end, tuple(other[first:last]))


def _touch(one: Hunk, other: Hunk) -> bool:
    return one.begin <= other.end and other.begin <= one.end
