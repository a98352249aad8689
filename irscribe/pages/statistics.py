"""The page of the statistics: how many incidents there were, how long they lasted, what became of follow-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from irscribe.pages import Files, Site
from irscribe.pages.filling import fill
from irscribe.pages.overviews import Overview
from irscribe.pages.plots import plot
from irscribe.pages.shares import Share, by_quarter, percent
from irscribe.render.facts import length

Minutes = Callable[[Overview], int | None]

PATH = "statistics/index.html"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A quarter with its cells, and the one number that the plot shows (None: none)."""

    name: str
    cells: Sequence[str]
    drawn: float | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """A table with a sentence about it; ``unit`` is that of the plot, a file beside the page."""

    id: str
    title: str
    sentence: str
    columns: Sequence[str]
    rows: Sequence[Row]
    unit: str

    @property
    def plot(self) -> str:
        """The file of the plot; empty if there is nothing to draw."""
        return f"{self.id}.svg" if any(each.drawn is not None for each in self.rows) else ""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """All tables, of ``count`` incidents."""

    count: int
    parts: Sequence[Part]


def files(site: Site, overviews: Sequence[Overview]) -> Files:
    """Give the page with its plots, of all incidents in lists."""
    found = figures(overviews)
    plots = {f"statistics/{part.plot}": _drawn(part) for part in found.parts if part.plot}
    return {PATH: fill(site, "statistics.html", PATH, figures=found), **plots}


def figures(overviews: Sequence[Overview]) -> Figures:
    """Count and measure incidents."""
    quarters = by_quarter(overviews)
    return Figures(
        count=len(overviews),
        parts=(
            _counts(overviews, quarters),
            _lengths("outage", "Length of the outage", overviews, quarters, lambda each: each.outage_minutes),
            _lengths("open", "Time from opening to close", overviews, quarters, lambda each: each.open_minutes),
            _follow_ups(overviews, quarters),
        ),
    )


def _drawn(part: Part) -> str:
    points = [(each.name, each.drawn) for each in reversed(part.rows)]
    return plot(part.title, points, unit=part.unit)


def _counts(overviews: Sequence[Overview], quarters: Mapping[str, Sequence[Overview]]) -> Part:
    rows = [
        Row(name=name, cells=[str(len(some)), str(sum(each.open for each in some))], drawn=len(some))
        for name, some in quarters.items()
    ]
    is_open = sum(each.open for each in overviews)
    return Part(
        id="incidents",
        title="Incidents",
        sentence=f"{is_open} of {len(overviews)} still open.",
        columns=("Incidents", "Still open"),
        rows=rows,
        unit="incidents",
    )


def _lengths(
    name: str, title: str, overviews: Sequence[Overview], quarters: Mapping[str, Sequence[Overview]], of: Minutes
) -> Part:
    known = _known(overviews, of)
    sentence = f"Median {length(round(median(known)))}, longest {length(max(known))}." if known else "None is known."
    return Part(
        id=name,
        title=title,
        sentence=f"{sentence} {_lacking(overviews, of)}",
        columns=("Median", "Longest", "n", "Lacking"),
        rows=[_length_row(name, some, of) for name, some in quarters.items()],
        unit="minutes (median)",
    )


def _known(overviews: Iterable[Overview], of: Minutes) -> list[int]:
    return [minutes for each in overviews if (minutes := of(each)) is not None]


def _length_row(name: str, some: Sequence[Overview], of: Minutes) -> Row:
    known = _known(some, of)
    middle = median(known) if known else None
    cells = (
        length(None if middle is None else round(middle)),
        length(max(known, default=None)),
        str(len(known)),
        f"{percent(len(some) - len(known), len(some))} %",
    )
    return Row(name=name, cells=cells, drawn=middle)


def _lacking(overviews: Sequence[Overview], of: Minutes) -> str:
    if not overviews:
        return ""
    lacking = len(overviews) - len(_known(overviews, of))
    return f"n = {len(overviews) - lacking}; {percent(lacking, len(overviews))} % of the incidents lack it."


def _follow_ups(overviews: Sequence[Overview], quarters: Mapping[str, Sequence[Overview]]) -> Part:
    without = sum(not each.follow_ups for each in overviews if not each.open)
    closed = sum(not each.open for each in overviews)
    lack = f" {percent(without, closed)} % of the closed incidents have none." if closed else ""
    return Part(
        id="followups",
        title="Follow-ups",
        sentence=f"{_share_done(overviews).text} done.{lack}" if _share_done(overviews).n else f"None yet.{lack}",
        columns=("Follow-ups", "Still open", "Done"),
        rows=[_follow_up_row(name, some) for name, some in quarters.items()],
        unit="still open",
    )


def _follow_up_row(name: str, some: Sequence[Overview]) -> Row:
    share = _share_done(some)
    return Row(name=name, cells=(str(share.n), str(share.n - share.part), share.text), drawn=share.n - share.part)


def _share_done(overviews: Iterable[Overview]) -> Share:
    all_of = [each for of in overviews for each in of.follow_ups]
    return Share(part=sum(each.done for each in all_of), n=len(all_of))
