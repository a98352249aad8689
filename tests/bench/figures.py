"""Figures: the median of what was measured, with the lowest and the highest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Self

THOUSAND = 1000.0
MEBI = 2.0**20


@dataclass(frozen=True)
class Figure:
    """A summary of several measurements."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, measured: Iterable[float]) -> Self:
        """Raises ValueError where nothing was measured."""
        values = list(measured)
        return cls(median(values), min(values), max(values))

    def show(self, form: str, *, unit: float = 1.0) -> str:
        """As text: ``0.62 (0.60–0.71)``, each multiplied by ``unit``."""
        middle, low, high = (format(each * unit, form) for each in (self.median, self.lowest, self.highest))
        return middle if low == high else f"{middle} ({low}–{high})"


def percentile(measured: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed."""
    ordered = sorted(measured)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]
