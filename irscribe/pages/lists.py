"""The pages with lists: what is open now and the latest incidents, a year, the open follow-ups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from irscribe.pages import Files, Site
from irscribe.pages.filling import fill
from irscribe.pages.overviews import FollowUp, Overview

LATEST = 100
"""Most incidents on the front page; the pages of the years have the others."""


@dataclass(frozen=True, kw_only=True)
class Month:
    """The incidents that began in a month, such as ``2019-10``, newest first."""

    id: str
    label: str
    shown: Sequence[Overview]


@dataclass(frozen=True, kw_only=True)
class Year:
    """A year, with the number of incidents that began in it."""

    number: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Todo:
    """A follow-up with its incident."""

    what: FollowUp
    of: Overview


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The open follow-ups of one person, oldest first; the name is empty for those that nobody has taken."""

    name: str
    shown: Sequence[Todo]


def front_page(site: Site, newest_first: Sequence[Overview]) -> Files:
    """Give the front page, of all incidents in lists."""
    current = [each for each in newest_first if each.open]
    rest = [each for each in newest_first if not each.open]
    closed = [each for each in rest if each.closed_at]
    page = fill(
        site,
        "index.html",
        "index.html",
        current=current,
        last=max(closed, key=lambda each: each.closed_at or each.opened_at, default=None),
        months=list(_months(islice(rest, LATEST))),
        years=years(newest_first),
        live=True,
    )
    return {"index.html": page}


def years(overviews: Iterable[Overview]) -> Sequence[Year]:
    """Give the years in which incidents began, newest first."""
    counted = Counter(each.begun_at.year for each in overviews)
    return [Year(number=year, count=count) for year, count in sorted(counted.items(), reverse=True)]


def year_page(site: Site, year: int, newest_first: Iterable[Overview]) -> Files:
    """Give the page of a year, of the incidents that began in it."""
    path = f"years/{year}/index.html"
    return {path: fill(site, "year.html", path, year=year, months=list(_months(newest_first)))}


def open_follow_ups(of: Overview) -> Sequence[Todo]:
    """Give what is to do after an incident, with what the page of the follow-ups shows of it."""
    shown = replace(of, newest=None, promised=None, updates=(), follow_ups=(), scored=None)
    return [Todo(what=each, of=shown) for each in of.follow_ups if not each.done]


def follow_ups_page(site: Site, newest_first: Sequence[Overview]) -> Files:
    """Give the page of the open follow-ups of all incidents in lists; those without an owner stand first."""
    waiting = [each for of in reversed(newest_first) for each in open_follow_ups(of)]
    by_owner = sorted(waiting, key=lambda each: (each.what.owner or "").casefold())
    grouped = groupby(by_owner, key=lambda each: (each.what.owner or "").casefold())
    owners = [Owner(name=some[0].what.owner or "", shown=some) for _, each in grouped if (some := list(each))]
    path = "followups/index.html"
    return {path: fill(site, "followups.html", path, owners=owners, count=len(waiting))}


def _months(newest_first: Iterable[Overview]) -> Iterator[Month]:
    for month, some in groupby(newest_first, key=lambda each: f"{each.begun_at:%Y-%m}"):
        shown = list(some)
        yield Month(id=month, label=f"{shown[0].begun_at:%B %Y}", shown=shown)
