"""The same commands asked in turn of a bot that has just begun and of one that has served for years."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

from tests.bench.bots import Irscribe
from tests.bench.caller import Caller, SilentError
from tests.bench.effort import Effort
from tests.bench.figures import Figure
from tests.bench.history import Scope, write_history
from tests.bench.questions import FOUND, LISTED, ORDINARY, Question, long_questions
from tests.bench.words import COMMON, RARE
from tests.botprocess import command

NOTES = 100
WARM_UP = 2
DATABASE = Path("var", "irscribe.db")


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Seconds to the answer of one command, on both databases; ``entries`` of the incident where it is a long one."""

    name: str
    young: Figure
    old: Figure
    entries: int = 0

    @property
    def title(self) -> str:
        """The command, and what is special about what it is asked of."""
        return f"{self.name}, {self.entries:,} entries" if self.entries else self.name

    @property
    def ratio(self) -> float:
        """The median time in the old database, divided by that in the young one."""
        return self.old.median / self.young.median


@dataclass(frozen=True, kw_only=True)
class Served:
    """A bot at work: the folder it works in, and somebody who asks it."""

    home: Path
    caller: Caller

    def ask(self, question: Question) -> float:
        """Seconds to the answer; afterwards the question can be asked again."""
        seconds = self.caller.ask(question.line, until=question.until, times=question.times).seconds
        if question.back:
            self.caller.ask(question.back, until=question.back_until)
        return seconds

    def export(self, number: int) -> float:
        """Seconds of the verb of the command line, from start to end of the process."""
        begun = perf_counter()
        done = command("export", str(number), "--format", "json", folder=self.home)
        seconds = perf_counter() - begun
        if done.returncode:
            raise SilentError(f"export {number} said {done.stderr!r}")
        return seconds


def compare(address: tuple[str, int], folder: Path, effort: Effort) -> Iterator[Compared]:
    """Every command in turn; the databases and their bots are made first."""
    with ExitStack() as room:
        young = _open(room, address, folder, "young", scope=None)
        one = _scope("#long", effort, incidents=1, entries=effort.long)
        long = _open(room, address, folder, "long", scope=one)
        many = _scope("#old", effort, incidents=effort.incidents - LISTED, entries=effort.entries - NOTES)
        old = _open(room, address, folder, "old", scope=many)
        _rehearse(young.caller)
        _rehearse(old.caller)
        for question in ORDINARY:
            yield _compare(question.name, partial(young.ask, question), partial(old.ask, question), effort)
        yield from _compare_long(long, one.long_one, old, many.long_one, effort)


def _compare_long(long: Served, number: int, old: Served, old_number: int, effort: Effort) -> Iterator[Compared]:
    for small, great in zip(long_questions(number), long_questions(old_number), strict=True):
        yield _compare(small.name, partial(long.ask, small), partial(old.ask, great), effort, entries=effort.long)
    exports = partial(long.export, number), partial(old.export, old_number)
    yield _compare("`bot.py export --format json`", *exports, effort, entries=effort.long)


def _scope(channel: str, effort: Effort, *, incidents: int, entries: int) -> Scope:
    return Scope(incidents=incidents, entries=entries, long=effort.long, channel=channel)


def _open(room: ExitStack, address: tuple[str, int], folder: Path, name: str, *, scope: Scope | None) -> Served:
    """A bot in a channel of its own, with a history or none."""
    bot = Irscribe(name=name, nick=name, channel=f"#{name}")
    home = folder / name
    (home / DATABASE).parent.mkdir(parents=True)
    if scope:
        write_history(home / DATABASE, scope)
    room.enter_context(bot.start(home, address))
    caller = room.enter_context(Caller(address, nick=f"asks-{name}", channel=bot.channel, bot=bot.nick))
    caller.await_bot()
    return Served(home=home, caller=caller)


def _rehearse(caller: Caller) -> None:
    """The last incidents, the same on either database: three that are over, one with some notes that goes on."""
    for number in range(1, LISTED):
        caller.ask(f"!ir start rehearsal {number}", until=" has been open since ")
        caller.ask("!ir close", until=" is closed")
    caller.ask("!ir start the one that goes on", until=" has been open since ")
    for number in range(NOTES):
        word = RARE if number < FOUND else "replica"
        caller.ask(f"!log the {word} of {COMMON} {number} lags behind the others", until="logged$")


def _compare(
    name: str, young: Callable[[], float], old: Callable[[], float], effort: Effort, *, entries: int = 0
) -> Compared:
    for _ in range(WARM_UP):
        young()
        old()
    pairs: list[tuple[float, float]] = []
    end = perf_counter() + effort.seconds
    while len(pairs) < effort.at_least or (len(pairs) < effort.repetitions and perf_counter() < end):
        pairs.append((young(), old()))
    first, second = (Figure.of(column) for column in zip(*pairs, strict=True))
    return Compared(name=name, young=first, old=second, entries=entries)
