"""Rounds: every bot lives once in each, so that what disturbs the machine disturbs them alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.bots import ALL, EMBEDDED, OURS, Bot
from tests.bench.disk import time_commits
from tests.bench.effort import Effort
from tests.bench.figures import Figure, percentile
from tests.bench.lives import Life, live
from tests.botprocess import free_port

Measure = Callable[[Life], float | None]


@dataclass(frozen=True, kw_only=True)
class Round:
    """A life of each bot by its name, and what commits cost in between."""

    commits: Sequence[float]
    lives: Mapping[str, Life]

    @property
    def commit(self) -> float:
        """Seconds for a commit: the median."""
        return median(self.commits)

    @property
    def slow_commit(self) -> float:
        """The same, the 99th percentile."""
        return percentile(self.commits, 99)


def bots_for(parts: str) -> Sequence[Bot]:
    """The bots that some parts need."""
    return [*ALL, EMBEDDED] if "d" in parts else ALL


def warm_up(address: tuple[str, int], folder: Path, effort: Effort, *, parts: str) -> None:
    """Let every bot live once before anything counts: afterwards its bytecode is there."""
    for bot in bots_for(parts):
        _live(bot, address, folder, effort, parts="")


def hold_round(
    address: tuple[str, int], folder: Path, effort: Effort, *, parts: str, tell: Callable[[str, Life], None]
) -> Round:
    """Let every bot live once; each life is told of when it is over."""
    lives: dict[str, Life] = {}
    commits: list[float] = []
    for bot in bots_for(parts):
        commits += time_commits(folder, effort.commits)
        lives[bot.name] = _live(bot, address, folder, effort, parts=parts)
        tell(bot.name, lives[bot.name])
    return Round(commits=commits, lives=lives)


def _live(bot: Bot, address: tuple[str, int], folder: Path, effort: Effort, *, parts: str) -> Life:
    if bot is EMBEDDED:
        return live(bot, (address[0], free_port()), folder, effort, parts="")
    return live(bot, address, folder, effort, parts=parts)


def figure(rounds: Sequence[Round], name: str, measure: Measure) -> Figure | None:
    """A measure of one bot over all rounds; None where it was not taken."""
    found = [measure(each.lives[name]) for each in rounds if name in each.lives]
    values = [value for value in found if value is not None]
    return Figure.of(values) if values else None


def faults_of(rounds: Sequence[Round]) -> Iterator[tuple[str, str]]:
    """The notes that were lost, doubled or put out of order: the name of the bot, and the fault as a line."""
    for number, each in enumerate(rounds, 1):
        for name, life in each.lives.items():
            if life.shouting is None:
                continue
            for fault in life.shouting.faults:
                yield name, f"round {number}: {fault}"
            if name == OURS and life.shouting.out_of_order:
                yield name, f"round {number}: {life.shouting.out_of_order} out of order"
