"""``python -m tests.bench.soak [MINUTES]``: many incidents one after another; does the bot end as it began?

It ends with 1 where memory, open files, threads or the wait for an acknowledgement grew, or a line was not answered.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from tests.bench.bots import IRSCRIBE, Process
from tests.bench.caller import Caller, SilentError
from tests.bench.figures import MEBI, THOUSAND, percentile
from tests.ircservers import start_ngircd

MINUTES = 3.0
PARTS = 10
"""Equal parts of the time; the first one warms up, and the others are held against it."""
FILLING = 60
"""Least seconds at full speed in the first part: until then the caches of the database's connections fill."""
PAUSE = 0.03
"""Seconds between an answer and the next line, but for the first part: that fills the caches of the database."""
SETTLE = 1.0
"""Seconds before the process is looked at, in which files are written and threads end."""
MORE_MEMORY, MORE_BYTES = 1.05, 4 * MEBI
SLOWER, SLOWER_BY = 1.5, 0.005
BEGINNING = 3
"""Parts at the beginning of which the largest figure counts, but for memory: the machine may be busy by itself."""
SPARE_FILES = 2
"""Connections to the database that may be open at one moment and not at another."""
PATIENT = "[Limits]\nPingTimeout = 3600\nPongTimeout = 60\n"


@dataclass(frozen=True)
class Line:
    """A line to type, and a pattern of the bot's answer to it."""

    text: str
    answer: str


NOTE = Line("!log the replica lags, traffic is moved away from it", "logged$")
INCIDENT: Sequence[Line] = (
    Line("!ir start API returns 500", "has been open since"),
    *[NOTE] * 12,
    Line("!ir status monitoring", "status is monitoring"),
    Line("!ir impact 3 % of requests failed", "Impact set"),
    *[NOTE] * 12,
    Line("!ir fix 3 s/lags/lagged/", "fixed$"),
    Line("!ir find replica lags", "hits"),
    Line("!ir missing", "missing"),
    Line("!ir strike 5 typed twice", "struck$"),
    Line("!ir undo", "Taken back"),
    Line("!log 3pm is no time", "logged"),
    Line("!ir there is no such command", "no !ir there"),
    *[NOTE] * 12,
    Line("!ir export json", "json"),
    Line("!ir close", "is closed"),
)
"""The lines of one incident."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the time: seconds to each acknowledgement of a note, and the process at its end."""

    waits: Sequence[float]
    resident_bytes: int
    files: int
    threads: int

    def show(self) -> str:
        """As a line of the table."""
        slow = percentile(self.waits, 99) * THOUSAND
        memory = self.resident_bytes / MEBI
        return (
            f"{len(self.waits):7,} {self.wait * THOUSAND:10.2f} {slow:8.2f} {memory:10.1f} "
            f"{self.files:6} {self.threads:8}"
        )

    @property
    def wait(self) -> float:
        """The median."""
        return percentile(self.waits, 50)


def main(arguments: Sequence[str]) -> int:
    """Let a bot work for some minutes, and print how it does."""
    parser = ArgumentParser(prog="python -m tests.bench.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("minutes", nargs="?", type=float, default=MINUTES)
    minutes = parser.parse_args(arguments).minutes
    print("  notes  median, ms  99th, ms  memory, MiB  files  threads")
    parts = []
    try:
        for part in _work(minutes * 60 / PARTS):
            parts.append(part)
            print(part.show(), flush=True)
    except SilentError as error:
        print(f"The bot did not answer: {error}.")
        return 1
    grown = [*judge(parts)]
    print("\n".join(grown) or "Nothing grew.")
    return bool(grown)


def judge(parts: Sequence[Part]) -> Iterator[str]:
    """Say what the last part has more of than the first ones."""
    first, last, begun = parts[0], parts[-1], parts[:BEGINNING]
    files, threads, wait = (max(map(attrgetter(name), begun)) for name in ("files", "threads", "wait"))
    if last.resident_bytes > max(first.resident_bytes * MORE_MEMORY, first.resident_bytes + MORE_BYTES):
        yield f"Memory grew from {first.resident_bytes / MEBI:.1f} to {last.resident_bytes / MEBI:.1f} MiB."
    if last.files > files + SPARE_FILES:
        yield f"Open files grew from {files} to {last.files}."
    if last.threads > threads:
        yield f"Threads grew from {threads} to {last.threads}."
    if last.wait > max(wait * SLOWER, wait + SLOWER_BY):
        yield f"Acknowledgements took {last.wait * THOUSAND:.2f} ms instead of {wait * THOUSAND:.2f}."


def _work(seconds: float) -> Iterator[Part]:
    with ExitStack() as room:
        folder = Path(room.enter_context(TemporaryDirectory()))
        server = room.enter_context(start_ngircd(folder, link=PATIENT))
        bot = room.enter_context(IRSCRIBE.start(folder, server.address))
        person = room.enter_context(Caller(server.address, nick="alice", channel=IRSCRIBE.channel, bot=IRSCRIBE.nick))
        person.await_bot()
        lines = cycle(INCIDENT)
        yield _part(bot, person, lines, max(seconds, FILLING), pause=0)
        for _ in range(PARTS - 1):
            yield _part(bot, person, lines, seconds, pause=PAUSE)


def _part(bot: Process, person: Caller, lines: Iterator[Line], seconds: float, *, pause: float) -> Part:
    waits = []
    end = monotonic() + seconds
    while monotonic() < end:
        line = next(lines)
        answered = person.ask(line.text, until=line.answer)
        if line == NOTE:
            waits.append(answered.seconds)
        sleep(pause)
    sleep(SETTLE)
    return Part(waits=waits, resident_bytes=bot.resident_bytes, files=bot.open_files, threads=bot.threads)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
