"""An edit of the wiki page, as the outbox keeps it until its result is known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from irscribe.domain.pageparts import digest, digests
from irscribe.domain.record import SentPage
from irscribe.integrations.wikipage import stored


@dataclass(frozen=True, kw_only=True)
class PageEdit:
    """A text for the page of that title, in the place of its revision ``base``; 0 creates the page.

    ``parts`` are the digests of the bot's own parts, ``changed`` names the parts that differ from what stands there,
    ``kept`` those that stay as people left them. ``url`` is empty before the page is created.
    """

    title: str
    url: str
    base: int
    text: str
    parts: Mapping[str, str]
    changed: tuple[str, ...]
    kept: tuple[str, ...]

    def write(self) -> str:
        """Give the edit as a text, to be kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, written: str) -> PageEdit:
        """Read an edit that was kept; an earlier version kept the title on the first line, then the text."""
        if not written.startswith("{"):
            title, _, text = written.partition("\n")
            return cls(title=title, url="", base=0, text=text, parts=digests(stored(text)), changed=(), kept=())
        values = json.loads(written)
        return cls(**values | {name: tuple(values[name]) for name in ("changed", "kept")})

    def sent(self, revision: int, at: datetime, *, merged: bool = False) -> SentPage:
        """Give the page as this edit leaves it; ``merged`` if the wiki has put somebody's change into its text."""
        whole = "" if self.kept or merged else digest(self.text)
        return SentPage(title=self.title, revision=revision, digest=whole, parts=self.parts, sent_at=at)
