"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Effort:
    """Rounds, and what is done in each; then the size of the old database and how often it is asked."""

    rounds: int = 5
    warm_up: int = 50
    asked: int = 300
    writers: int = 10
    notes: int = 200
    commits: int = 50


FULL = Effort()
QUICK = Effort(rounds=1, warm_up=10, asked=50, notes=20, commits=20)
