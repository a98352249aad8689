"""A page of a wiki as it stands there, and the queries that read it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LAST, FIRST = "older", "newer"
"""The ends of a page's history, as ``rvdir`` names the direction in which it is read."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page with our text; ``created`` by this call, ``revised`` if somebody has changed it since.

    ``merged`` if the wiki has put a change that came at the same moment and ours into one text.
    """

    url: str
    revision: int
    created: bool = False
    revised: bool = False
    merged: bool = False


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One revision of a page; ``parent`` is the one before it, 0 for the first. ``text`` is empty if it is hidden."""

    number: int
    parent: int
    user: str
    sha1: str
    text: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Deletion:
    """The deletion of a page: by whom, when (``2026-11-29T10:00:00Z``) and why; a text is empty if it is hidden."""

    user: str
    at: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PageState:
    """A page as it stands on the wiki; ``title`` is the one it was moved to, if it was.

    ``last`` is None if there is no page; then ``deletion`` is known if it was deleted. ``is_ours`` is true if the last
    revision is by the bot's account. ``script`` is the address to which the wiki's own views of it are added.
    """

    title: str
    url: str
    script: str
    last: Revision | None
    is_ours: bool
    deletion: Deletion | None = None

    def comparison(self, since: int) -> str:
        """Give the address of the wiki's own comparison of a revision with the last one."""
        return f"{self.script}?diff={self.last.number if self.last else 'cur'}&oldid={since}"


def stored(text: str) -> str:
    """Give a text as MediaWiki will store it, so that its digest is the wiki's."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", lines).rstrip()


def preflight(title: str, end: str) -> dict[str, str]:
    """Make the one query before an edit: token, title, and the page's last or first revision."""
    direction = {"rvdir": end, "rvlimit": "1"} if end == FIRST else {}
    return {"meta": "tokens", "type": "csrf"} | _revisions(title, "ids|sha1|user|timestamp") | direction


def whole(title: str, end: str) -> dict[str, str]:
    """Make the query for the last or first revision of a page with its text; a moved page is found where it is now."""
    direction = {"rvdir": end, "rvlimit": "1"} if end == FIRST else {}
    content = _revisions(title, "ids|sha1|user|timestamp|content") | {"rvslots": "main"}
    return content | {"redirects": "1"} | direction


def last_by(title: str, whose: dict[str, str]) -> dict[str, str]:
    """Make the query for the last revision by an account (``whose``: rvuser) or by any other (rvexcludeuser)."""
    return _revisions(title, "ids|sha1|user|timestamp") | {"rvlimit": "1"} | whose


def deletions(title: str) -> dict[str, str]:
    """Make the query for the last deletion of a page."""
    return {
        "action": "query",
        "list": "logevents",
        "leaction": "delete/delete",
        "letitle": title,
        "lelimit": "1",
        "leprop": "user|timestamp|comment",
    }


def revision_of(page: Mapping[str, Any]) -> Revision | None:
    """Read the first revision in a page of an answer; None if there is none."""
    revisions = page.get("revisions")
    if not revisions:
        return None
    found = revisions[0]
    return Revision(
        number=int(found.get("revid", 0)),
        parent=int(found.get("parentid", 0)),
        user=str(found.get("user", "")),
        sha1=str(found.get("sha1", "")),
        text=str(found.get("slots", {}).get("main", {}).get("content", "")),
    )


def deletion_of(events: Any) -> Deletion | None:
    """Read the deletion in the events of an answer; None if there is none."""
    if not events:
        return None
    found = events[0]
    return Deletion(
        user=str(found.get("user", "")), at=str(found.get("timestamp", "")), reason=str(found.get("comment", ""))
    )


def moved_to(title: str, query: Mapping[str, Any]) -> str:
    """Give the title to which a page was moved; its own if it was not."""
    for each in query.get("redirects", ()):
        if each.get("from") == title:
            title = str(each.get("to"))
    return title


def script_of(page: Mapping[str, Any]) -> str:
    """Give the address of the wiki's views, such as ``https://wiki.example/w/index.php``."""
    return str(page.get("editurl", "")).partition("?")[0]


def _revisions(title: str, wanted: str) -> dict[str, str]:
    return {"action": "query", "titles": title, "prop": "info|revisions", "inprop": "url", "rvprop": wanted}
