"""Measures how long a note waits under the load of others: a quiet time, then one load after another, each round.

The bot runs on its inner server with an incident of 10,000 entries. One person types notes of another incident, the
next one as soon as the last is acknowledged; several others make the load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Self

from irscribe.config import EMBEDDED_HOST, Pace
from tests.bench.beside_record import LONG, NOTES, write_record
from tests.bench.bots import EMBEDDED
from tests.bench.caller import Caller
from tests.bench.crowd import LIMIT, Crowd
from tests.bench.effort import Effort
from tests.bench.imported import Written, importing, long_report
from tests.bench.waits import AT_LIMIT, CLOSING, HELPING, IMPORTING, QUIET, Beside, Waits, for_seconds, type_notes
from tests.botprocess import free_port

OPENER, WRITER = "mallory", "carol"
OTHERS = ("dave", "erin", "frank", "grace")
HELP = "!ir help all"
NAMES = [f"{first}{second}" for first in "abcdefghi" for second in "klmnopqrstu"]
WORST: Mapping[str, Sequence[str]] = {
    "find": ["!ir find " + " ".join("tearsohndblp")],
    "find, one word 195 times": ["!ir find " + "t " * 195],
    "timeline": ["!ir timeline 500"],
    "history": ["!ir history 7"],
    "missing": ["!ir missing"],
    "recap": ["!ir recap"],
    "status": ["!ir status"],
    "list": ["!ir list 50"],
    "show": [f"!ir show {LONG}"],
    "well": ["!ir well"],
    "actions": ["!ir actions"],
    "help": [HELP],
    "add": [f"!ir add {', '.join(NAMES)}"],
    "strike": ["!ir strike 2-51 typed twice", "!ir undo"],
    "export": ["!ir export"],
}
"""For each verb that costs much the worst line, and what takes it back where it can be typed only once."""
NOW_AND_THEN = Pace(1, 1.0)
"""The pace of the people who are not at their limit: one question a second."""
THINKING = 0.005
"""Seconds between an acknowledgement and the next note."""
SETTLED = 3.0
"""Seconds after which what still waits of a load is ended with the bot; the next load meets a fresh one."""
WARM_UP = 30

Until = Callable[[], bool]
Load = Callable[["Life"], AbstractContextManager[Until]]
"""The work of others within a ``with``; it gives a function that is true once enough was measured."""


class Life:
    """A bot at work on the record of a folder, a person who types notes, and the others."""

    def __init__(self, home: Path) -> None:
        """Name the folder; the bot starts with the ``with``."""
        self.home = home
        self._room = ExitStack()

    def __enter__(self) -> Self:
        address = (EMBEDDED_HOST, free_port())
        with ExitStack() as room:
            self._bot = room.enter_context(EMBEDDED.start(self.home, address))
            join = partial(Caller, address, channel=EMBEDDED.channel, bot=EMBEDDED.nick)
            self._writer = room.enter_context(join(nick=WRITER))
            self._writer.await_bot()
            others = [room.enter_context(join(nick=nick)) for nick in (OPENER, *OTHERS)]
            self.crowd = room.enter_context(Crowd(others))
            for _ in range(WARM_UP):
                type_notes(self._writer, until=lambda: True, says=NOTES, thinking=0)
            self._room = room.pop_all()
        return self

    def measure(self, load: Load) -> Waits:
        """The waits of a person beside a load."""
        with load(self) as until:
            return type_notes(self._writer, until=until, says=NOTES, thinking=THINKING)

    def __exit__(self, *raised: object) -> None:
        self._bot.kill()
        self._room.close()


def hold_rounds(folder: Path, effort: Effort, *, tell: Callable[[int, str, Waits], None]) -> Iterator[Beside]:
    """Measure every load once in each round; each is told of when it is over."""
    home = folder / "beside"
    home.mkdir()
    write_record(home, effort, opener=OPENER, writer=WRITER)
    report = long_report(home, effort.imported)
    for number in range(1, effort.beside_rounds + 1):
        waits: dict[str, Waits] = {}
        for name, found in _hold_round(home, loads(effort, report, number)):
            waits[name] = found
            tell(number, name, found)
        yield Beside(waits=waits)


def loads(effort: Effort, report: Written, number: int) -> Sequence[tuple[str, Load]]:
    """The loads of a round by their names, nothing first."""
    typing = partial(_type, seconds=effort.beside_seconds)
    at_the_limit = partial(typing, people=1, pace=LIMIT)
    return [
        (QUIET, partial(_quiet, seconds=2 * effort.beside_seconds)),
        *((f"{AT_LIMIT}{name}", partial(at_the_limit, lines=lines)) for name, lines in WORST.items()),
        (HELPING, partial(typing, lines=[HELP], people=1 + len(OTHERS), pace=NOW_AND_THEN)),
        (CLOSING, _close_and_export),
        (IMPORTING, partial(_import, report=report, number=number)),
    ]


def _hold_round(home: Path, loads: Sequence[tuple[str, Load]]) -> Iterator[tuple[str, Waits]]:
    left = list(loads)
    while left:
        with Life(home) as life:
            settled = True
            while left and settled:
                name, load = left.pop(0)
                yield name, life.measure(load)
                settled = life.crowd.settles(seconds=SETTLED)


@contextmanager
def _quiet(_life: Life, *, seconds: float) -> Iterator[Until]:
    yield for_seconds(seconds)


@contextmanager
def _type(life: Life, *, lines: Sequence[str], people: int, pace: Pace, seconds: float) -> Iterator[Until]:
    with life.crowd.typing(*lines, people=people, pace=pace):
        yield for_seconds(seconds)


@contextmanager
def _close_and_export(life: Life) -> Iterator[Until]:
    """The incident is closed and exported in all formats; enough is measured once the report is there, or refused."""
    opener = life.crowd.typists[0]
    opener.say("!ir close", "!ir export")
    yield lambda: opener.has_heard(f"The report of {LONG} ")
    opener.say("!ir reopen")


@contextmanager
def _import(life: Life, *, report: Written, number: int) -> Iterator[Until]:
    """A report is imported from the command line into the record of the bot at work."""
    with importing(life.home, report, number) as run:
        yield lambda: run.poll() is not None
