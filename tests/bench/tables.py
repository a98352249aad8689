"""The figures as tables, the same for a terminal and for the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.bench.effort import Effort
from tests.bench.figures import MEBI, THOUSAND, Figure
from tests.bench.growth import Compared
from tests.bench.lives import Life
from tests.bench.rounds import Measure, Round, figure
from tests.bench.targets import Target
from tests.bench.waits import Beside, Waits
from tests.bench.writer_time import Held

ABSENT = "–"
COLUMNS: Sequence[tuple[str, Measure, str, float]] = (
    ("line to answer, ms", lambda life: life.middle, ".2f", THOUSAND),
    ("99th percentile, ms", lambda life: life.slow, ".2f", THOUSAND),
    ("lines a second", lambda life: life.shouting and life.shouting.per_second, ",.0f", 1.0),
    ("out of order", lambda life: life.shouting and life.shouting.out_of_order, ",.0f", 1.0),
    ("memory, MiB", lambda life: life.shouting and life.shouting.resident_bytes, ".0f", 1 / MEBI),
    ("start to first answer, s", lambda life: life.start_seconds, ".2f", 1.0),
)

WAITS: Sequence[tuple[str, Callable[[Waits], float]]] = (
    ("median, ms", lambda waits: waits.middle),
    ("99th percentile, ms", lambda waits: waits.slow),
    ("longest, ms", lambda waits: waits.longest),
)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with columns that stand under each other; all but the first hold figures."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(f"| {' | '.join(_padded(cells, widths))} |" for cells in (head, rule, *rows))


def bots_table(rounds: Sequence[Round]) -> str:
    """A row for each bot, and one for a commit."""
    names = list(rounds[0].lives)
    rows = [[name, *(_cell(rounds, name, column) for column in COLUMNS)] for name in names]
    commit = Figure.of(each.commit for each in rounds).show(".2f", unit=THOUSAND)
    slow = Figure.of(each.slow_commit for each in rounds).show(".2f", unit=THOUSAND)
    rows.append(["one commit, no bot", commit, slow, *[ABSENT] * (len(COLUMNS) - 2)])
    return table(["", *(column[0] for column in COLUMNS)], rows)


def growth_table(compared: Sequence[Compared], effort: Effort) -> str:
    """A row for each command."""
    rows = [
        [each.title, *(figure.show(".1f", unit=THOUSAND) for figure in (each.young, each.old)), f"{each.ratio:.2f}"]
        for each in compared
    ]
    size = f"{effort.incidents:,} incidents, {effort.entries:,} entries"
    return table(["time to answer, ms", "new database, or that incident alone", size, "ratio"], rows)


def waits_table(beside: Sequence[Beside]) -> str:
    """A row for everything that others did meanwhile."""
    rows = []
    for name in beside[0].waits:
        waits = [each.waits[name] for each in beside]
        figures = [Figure.of(map(measure, waits)).show(".1f", unit=THOUSAND) for _, measure in WAITS]
        rows.append([name, *figures, f"{sum(each.refused for each in waits)}"])
    return table(["a note waits while", *(label for label, _ in WAITS), "refused"], rows)


def writer_table(held: Sequence[Held]) -> str:
    """A row for each command."""
    rows = [
        [f"`{each.line}`", *(f"{seconds * THOUSAND:.1f}" for seconds in each.seconds.values()), f"{each.ratio:.2f}"]
        for each in held
    ]
    sizes = [f"{size:,} entries" for size in held[0].seconds]
    return table(["time in the writer, ms", *sizes, "last over first"], rows)


def waits_line(number: int, name: str, waits: Waits) -> str:
    """The waits beside one load, for whoever watches."""
    return f"round {number}  while {name}: {waits}"


def held_line(each: Held) -> str:
    """One command in the writer, for whoever watches."""
    spoken = ", ".join(f"{seconds * THOUSAND:.1f}" for seconds in each.seconds.values())
    return f"{each.line}: {spoken} ms in the writer; ratio {each.ratio:.2f}"


def targets_table(targets: Sequence[Target]) -> str:
    """A row for each target."""
    rows = [
        [each.what, each.wanted, f"{each.found:.2f}", "reached" if each.reached else "**missed**"] for each in targets
    ]
    return table(["target", "to be", "is", ""], rows)


def growth_line(each: Compared) -> str:
    """One command in a line, for whoever watches."""
    young, old = (figure.show(".1f", unit=THOUSAND) for figure in (each.young, each.old))
    before = "alone" if each.entries else "new"
    return f"{each.title}: {before} {young} ms; old {old} ms; ratio {each.ratio:.2f}"


def life_line(number: int, name: str, life: Life) -> str:
    """One life in a line, for whoever watches."""
    cells = [
        f"{label} {value * unit:{form}}"
        for label, measure, form, unit in COLUMNS
        if (value := measure(life)) is not None
    ]
    return f"round {number}  {name}: {'; '.join(cells)}"


def _cell(rounds: Sequence[Round], name: str, column: tuple[str, Measure, str, float]) -> str:
    _, measure, form, unit = column
    found = figure(rounds, name, measure)
    return found.show(form, unit=unit) if found else ABSENT


def _padded(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = zip(cells, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
