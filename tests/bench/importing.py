"""Measures the wait for the acknowledgement of a note while a long report is imported, and in a quiet run.

``python -m tests.bench.importing [--rounds N] [--entries N]`` measures on an SQLite file, then on PostgreSQL if the
tests have a server. The bot runs on its inner server. On SQLite ``make bench`` measures the same.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pytest

from irscribe.config import EMBEDDED_CHANNEL, EMBEDDED_HOST, load
from models import Database
from models.migrating import migrate
from tests.bench.bots import OURS, ROOT, Process
from tests.bench.caller import Caller
from tests.bench.imported import importing, long_report
from tests.bench.waits import for_seconds, type_notes
from tests.botprocess import BOT, free_port
from tests.postgres import scratch_database

SETTINGS = '[core]\nchannels = "{channel}"\n[irscribe]\ndatabase = {database}\n'
QUIET_SECONDS = 5.0
THINKING = 0.02
"""Seconds between an acknowledgement and the next note."""


def measure(folder: Path, *, database: str, entries: int, rounds: int) -> None:
    """Print the figures of each round."""
    written = long_report(folder, entries)
    settings = SETTINGS.format(channel=EMBEDDED_CHANNEL, database=database)
    (folder / "config.ini").write_text(settings, encoding="utf-8")
    with closing(Database(load(folder / "config.ini").database)) as made:
        migrate(made)
    with _talking(folder) as caller:
        for number in range(1, rounds + 1):
            quiet = type_notes(caller, until=for_seconds(QUIET_SECONDS), thinking=THINKING)
            begun = perf_counter()
            with importing(folder, written, number) as run:
                beside = type_notes(caller, until=lambda run=run: run.poll() is not None, thinking=THINKING)
            seconds = perf_counter() - begun
            print(f"round {number}, quiet:             {quiet}")
            print(f"round {number}, beside the import: {beside}, imported in {seconds:.1f} s", flush=True)


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


def main() -> None:
    """Measure on each kind of database."""
    print("Median / 99th percentile / longest wait for the acknowledgement of a note.")
    parser = ArgumentParser(prog="python -m tests.bench.importing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--entries", type=int, default=20_000)
    chosen = parser.parse_args()
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=var) as folder:
        print("SQLite")
        measure(Path(folder), database="sqlite:///irscribe.db", entries=chosen.entries, rounds=chosen.rounds)
    try:
        with scratch_database() as url, TemporaryDirectory(dir=var) as folder:
            print("PostgreSQL")
            measure(Path(folder), database=url, entries=chosen.entries, rounds=chosen.rounds)
    except pytest.skip.Exception as missing:
        print(missing)


if __name__ == "__main__":
    main()
