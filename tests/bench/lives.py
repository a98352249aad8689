"""One life of one bot: started, asked one line at a time, then by many people at once, weighed and ended."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.bots import Bot
from tests.bench.burst import Burst, burst
from tests.bench.caller import Caller
from tests.bench.effort import Effort
from tests.bench.figures import percentile
from tests.bench.record import count_out_of_order, faults, write_speeches

WORDS = "the replica lags, traffic is moved away from it"
NOBODY_BEFORE = count(1)
"""Numbers that make each nick new to the server."""


@dataclass(frozen=True, kw_only=True)
class Shouting:
    """The result of a burst."""

    per_second: float
    resident_bytes: int
    out_of_order: int
    faults: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Life:
    """The measurements of one life; None where nothing was measured."""

    start_seconds: float
    latencies: tuple[float, ...] | None
    shouting: Shouting | None

    @property
    def middle(self) -> float | None:
        """Seconds from a line to its acknowledgement: the median."""
        return None if self.latencies is None else median(self.latencies)

    @property
    def slow(self) -> float | None:
        """The same, the 99th percentile."""
        return None if self.latencies is None else percentile(self.latencies, 99)


class Stage:
    """A bot that has just answered its first line, and the people around it; all of them leave the room in the end."""

    def __init__(self, room: ExitStack, bot: Bot, address: tuple[str, int], folder: Path) -> None:
        self._room, self._bot, self._address = room, bot, address
        self._home = Path(room.enter_context(TemporaryDirectory(dir=folder, prefix="bot-")))
        begun = perf_counter()
        self._process = room.enter_context(bot.start(self._home, address))
        self._caller = self._join("caller")
        self._caller.await_bot()
        self._caller.ask(bot.first)
        self.start_seconds = perf_counter() - begun

    def ask(self, effort: Effort) -> tuple[float, ...]:
        """Seconds to each acknowledgement, one line at a time, after a warm-up."""
        lines = (f"{self._bot.says} question {number}: {WORDS}" for number in range(effort.warm_up + effort.asked))
        return tuple(self._caller.ask(line).seconds for line in lines)[effort.warm_up :]

    def shout(self, effort: Effort) -> Shouting:
        """Everybody types at once."""
        speeches = write_speeches(effort.writers, effort.notes)
        writers = [self._join("writer") for _ in speeches]
        listener = self._join("ear")
        listener.ask(f"{self._bot.says} all of us are here")
        lines = [[f"{self._bot.says} {text}" for text in speech] for speech in speeches]
        heard = burst(writers, listener, lines, bot=self._bot.nick)
        return self._judge(heard, speeches, resident=self._process.resident_bytes)

    def _join(self, name: str) -> Caller:
        nick = f"{name}{next(NOBODY_BEFORE)}"
        return self._room.enter_context(Caller(self._address, nick=nick, channel=self._bot.channel, bot=self._bot.nick))

    def _judge(self, heard: Burst, speeches: list[list[str]], *, resident: int) -> Shouting:
        said = sum(map(len, speeches))
        if self._bot.records:
            recorded = self._bot.recorded(self._home)
            found = faults(speeches, recorded, heard.acknowledged)
            disorder = count_out_of_order(speeches, recorded)
        else:
            missing = said - len(heard.acknowledged)
            found, disorder = [f"{missing} not answered"] if missing else [], 0
        return Shouting(
            per_second=heard.per_second, resident_bytes=resident, out_of_order=disorder, faults=tuple(found)
        )


def live(bot: Bot, address: tuple[str, int], folder: Path, effort: Effort, *, parts: str) -> Life:
    """Let a bot live, and measure of it the parts that are named by their letters."""
    with ExitStack() as room:
        stage = Stage(room, bot, address, folder)
        return Life(
            start_seconds=stage.start_seconds,
            latencies=stage.ask(effort) if "a" in parts else None,
            shouting=stage.shout(effort) if set("bc") & set(parts) else None,
        )
