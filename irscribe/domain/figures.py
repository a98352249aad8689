"""Figures of the impact as people type them: ``1200``, ``3.4M``, ``~12k``, ``2.5%``."""

from __future__ import annotations

import re
from decimal import Decimal

LARGEST = 10**15
"""Larger figures are refused: not every program reads them without loss."""

_FIGURE = re.compile(
    r"""
    [~≈<>]?\s*
    (?P<number> \d{1,3}(?:(?P<mark>[, '])\d{3}(?:(?P=mark)\d{3})*)? (?:\.\d{1,6})? | \d{1,16}(?:\.\d{1,6})? )
    \s* (?P<unit> [kKMGBT] | bn | thousand | million | billion )?
    \s* %?
    """,
    re.VERBOSE | re.ASCII,
)
_POWERS = {"k": 3, "K": 3, "M": 6, "G": 9, "B": 9, "T": 12, "bn": 9, "thousand": 3, "million": 6, "billion": 9}
"""The power of ten that each unit stands for; a small ``m`` is none, as it may as well mean minutes."""


def value_of(text: str) -> float | None:
    """Give the number that a figure means, whole where it is one; None for a text that is no figure."""
    found = _FIGURE.fullmatch(text.strip())
    if found is None:
        return None
    number = Decimal(re.sub(r"[, ']", "", found["number"])).scaleb(_POWERS.get(found["unit"], 0))
    if number > LARGEST:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def split(typed: str) -> tuple[str, str] | None:
    """Split a name and a figure that were typed, in either order; None if one of them is missing."""
    words = typed.split()
    for place in range(1, len(words)):
        name, figure = " ".join(words[:place]).rstrip(":="), " ".join(words[place:])
        if name and value_of(name) is None and value_of(figure) is not None:
            return name, figure
    for place in range(len(words) - 1, 0, -1):
        figure, name = " ".join(words[:place]), " ".join(words[place:])
        if value_of(figure) is not None and value_of(name) is None:
            return name, figure
    return None
