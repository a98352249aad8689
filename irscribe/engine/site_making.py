"""Makes the files of an incident from a snapshot: in this process, or those of many or long incidents in others."""

from __future__ import annotations

import copyreg
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from threading import Event
from time import monotonic, thread_time
from types import MappingProxyType
from typing import Any

from irscribe.config import Config
from irscribe.engine.unwithdrawn import read_snapshot
from irscribe.pages import Files, incident
from irscribe.pages.overviews import Overview, overview
from irscribe.services.application import build_application
from irscribe.services.context.application import ApplicationContext
from irscribe.services.nudges.silence import promised
from irscribe.services.report.publication import gathered_for_page, public_report, site_of
from models import FAILED, Database

MANY = 100
"""From so many incidents on, other processes are worth their start."""
NICENESS = 10
LONG = 0.1
"""An incident whose files took more seconds of work than this is long: another process makes them the next time."""
KEPT_FOR = 60.0
"""Seconds without a long incident after which the process that makes them ends."""
PATIENCE, LOOK_EVERY = 30.0, 0.1
"""Most seconds for which a long incident is waited for, and between two looks whether a withdrawal waits meanwhile."""

Made = tuple[Overview | None, Files]
"""An incident's overview and files; None and no files if it has no page."""


@dataclass(frozen=True, kw_only=True)
class MadeElsewhere:
    """The pages of an incident from another process, None if it made none; ``withdrawals`` is their count before."""

    number: int
    made: Made | None
    withdrawals: int


class Maker:
    """Makes the files of one incident after another."""

    def __init__(self, database: Database, application: ApplicationContext) -> None:
        """Read a database."""
        self._database = database
        self._application = application
        self._site = site_of(application)

    def make(self, number: int) -> Made:
        """Make the files of an incident. Raises SnapshotEndedError, and the errors of the database."""
        read = partial(gathered_for_page, application=self._application, number=number)
        record = read_snapshot(self._database, read)
        if record is None:
            return None, {}
        report, until = public_report(record, self._application), promised(record.fields)
        return overview(report, promised=until), incident.files(self._site, report, promised=until)


class ConsiderateMaker:
    """Makes the files of one incident after another; those of a long one in another process, kept while it is used.

    While ``pressing`` is set, by any thread, it makes all of them in this process: the other one comes after everything
    else on the machine.
    """

    def __init__(self, database: Database, application: ApplicationContext) -> None:
        """Read a database; the other process starts when it is needed."""
        self.pressing = Event()
        self._database = database
        self._config = application.config
        self._own = Maker(database, application)
        self._long: set[int] = set()
        self._other: OtherMaker | None = None
        self._used_at = 0.0

    def make(self, number: int) -> Made:
        """Make the files of an incident. Raises SnapshotEndedError, and the errors of the database."""
        made = self._make_elsewhere(number) if number in self._long else None
        return self._make(number) if made is None else made

    def rest(self) -> None:
        """End the other process if it was not needed for a while."""
        if self._other is not None and monotonic() - self._used_at > KEPT_FOR:
            self._end()

    def _make(self, number: int) -> Made:
        begun = thread_time()
        made = self._own.make(number)
        if thread_time() - begun > LONG:
            self._long.add(number)
        return made

    def _make_elsewhere(self, number: int) -> Made | None:
        if self.pressing.is_set():
            return None
        if self._other is None:
            self._other = OtherMaker(self._config)
        self._other.ask(number, self._database.withdrawals)
        made = self._other.take().made if self._other.answers(unless=self.pressing) else None
        self._used_at = monotonic()
        if self._other.is_late or self._other.is_gone:
            self._end()
        return made

    def _end(self) -> None:
        if self._other is not None:
            self._other.end()
            self._other = None


def make_elsewhere(
    database: Database, config: Config, numbers: Sequence[int], processes: int
) -> Iterator[MadeElsewhere]:
    """Make files in other processes, which end with the iteration; what they do not make comes as None.

    They end as well when this process is killed, as nobody holds the other end of their pipes then.
    """
    waiting = iter(numbers)
    others = [OtherMaker(config) for _ in range(processes)] if len(numbers) >= MANY else []
    try:
        for each in others:
            each.ask(next(waiting, None), database.withdrawals)
        while busy := {each.pipe: each for each in others if each.asked is not None}:
            for pipe in wait([*busy]):
                other = busy[pipe]  # type: ignore[index]  # a pipe that was given is given back
                yield other.take()
                if not other.is_gone:
                    other.ask(next(waiting, None), database.withdrawals)
        yield from (MadeElsewhere(number=number, made=None, withdrawals=-1) for number in waiting)
    finally:
        for each in others:
            each.end()


class OtherMaker:
    """Another process that makes files, one incident at a time."""

    def __init__(self, config: Config) -> None:
        context = get_context("spawn")
        self.pipe, there = context.Pipe()
        self.asked: tuple[int, int] | None = None
        self.is_gone = self.is_late = False
        copyreg.pickle(MappingProxyType, _reduce)
        self.process = context.Process(target=_make_for, args=(there, config), daemon=True)
        self.process.start()
        there.close()

    def ask(self, number: int | None, withdrawals: int) -> None:
        """Have an incident made, if there is one left."""
        self.asked = None if number is None else (number, withdrawals)
        if number is not None:
            with suppress(OSError):  # taking the answer tells that it is gone
                self.pipe.send(number)

    def answers(self, *, unless: Event) -> bool:
        """Wait for what it was asked for; False, and it is late, after ``PATIENCE`` seconds or ``unless`` is set."""
        end = monotonic() + PATIENCE
        while not self.is_late and not self.pipe.poll(LOOK_EVERY):
            self.is_late = unless.is_set() or monotonic() > end
        return not self.is_late

    def take(self) -> MadeElsewhere:
        """Take what it was asked for."""
        assert self.asked is not None  # noqa: S101 - only those that were asked are waited for
        (number, withdrawals), self.asked = self.asked, None
        try:
            made = self.pipe.recv()
        except (EOFError, OSError):
            made, self.is_gone = None, True
        return MadeElsewhere(number=number, made=made, withdrawals=withdrawals)

    def end(self) -> None:
        """End it at once; it only reads."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _make_for(pipe: Connection, config: Config) -> None:
    """Make what is asked for through the pipe, until nobody is at its other end; None for what cannot be made now."""
    os.nice(NICENESS)
    database = Database(config.database)
    maker = Maker(database, build_application(config))
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            pipe.send(_try_to_make(maker, pipe.recv()))


def _try_to_make(maker: Maker, number: int) -> Made | None:
    with suppress(*FAILED):
        return maker.make(number)
    return None


def _reduce(proxy: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _read_only, (dict(proxy),)


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)
