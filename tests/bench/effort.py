"""Sizes and counts of the benchmarks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Effort:
    """Sizes and counts of the measurements: beside other bots, on the old database, under load, and in the writer.

    ``rounds`` and what is done in each; the size of the old database and how often it is asked; ``beside_rounds``, the
    seconds of a load, the entries of an import; the sizes of incidents, and how often a command is repeated.
    """

    rounds: int = 7
    warm_up: int = 50
    asked: int = 300
    writers: int = 10
    notes: int = 200
    commits: int = 50
    incidents: int = 10_000
    entries: int = 1_000_000
    long: int = 10_000
    repetitions: int = 100
    seconds: float = 5.0
    at_least: int = 5
    beside_rounds: int = 5
    beside_seconds: float = 1.2
    imported: int = 20_000
    sizes: tuple[int, ...] = (100, 1_000, 10_000)
    repeated: int = 25


FULL = Effort()
QUICK = Effort(
    rounds=1,
    warm_up=10,
    asked=50,
    notes=20,
    commits=20,
    incidents=100,
    entries=10_000,
    long=1_000,
    repetitions=5,
    seconds=1.0,
    at_least=3,
    beside_rounds=1,
    beside_seconds=0.5,
    imported=500,
    sizes=(50, 100, 500),
    repeated=3,
)
