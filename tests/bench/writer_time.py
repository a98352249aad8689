"""The time that one command holds the writer, in incidents of several sizes.

No IRC takes part: a command is carried out and committed by the real adapter on a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from irscribe.config import load
from irscribe.engine.indexing import Indexing
from tests.bench.effort import Effort
from tests.talk import Talk

ENTRIES_PER_TICK = 500
"""Fewer than are indexed in one tick."""
BULLETS_PER_ENTRY = 4


@dataclass(frozen=True)
class Measured:
    """A command, and one that takes it back so that it can be typed again; empty if that is not needed."""

    line: str
    back: str = ""


COMMANDS = (
    Measured("!ir close", "!ir reopen"),
    Measured("!ir missing"),
    Measured("!ir timeline"),
    Measured("!ir find lags behind others"),
    Measured("!ir well the rollback took a minute", "!ir undo"),
    Measured("!ir well > nobody was paged twice", "!ir undo"),
    Measured("!ir well + and no more", "!ir undo"),
    Measured("!ir fix 7 the replica lags no more", "!ir undo"),
    Measured("!ir status monitoring", "!ir status investigating"),
    Measured("!ir status"),
    Measured("!log the replica lags behind the others"),
)


@dataclass(frozen=True, kw_only=True)
class Held:
    """Seconds for which one command holds the writer: the median, by the entries of the incident, fewest first."""

    line: str
    seconds: Mapping[int, float]

    @property
    def ratio(self) -> float:
        """The time in the largest incident, divided by that in the smallest one."""
        first, *_, last = self.seconds.values()
        return last / first


def hold_writer(folder: Path, effort: Effort) -> Iterator[Held]:
    """Every command in turn; the incidents are made first."""
    with ExitStack() as room:
        talks = {size: _made(folder / f"writer-{size}", size) for size in effort.sizes}
        for each in talks.values():
            room.enter_context(closing(each.database))
        for each in COMMANDS:
            yield _measure(each, talks, effort.repeated)


def _made(folder: Path, size: int) -> Talk:
    """An open incident of so many entries, with a quarter as many bullets, and all words indexed."""
    folder.mkdir()
    config = load(None)
    talk = Talk(folder, config=replace(config, reports=folder / "reports", limit=None))
    talk.say("alice", "!ir start API returns 500")
    with talk.database.write() as session:
        say = partial(talk.adapter.handle, session, now=talk.now)
        for number in range(size):
            say(talk.request("alice", f"!log the replica of database {number} lags behind the others"))
        for number in range(size // BULLETS_PER_ENTRY):
            say(talk.request("alice", f"!ir well bullet {number} was good"))
    index = Indexing(talk.database)
    for _ in range(size // ENTRIES_PER_TICK + 1):
        index.note()
        index.catch_up()
    return talk


def _measure(measured: Measured, talks: Mapping[int, Talk], repeated: int) -> Held:
    times: dict[int, list[float]] = {size: [] for size in talks}
    for _ in range(repeated):
        for size, talk in talks.items():
            times[size].append(_in_writer(talk, measured.line))
            if measured.back:
                _in_writer(talk, measured.back)
    return Held(line=measured.line, seconds={size: median(column) for size, column in times.items()})


def _in_writer(talk: Talk, line: str) -> float:
    """Seconds from the begin of the transaction to the end of its commit."""
    talk.later(seconds=1)
    request = talk.request("alice", line)
    begun = perf_counter()
    with talk.database.write() as session:
        talk.adapter.handle(session, request, talk.now)
    return perf_counter() - begun
