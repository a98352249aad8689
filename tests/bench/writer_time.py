"""The time that one command holds the writer, in incidents of three sizes; then how long others wait meanwhile.

Run ``python -m tests.bench.writer_time``. No IRC takes part: a command is carried out and committed by the real adapter
on a file, and in the second part by the real writer and answerer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter

from irscribe.config import load
from irscribe.domain.request import Reply
from irscribe.engine.answering import Answerer
from irscribe.engine.indexing import Indexing
from irscribe.engine.interpreter import prepare
from irscribe.engine.purge import Purge
from irscribe.engine.report_files import ReportFiles
from irscribe.engine.writer import Writer
from tests.bench.bots import ROOT
from tests.bench.figures import percentile
from tests.talk import Talk

SIZES = (100, 1_000, 10_000)
REPEATED = 25
LIMIT = 5.0
"""Lines a second that the shipped limit lets one person type."""
SECONDS = 8.0
PAUSE = 0.02
"""Seconds between the answer to a note and the next note."""
PATIENCE = 60.0
MILLI = 1000.0
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
WORST = (
    "!ir find " + " ".join(f"{letter}" for letter in "tearsohndblp"),
    "!ir find " + "t " * 195,
    "!ir missing",
    "!ir timeline 500",
    "!ir export",
    "!ir close",
)
"""Lines of one person at their limit, the worst of each kind."""


def main() -> None:
    """Print both tables."""
    prepare()
    room = ROOT / "var"
    room.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="writer-", dir=room) as folder:
        talks = [_made(Path(folder) / str(size), size) for size in SIZES]
        print(f"{'milliseconds in the writer':40}" + "".join(f"{size:>10,}" for size in SIZES) + f"{'last/first':>12}")
        for each in COMMANDS:
            print(_row(each, talks), flush=True)
        print(f"\n{'a note of another person, milliseconds':40}{'median':>10}{'99 %':>10}{'longest':>10}")
        for line in (None, *WORST):
            print(_waits(talks[-1], line), flush=True)
        for talk in talks:
            talk.database.close()


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
    for _ in range(size // 500 + 1):
        index.note()
        index.catch_up()
    return talk


def _row(measured: Measured, talks: list[Talk]) -> str:
    times: list[list[float]] = [[] for _ in talks]
    for _ in range(REPEATED):
        for talk, column in zip(talks, times, strict=True):
            column.append(_in_writer(talk, measured.line))
            if measured.back:
                _in_writer(talk, measured.back)
    found = [median(column) * MILLI for column in times]
    return f"{measured.line[:38]:40}" + "".join(f"{each:10.2f}" for each in found) + f"{found[-1] / found[0]:12.2f}"


def _in_writer(talk: Talk, line: str) -> float:
    """Seconds from the begin of the transaction to the end of its commit."""
    talk.later(seconds=1)
    request = talk.request("alice", line)
    begun = perf_counter()
    with talk.database.write() as session:
        talk.adapter.handle(session, request, talk.now)
    return perf_counter() - begun


def _waits(talk: Talk, line: str | None) -> str:
    with _at_work(talk) as (submit, answered):
        over = Event()
        busy = Thread(target=_pester, args=(submit, line, over), daemon=True)
        busy.start()
        waits = list(_notes(submit, answered))
        over.set()
        busy.join()
    shown = (median(waits), percentile(waits, 99), max(waits))
    return f"{(line or 'quiet')[:38]:40}" + "".join(f"{each * MILLI:10.1f}" for each in shown)


@contextmanager
def _at_work(talk: Talk) -> Iterator[tuple[Callable[..., None], SimpleQueue[str]]]:
    """A writer and an answerer; what carol is told comes out of the queue."""
    answered: SimpleQueue[str] = SimpleQueue()

    def deliver(outcome: list[object]) -> None:
        for each in outcome:
            if isinstance(each, Reply) and each.to == "carol":
                answered.put(str(each.text))

    files = ReportFiles(talk.database, talk.application, forgetting=Purge(talk.database))
    answerer = Answerer(talk.database, talk.adapter, write=files.write_and_tell, deliver=deliver)
    writer = Writer(talk.database, talk.adapter, answerer.deliver)
    answerer.start()
    writer.start()
    yield lambda nick, line, **more: writer.submit(talk.request(nick, line, **more)), answered
    writer.stop(PATIENCE)
    answerer.stop(PATIENCE)


def _notes(submit: Callable[..., None], answered: SimpleQueue[str]) -> Iterator[float]:
    end = perf_counter() + SECONDS
    while perf_counter() < end:
        begun = perf_counter()
        submit("carol", "!log a note", channel=None, heard_at=datetime.now(UTC))
        answered.get(timeout=PATIENCE)
        yield perf_counter() - begun
        Event().wait(PAUSE)


def _pester(submit: Callable[..., None], line: str | None, over: Event) -> None:
    while line is not None and not over.wait(1 / LIMIT):
        submit("alice", line)
        if line == "!ir close":
            submit("alice", "!ir reopen")


if __name__ == "__main__":
    main()
