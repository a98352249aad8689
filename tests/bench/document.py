"""The page of the results: what stands between two markers is written anew, the prose around them is left alone."""

from __future__ import annotations

from tests.botprocess import BOT

PAGE = BOT.parent / "docs" / "benchmarks.md"
BEGIN = "<!-- make bench writes from here -->"
END = "<!-- to here -->"


class NoMarkersError(Exception):
    """The page has no place for the results."""


def replace_between(page: str, results: str) -> str:
    """The page with other results in it.

    Raises NoMarkersError unless each marker is there once, in order.
    """
    head, begins, rest = page.partition(f"{BEGIN}\n")
    _, ends, tail = rest.partition(END)
    if not (begins and ends) or page.count(BEGIN) + page.count(END) > len((BEGIN, END)):
        raise NoMarkersError(f"{PAGE.name} needs the lines {BEGIN} and {END}, once each")
    return f"{head}{BEGIN}\n\n{results.strip()}\n\n{END}{tail}"


def rewrite(results: str) -> None:
    """Put results into the page."""
    PAGE.write_text(replace_between(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")
