"""One run: which parts are measured, and what is told meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.bench.beside import hold_rounds
from tests.bench.effort import Effort
from tests.bench.growth import Compared, compare
from tests.bench.lives import Life
from tests.bench.results import Results
from tests.bench.rounds import Round, hold_round, warm_up
from tests.bench.tables import growth_line, held_line, life_line, waits_line
from tests.bench.terminal import Terminal
from tests.bench.waits import Beside, Waits
from tests.bench.writer_time import Held, hold_writer

BESIDE_OTHERS = frozenset("abcd")
LATER, WHILE, INSIDE = "efg"


def measure(address: tuple[str, int], folder: Path, blank: Results, *, parts: str) -> Results:
    """Fill in the results on an IRC server; whoever watches hears of each figure as soon as it is there."""
    terminal, effort = Terminal(), blank.effort
    filled = blank
    if BESIDE_OTHERS & set(parts):
        filled = replace(filled, rounds=list(_hold_rounds(address, folder, effort, parts=parts, terminal=terminal)))
    if LATER in parts:
        filled = replace(filled, compared=list(_compare(address, folder, effort, terminal=terminal)))
    if WHILE in parts:
        filled = replace(filled, beside=list(_wait_beside(folder, effort, terminal=terminal)))
    if INSIDE in parts:
        filled = replace(filled, held=list(_hold_writer(folder, effort, terminal=terminal)))
    return filled


def _hold_rounds(
    address: tuple[str, int], folder: Path, effort: Effort, *, parts: str, terminal: Terminal
) -> Iterator[Round]:
    terminal.under_way("every bot once, before anything counts")
    warm_up(address, folder, effort, parts=parts)
    for number in range(1, effort.rounds + 1):
        terminal.under_way(f"round {number} of {effort.rounds}")
        yield hold_round(address, folder, effort, parts=parts, tell=partial(_tell, terminal, number))


def _tell(terminal: Terminal, number: int, name: str, life: Life) -> None:
    terminal.say(life_line(number, name, life))
    terminal.under_way(f"round {number}")


def _compare(address: tuple[str, int], folder: Path, effort: Effort, *, terminal: Terminal) -> Iterator[Compared]:
    terminal.under_way(f"writing {effort.entries:,} entries")
    for each in compare(address, folder, effort):
        terminal.say(growth_line(each))
        terminal.under_way("the next command")
        yield each


def _wait_beside(folder: Path, effort: Effort, *, terminal: Terminal) -> Iterator[Beside]:
    terminal.under_way(f"typing {effort.long:,} entries")

    def tell(number: int, name: str, waits: Waits) -> None:
        terminal.say(waits_line(number, name, waits))
        terminal.under_way(f"round {number} of {effort.beside_rounds}")

    yield from hold_rounds(folder, effort, tell=tell)


def _hold_writer(folder: Path, effort: Effort, *, terminal: Terminal) -> Iterator[Held]:
    terminal.under_way(f"writing incidents of up to {max(effort.sizes):,} entries")
    for each in hold_writer(folder, effort):
        terminal.say(held_line(each))
        terminal.under_way("the next command")
        yield each
