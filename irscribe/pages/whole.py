"""The files that are about all incidents, made of their overviews, in parts that need not all be made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from irscribe.pages import STATIC, Files, Site, data, feeds, lists, scorecards, statistics
from irscribe.pages.overviews import Overview
from irscribe.pages.shares import quarter
from irscribe.render import html

Change = tuple[Overview | None, Overview | None]
"""An overview before and after; None where the incident has no page."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """Files that are made together; ``shows`` gives what they show of an incident, None for nothing of it."""

    name: str
    shows: Callable[[Overview], object]
    make: Callable[[], Files]

    def is_changed_by(self, change: Change) -> bool:
        """True if the files show something of an incident that it did not have before, or has no more."""
        before, after = (self.shows(each) if each and each.listed else None for each in change)
        return before != after


def fixed() -> Files:
    """Give the files that are the same on every site: the stylesheet, the script and the icon."""
    return {
        "look.css": str(html.look().text),
        **{name: (STATIC / name).read_text(encoding="utf-8") for name in ("pages.js", "icon.svg")},
    }


def parts(site: Site, overviews: Iterable[Overview]) -> Iterator[Part]:
    """Give all parts: lists, feeds, figures and data."""
    shown = newest_first(overviews)
    yield Part(name="front", shows=_everything, make=partial(lists.front_page, site, shown))
    yield Part(name="feeds", shows=feeds.shows, make=partial(feeds.files, site, shown))
    for year, some in groupby(shown, key=lambda each: each.begun_at.year):
        yield _of_year(site, year, list(some))
    yield Part(name="years", shows=lambda each: each.begun_at.year, make=partial(data.index_file, shown))
    yield Part(name="followups", shows=lists.open_follow_ups, make=partial(lists.follow_ups_page, site, shown))
    yield Part(name="scorecards", shows=_for_scorecards, make=partial(scorecards.page, site, shown))
    yield Part(name="statistics", shows=_for_statistics, make=partial(statistics.files, site, shown))


def newest_first(overviews: Iterable[Overview]) -> Sequence[Overview]:
    """Give the incidents that lists show, the one that began last first."""
    listed = [each for each in overviews if each.listed]
    return sorted(listed, key=lambda each: (each.begun_at, each.number), reverse=True)


def _of_year(site: Site, year: int, of_year: Sequence[Overview]) -> Part:
    def shows(each: Overview) -> object:
        is_of_year = each.begun_at.year == year
        return replace(each, newest=None, promised=None, updates=(), follow_ups=(), scored=None) if is_of_year else None

    def make() -> Files:
        return {**lists.year_page(site, year, of_year), **data.year_file(year, of_year)}

    return Part(name=f"year {year}", shows=shows, make=make)


def _everything(each: Overview) -> object:
    return each


def _for_scorecards(each: Overview) -> object:
    return quarter(each), each.open, each.scored


def _for_statistics(each: Overview) -> object:
    done = tuple(follow_up.done for follow_up in each.follow_ups)
    return quarter(each), each.open, each.outage_minutes, each.open_minutes, done
