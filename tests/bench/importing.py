"""Measures the wait for the acknowledgement of a note while a long report is imported, and in a quiet run.

``python -m tests.bench.importing [--rounds N] [--entries N]`` measures on an SQLite file, then on PostgreSQL if the
tests have a server. The bot runs on its inner server.
"""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import pytest

from irscribe.config import EMBEDDED_CHANNEL, EMBEDDED_HOST, load
from irscribe.render.json import render
from irscribe.services.application import build_application
from irscribe.services.report.assembly import report_of
from models import Database
from models.migrating import migrate
from tests.bench.bots import OURS, Process
from tests.bench.caller import Caller
from tests.bench.figures import THOUSAND, percentile
from tests.bench.history import Scope, write_history
from tests.botprocess import BOT, free_port
from tests.postgres import scratch_database

SETTINGS = '[core]\nchannels = "{channel}"\n[irscribe]\ndatabase = {database}\n'
FIRST_NUMBER = 1000
QUIET_SECONDS = 5.0
THINKING = 0.02
"""Seconds between an acknowledgement and the next note."""


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Seconds from each note to its answer, and how many were refused."""

    seconds: Sequence[float]
    refused: int

    def __str__(self) -> str:
        figures = median(self.seconds), percentile(self.seconds, 99), max(self.seconds)
        spoken = " / ".join(f"{each * THOUSAND:.1f}" for each in figures)
        return f"{spoken} ms ({len(self.seconds)} notes, {self.refused} refused)"


def measure(folder: Path, *, database: str, entries: int, rounds: int) -> None:
    """Print the figures of each round."""
    written = json.loads(_long_report(folder, entries))
    settings = SETTINGS.format(channel=EMBEDDED_CHANNEL, database=database)
    (folder / "config.ini").write_text(settings, encoding="utf-8")
    with closing(Database(load(folder / "config.ini").database)) as made:
        migrate(made)
    with _talking(folder) as caller:
        for number in range(1, rounds + 1):
            end = perf_counter() + QUIET_SECONDS
            quiet = _type(caller, until=lambda end=end: perf_counter() > end)
            seconds, beside = _import(folder, written, number, caller)
            print(f"round {number}, quiet:             {quiet}")
            print(f"round {number}, beside the import: {beside}, imported in {seconds:.1f} s", flush=True)


def _import(folder: Path, report: dict[str, dict[str, object]], number: int, caller: Caller) -> tuple[float, Waits]:
    report["incident"]["number"] = FIRST_NUMBER + number
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    begun = perf_counter()
    with subprocess.Popen(
        [sys.executable, str(BOT), "import", "report.json"], cwd=folder, stdout=subprocess.PIPE
    ) as run:
        waits = _type(caller, until=lambda: run.poll() is not None)
        if run.returncode:
            raise SystemExit(f"the import ended with {run.returncode}")
    return perf_counter() - begun, waits


def _type(caller: Caller, *, until: Callable[[], bool]) -> Waits:
    """Let a person type one note after another."""
    seconds: list[float] = []
    refused = 0
    for number in count(1):
        if until():
            break
        answered = caller.ask(f"!log the replica lags {number}", until="logged$|not recorded")
        seconds.append(answered.seconds)
        refused += "not recorded" in answered.texts[-1]
        sleep(THINKING)
    return Waits(seconds=seconds, refused=refused)


@contextmanager
def _talking(folder: Path) -> Iterator[Caller]:
    """Start the bot, and give a person in its channel who has opened an incident."""
    port = free_port()
    address = (EMBEDDED_HOST, port)
    arguments = [sys.executable, str(BOT), "run", "--embedded", "--port", str(port)]
    with (
        Process(arguments, folder),
        Caller(address, nick="alice", channel=EMBEDDED_CHANNEL, bot=OURS) as caller,
    ):
        caller.await_bot()
        caller.ask("!ir start the database is slow", until=" has been open since ")
        yield caller


def _long_report(folder: Path, entries: int) -> str:
    """Give a report in JSON with so many entries."""
    source = folder / "source.db"
    write_history(source, Scope(incidents=1, entries=entries, long=entries, channel="#old"))
    with closing(Database(f"sqlite:///{source}")) as database, database.read() as session:
        return render(report_of(session, build_application(load(None)), 1))


def main() -> None:
    """Measure on each kind of database."""
    print("Median / 99th percentile / longest wait for the acknowledgement of a note.")
    parser = ArgumentParser(prog="python -m tests.bench.importing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--entries", type=int, default=20_000)
    chosen = parser.parse_args()
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        print("SQLite")
        measure(Path(folder), database="sqlite:///irscribe.db", entries=chosen.entries, rounds=chosen.rounds)
    try:
        with scratch_database() as url, TemporaryDirectory(dir=Path.cwd()) as folder:
            print("PostgreSQL")
            measure(Path(folder), database=url, entries=chosen.entries, rounds=chosen.rounds)
    except pytest.skip.Exception as missing:
        print(missing)


if __name__ == "__main__":
    main()
