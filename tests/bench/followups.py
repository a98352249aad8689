"""Measures the wait for the acknowledgement of a note while many follow-ups are filed, and in a quiet run.

``python -m tests.bench.followups [--number N] [--latency MS]`` measures on an SQLite file, then on PostgreSQL if the
tests have a server. The bot runs on its inner server; the task server is a process of its own, and each of its calls
takes as long as one of a real server.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import pytest

from irscribe.config import EMBEDDED_CHANNEL, EMBEDDED_HOST, load
from models import Database
from models.migrating import migrate
from tests.bench.bots import OURS, ROOT, Process
from tests.bench.caller import Caller
from tests.bench.figures import THOUSAND, percentile
from tests.botprocess import BOT, free_port
from tests.http.fake_phabricator import running_phabricator
from tests.http.phabricatorworld import TOKEN
from tests.postgres import scratch_database

SETTINGS = """
[core]
channels = "{channel}"
[irscribe]
database = {database}
trusted = alice!*@*
pace = none
limit = none
[phabricator]
url = {url}
token = {token}
"""
QUIET_SECONDS = 5.0
THINKING = 0.02
"""Seconds between an acknowledgement and the next note."""
FILED = re.compile("follow-ups of 1 are filed|Not done")
ABOUT_FILING = re.compile("follow-up|actionable")
STOP_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Seconds from each note to its answer, and what else the bot said."""

    seconds: list[float] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        figures = median(self.seconds), percentile(self.seconds, 99), max(self.seconds)
        spoken = " / ".join(f"{each * THOUSAND:.1f}" for each in figures)
        return f"{spoken} ms ({len(self.seconds)} notes)"


class Slow(dict[str, Callable[[], object]]):
    """Lets time pass on the server before each call is answered: ``latency`` seconds."""

    def __init__(self, latency: float) -> None:
        super().__init__()
        self._latency = latency

    def pop(self, *_: object) -> Callable[[], object]:  # type: ignore[override] - the fake asks for one call at a time
        """Give the function that lets it pass."""
        return partial(sleep, self._latency)


def measure(folder: Path, *, database: str, number: int, latency: float) -> None:
    """Print the figures."""
    with _task_server(latency) as (url, filed):
        settings = SETTINGS.format(channel=EMBEDDED_CHANNEL, database=database, url=url, token=TOKEN)
        (folder / "config.ini").write_text(settings, encoding="utf-8")
        (folder / "config.ini").chmod(0o600)
        with closing(Database(load(folder / "config.ini").database)) as made:
            migrate(made)
        with _talking(folder, number) as caller:
            end = perf_counter() + QUIET_SECONDS
            print(f"quiet:             {_type(caller, until=lambda _: perf_counter() > end)}")
            begun = perf_counter()
            caller.say(f"PRIVMSG {EMBEDDED_CHANNEL} :!ir actions file")
            beside = _type(caller, until=lambda said: any(map(FILED.search, said)))
            seconds = perf_counter() - begun
        about = [each for each in beside.others if ABOUT_FILING.search(each)]
        print(f"beside the filing: {beside}, the first one {beside.seconds[0] * THOUSAND:.1f} ms")
        print(f"{filed()} follow-ups filed in {seconds:.1f} s; said of them:")
        print("".join(f"  {each}\n" for each in about), end="", flush=True)


def _type(caller: Caller, *, until: Callable[[list[str]], bool]) -> Talk:
    """Let a person type one note after another, the first at once."""
    talk = Talk()
    for number in count(1):
        if until(talk.others):
            break
        answered = caller.ask(f"!log the replica lags {number}", until="logged$")
        talk.seconds.append(answered.seconds)
        talk.others.extend(answered.texts[:-1])
        sleep(THINKING)
    return talk


@contextmanager
def _talking(folder: Path, number: int) -> Iterator[Caller]:
    """Start the bot, and give a person in its channel whose incident has a task, and follow-ups without one."""
    port = free_port()
    arguments = [sys.executable, str(BOT), "run", "--embedded", "--port", str(port)]
    with (
        Process(arguments, folder),
        Caller((EMBEDDED_HOST, port), nick="alice", channel=EMBEDDED_CHANNEL, bot=OURS) as caller,
    ):
        caller.await_bot()
        caller.ask("!ir start the database is slow", until=" has been open since ")
        caller.ask("!ir task file", until="The task of 1 is ")
        for each in range(1, number + 1):
            caller.ask(f"!ir action repair the replica {each} @bob")
        yield caller


@contextmanager
def _task_server(latency: float) -> Iterator[tuple[str, Callable[[], int]]]:
    """Start a task server; give its address, and the function that counts the follow-ups there."""
    spawning = get_context("spawn")
    ours, theirs = spawning.Pipe()
    server = spawning.Process(target=_serve, args=(theirs, latency), daemon=True)
    server.start()
    url = ours.recv()

    def filed() -> int:
        ours.send("count")
        found: int = ours.recv()
        return found

    try:
        yield url, filed
    finally:
        ours.send("stop")
        server.join(STOP_SECONDS)


def _serve(pipe: Connection, latency: float) -> None:
    with running_phabricator() as fake:
        fake.meanwhile = Slow(latency)
        pipe.send(fake.url)
        while pipe.recv() != "stop":
            pipe.send(sum(bool(task.parents) for task in fake.world.tasks))


def main() -> None:
    """Measure on each kind of database."""
    parser = ArgumentParser(prog="python -m tests.bench.followups", description=__doc__)
    parser.add_argument("--number", type=int, default=300)
    parser.add_argument("--latency", type=float, default=40.0, metavar="MS")
    chosen = parser.parse_args()
    effort = {"number": chosen.number, "latency": chosen.latency / THOUSAND}
    print("Median / 99th percentile / longest wait for the acknowledgement of a note.")
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=var) as folder:
        print("SQLite")
        measure(Path(folder), database="sqlite:///irscribe.db", **effort)
    try:
        with scratch_database() as url, TemporaryDirectory(dir=var) as folder:
            print("PostgreSQL")
            measure(Path(folder), database=url, **effort)
    except pytest.skip.Exception as missing:
        print(missing)


if __name__ == "__main__":
    main()
