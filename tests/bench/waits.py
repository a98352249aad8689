"""Seconds that a person waits for the acknowledgement of each note."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median
from time import perf_counter, sleep

from tests.bench.caller import Caller
from tests.bench.figures import THOUSAND, percentile

QUIET = "nothing"
AT_LIMIT = "one person at the limit: "
"""The beginning of the name of a load; a verb follows."""
HELPING = "five people ask for `help all`"
CLOSING = "10,000 entries are closed and exported"
IMPORTING = "20,000 entries are imported"
"""The names of the loads that others make meanwhile."""
ANSWERED = r"logged( in \d+)?$|was not recorded"
"""Matches the answer to a note: its acknowledgement, or a refusal."""


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Seconds from each note to its answer, and how many were refused."""

    seconds: Sequence[float]
    refused: int = 0

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.seconds)

    @property
    def slow(self) -> float:
        """The 99th percentile."""
        return percentile(self.seconds, 99)

    @property
    def longest(self) -> float:
        """The longest one."""
        return max(self.seconds)

    def __str__(self) -> str:
        spoken = " / ".join(f"{each * THOUSAND:.1f}" for each in (self.middle, self.slow, self.longest))
        return f"{spoken} ms ({len(self.seconds)} notes, {self.refused} refused)"


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The waits of one round, beside what others do by its name; one name is ``QUIET``."""

    waits: Mapping[str, Waits]


def type_notes(caller: Caller, *, until: Callable[[], bool], says: str = "!log", thinking: float) -> Waits:
    """Let a person type one note after another, ``thinking`` seconds after each answer; at least one."""
    seconds: list[float] = []
    refused = 0
    for number in count(1):
        answered = caller.ask(f"{says} the replica lags {number}", until=ANSWERED)
        seconds.append(answered.seconds)
        refused += "was not recorded" in answered.texts[-1]
        if until():
            break
        sleep(thinking)
    return Waits(seconds=seconds, refused=refused)


def for_seconds(seconds: float) -> Callable[[], bool]:
    """A condition that is true once so many seconds are over."""
    end = perf_counter() + seconds
    return lambda: perf_counter() >= end
