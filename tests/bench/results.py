"""Everything that one run has measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.bots import OURS
from tests.bench.effort import Effort
from tests.bench.growth import Compared
from tests.bench.rounds import Round, faults_of
from tests.bench.targets import Target, judge, judge_held, judge_waits
from tests.bench.waits import Beside
from tests.bench.writer_time import Held


@dataclass(frozen=True, kw_only=True)
class Results:
    """The command that was typed, the machine, the figures."""

    command: str
    facts: Sequence[str]
    effort: Effort
    rounds: Sequence[Round] = field(default=())
    compared: Sequence[Compared] = field(default=())
    beside: Sequence[Beside] = field(default=())
    held: Sequence[Held] = field(default=())

    @property
    def targets(self) -> Sequence[Target]:
        """Every target for which there are measurements."""
        return [*judge(self.rounds, self.compared), *judge_waits(self.beside), *judge_held(self.held)]

    @property
    def faults(self) -> Sequence[str]:
        """The notes that our bot lost, doubled or put out of order, as lines."""
        return [fault for name, fault in faults_of(self.rounds) if name == OURS]

    @property
    def faults_of_others(self) -> Sequence[str]:
        """The same of the bots beside it: their figures are for what they did record."""
        return [f"{name}, {fault}" for name, fault in faults_of(self.rounds) if name != OURS]
