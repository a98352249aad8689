"""Counts by quarter, and shares of a count, as figures show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from irscribe.pages.overviews import Overview

_HUNDRED = 100


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part of ``n`` cases."""

    part: int
    n: int

    @property
    def text(self) -> str:
        """The share in per cent with its n: ``75 % (n = 8)``; a dash if there is no case."""
        return f"{percent(self.part, self.n)} % (n = {self.n})" if self.n else "—"


def percent(part: int, n: int) -> int:
    """Give a part of ``n`` cases, of which there is at least one, in whole per cent."""
    return round(_HUNDRED * part / n)


def quarter(overview: Overview) -> str:
    """Give the quarter in which an incident began: ``2019 Q4``."""
    return f"{overview.begun_at.year} Q{(overview.begun_at.month + 2) // 3}"


def by_quarter(overviews: Iterable[Overview]) -> Mapping[str, list[Overview]]:
    """Group incidents by the quarter in which they began, newest first."""
    grouped: dict[str, list[Overview]] = {}
    for each in overviews:
        grouped.setdefault(quarter(each), []).append(each)
    return {name: grouped[name] for name in sorted(grouped, reverse=True)}
