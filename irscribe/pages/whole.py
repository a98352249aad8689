"""The files that are about all incidents, made of their overviews."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from irscribe.pages import STATIC, Files, Site, data, feeds, lists, scorecards, statistics
from irscribe.pages.overviews import Overview
from irscribe.render import html


def fixed() -> Files:
    """Give the files that are the same on every site: the stylesheet, the script and the icon."""
    return {
        "look.css": str(html.look().text),
        **{name: (STATIC / name).read_text(encoding="utf-8") for name in ("pages.js", "icon.svg")},
    }


def files(site: Site, overviews: Iterable[Overview]) -> Iterator[Files]:
    """Give the files about all incidents, a few at a time: lists, feeds, figures and data."""
    shown = newest_first(overviews)
    yield lists.front_page(site, shown)
    yield feeds.files(site, shown)
    for year, some in groupby(shown, key=lambda each: each.begun_at.year):
        of_year = list(some)
        yield lists.year_page(site, year, of_year)
        yield data.year_file(year, of_year)
    yield data.index_file(shown)
    yield lists.follow_ups_page(site, shown)
    yield scorecards.page(site, shown)
    yield statistics.files(site, shown)


def newest_first(overviews: Iterable[Overview]) -> Sequence[Overview]:
    """Give the incidents that lists show, the one that began last first."""
    listed = [each for each in overviews if each.listed]
    return sorted(listed, key=lambda each: (each.begun_at, each.number), reverse=True)
