"""The page of the results: what stands between two markers is written anew, the prose around them is left alone."""

from __future__ import annotations

from tests.bench.results import Results
from tests.bench.tables import bots_table, growth_table, targets_table, waits_table, writer_table
from tests.botprocess import BOT

PAGE = BOT.parent / "docs" / "benchmarks.md"
BEGIN = "<!-- make bench writes what is between this line -->"
END = "<!-- and this one -->"


class NoMarkersError(Exception):
    """The page has no place for the results."""


def compose(results: Results) -> str:
    """The results as Markdown."""
    facts = "\n".join(f"- {fact}" for fact in results.facts)
    return f"""\
Made by `{results.command}`:

{facts}

### Beside other bots

{bots_table(results.rounds)}

### On an old database

{growth_table(results.compared, results.effort)}

### Beside what others do

{waits_table(results.beside)}

### In the writer

{writer_table(results.held)}

### Targets

{targets_table(results.targets)}"""


def replace_between(page: str, results: str) -> str:
    """The page with other results in it.

    Raises NoMarkersError unless each marker is there once, in order.
    """
    head, begins, rest = page.partition(f"{BEGIN}\n")
    _, ends, tail = rest.partition(END)
    if not (begins and ends) or page.count(BEGIN) != 1 or page.count(END) != 1:
        raise NoMarkersError(f"{PAGE.name} needs the lines {BEGIN} and {END}, once each")
    return f"{head}{BEGIN}\n\n{results.strip()}\n\n{END}{tail}"


def rewrite(results: Results) -> None:
    """Put results into the page."""
    PAGE.write_text(replace_between(PAGE.read_text(encoding="utf-8"), compose(results)), encoding="utf-8")
