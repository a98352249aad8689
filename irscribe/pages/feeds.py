"""The feeds: incidents and their status updates, as Atom and as JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from irscribe.domain.moment import stamp
from irscribe.pages import Files, Site
from irscribe.pages.incident import page_of
from irscribe.pages.overviews import Overview

LATEST = 50
"""Most entries of a feed."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class News:
    """An entry of a feed; ``key`` names it within the site and never changes."""

    key: str
    title: str
    text: str
    at: datetime
    path: str


def files(site: Site, overviews: Iterable[Overview]) -> Files:
    """Give both feeds, of all incidents in lists."""
    latest = list(islice(sorted(_news(overviews), key=lambda each: (each.at, each.key), reverse=True), LATEST))
    return {"feed.atom": _atom(site, latest), "feed.json": _json(site, latest)}


def shows(each: Overview) -> object:
    """Give what feeds show of an incident."""
    return list(_news([each]))


def _news(overviews: Iterable[Overview]) -> Iterator[News]:
    for each in overviews:
        path = page_of(each.number)
        name = f"{each.number}: {each.name}"
        yield News(key=f"{each.number}", title=f"Opened – {name}", text=each.impact, at=each.opened_at, path=path)
        for said in each.updates:
            title = f"{said.text.partition(' – ')[0]} – {name}"
            place = f"{path}#e{said.number}"
            yield News(
                key=f"{each.number}-e{said.number}", title=title, text=said.text, at=said.recorded_at, path=place
            )
        if each.closed_at:
            key = f"{each.number}-closed"
            yield News(key=key, title=f"Closed – {name}", text=each.impact, at=each.closed_at, path=path)


def _atom(site: Site, latest: Sequence[News]) -> str:
    from feedgenerator import Atom1Feed

    class Feed(Atom1Feed):  # type: ignore[misc]  # the library has no types
        def latest_post_date(self) -> datetime:
            # The library's own is the time of the writing where there is no entry: the file would change each time.
            return latest[0].at if latest else _NEVER

    feed = Feed(
        title=site.title,
        link=_address(site, "index.html"),
        description="",
        feed_url=_address(site, "feed.atom") if site.url else None,
        feed_guid=_guid(site, "feed"),
        author_name="irscribe",
    )
    for each in latest:
        feed.add_item(
            title=each.title,
            link=_address(site, each.path),
            description=each.text,
            unique_id=_guid(site, each.key),
            updateddate=each.at,
            pubdate=each.at,
        )
    written: str = feed.writeString("utf-8")
    return written + "\n"


def _json(site: Site, latest: Sequence[News]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title,
        **({"home_page_url": f"{site.url}/", "feed_url": f"{site.url}/feed.json"} if site.url else {}),
        "items": [
            {
                "id": _guid(site, each.key),
                "url": _address(site, each.path),
                "title": each.title,
                "content_text": each.text,
                "date_published": stamp(each.at),
            }
            for each in latest
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _address(site: Site, path: str) -> str:
    """Give the address of a page: with the public one if it is known, else relative to the feed."""
    return f"{site.url}/{path}" if site.url else path


def _guid(site: Site, key: str) -> str:
    """Name an entry for ever, in the URI scheme for that (RFC 4151)."""
    host = (site.url or "irscribe.invalid").partition("://")[2].partition("/")[0] or "irscribe.invalid"
    return f"tag:{host.partition(':')[0]},2019:{key}"
