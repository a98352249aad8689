"""The budget of what the bot says in a channel without being asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
APART = timedelta(minutes=15)
"""The shortest time between two unasked lines in a channel."""


@dataclass(frozen=True)
class Budget:
    """The most unasked lines in a channel within 60 minutes; they are 15 minutes apart at least."""

    lines: int

    def allows(self, said: Iterable[datetime], now: datetime) -> bool:
        """True if one more line may be said now; ``said`` are the times of those before.

        A time ahead of ``now`` comes from a clock that was set back since, and counts by its distance, too.
        """
        distances = [abs(now - each) for each in said]
        return all(each >= APART for each in distances) and sum(each <= HOUR for each in distances) < self.lines
