"""The parts of a wiki page, and the merge that brings those up to date that nobody but the bot wrote.

A part is what stands between two headings. It is the bot's own while its text is the one that the bot last sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise

LEAD = "the top"
"""The name of what stands above the first heading."""
CATEGORIES = "the categories"
"""The name of the lines at the end that put the page into categories."""

_HEADING = re.compile(r"^(?P<level>={1,6})(?P<title>[^=\n].*?)(?P=level)[ \t]*$", re.MULTILINE)
_CATEGORIES = re.compile(r"(?:^\[\[Category:[^\]\n]*\]\][ \t]*(?:\n+|\Z))+\Z", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class PagePart:
    """A part with its heading; ``name`` is the heading's title, numbered where a page has several of one title."""

    title: str
    name: str
    text: str

    @property
    def digest(self) -> str:
        """The digest of the text."""
        return digest(self.text)


@dataclass(frozen=True, kw_only=True)
class Merged:
    """A page brought up to date as far as it is the bot's own.

    ``sent`` holds the digests of the bot's parts, by name. ``changed`` names the parts that are added, replaced or
    removed; ``kept`` names those that differ from the record and stay as people left them.
    """

    text: str
    sent: Mapping[str, str]
    changed: tuple[str, ...]
    kept: tuple[str, ...]


def digest(text: str) -> str:
    """Give the digest of a text without the blanks behind it: its SHA-1, as MediaWiki has it of each revision."""
    return hashlib.sha1(text.rstrip().encode(), usedforsecurity=False).hexdigest()


def split(page: str) -> tuple[PagePart, ...]:
    """Split a page into its parts, the first above any heading; their texts joined give the page."""
    end = found.start() if (found := _CATEGORIES.search(page)) else len(page)
    starts = [each.start() for each in _HEADING.finditer(page, 0, end)]
    titles = [LEAD, *(each["title"].strip() for each in _HEADING.finditer(page, 0, end)), CATEGORIES]
    bounds = [0, *starts, end, len(page)]
    texts = [page[begin:stop] for begin, stop in pairwise(bounds)]
    named = zip(titles, _numbered(titles), texts, strict=True)
    return tuple(PagePart(title=title, name=name, text=text) for title, name, text in named)


def digests(page: str) -> dict[str, str]:
    """Give the digests of a page's parts, by name."""
    return {each.name: each.digest for each in split(page)}


def differing(page: str, other: str) -> tuple[str, ...]:
    """Name the parts in which two pages differ, in the order in which they stand."""
    here, there = digests(page), digests(other)
    return tuple(name for name in dict.fromkeys((*there, *here)) if here.get(name) != there.get(name))


def merge(page: str, new: str, *, sent: Mapping[str, str]) -> Merged:
    """Put the parts of ``new`` in the place of those that are the bot's own by ``sent``; all others stay as they are.

    A part that people took out, or whose heading they changed, does not come back; and no part is added that would get
    another's name on the page. As on a wiki, nothing blank ends the text.
    """
    fresh = {each.name: each for each in split(new)}
    present = {each.name: each for each in split(page)}
    own = {name for name, each in present.items() if sent.get(name) == each.digest}
    chosen = [fresh.get(name) if name in own else each for name, each in present.items()]
    left = [each for each in chosen if each]
    added = {name for name in fresh if name not in present and name not in sent}
    added -= _misnamed(_with_added(left, list(fresh.values()), added))
    text = "".join(_apart(_with_added(left, list(fresh.values()), added))).rstrip()
    return Merged(
        text=text,
        sent=_sent_now(sent, fresh, own | added),
        changed=tuple(name for name in differing(page, text) if name in own or name in added),
        kept=differing(text, new),
    )


def _numbered(titles: Sequence[str]) -> Iterator[str]:
    """Make the titles unlike each other."""
    used: set[str] = set()
    for title in titles:
        names = chain([title], (f"{title} ({number})" for number in count(2)))
        name = next(each for each in names if each not in used)
        used.add(name)
        yield name


def _with_added(parts: Sequence[PagePart], fresh: Sequence[PagePart], added: set[str]) -> list[PagePart]:
    """Put each added part behind the nearest part in front of it that stands on the page."""
    placed = list(parts)
    for number, each in enumerate(fresh):
        if each.name in added:
            before = {one.name for one in fresh[:number]}
            behind = max((at for at, one in enumerate(placed, 1) if one.name in before), default=0)
            placed.insert(behind, each)
    return placed


def _misnamed(parts: Sequence[PagePart]) -> set[str]:
    """Name the parts that would have another name where they are put together."""
    names = _numbered([each.title for each in parts])
    return {each.name for each, name in zip(parts, names, strict=True) if each.name != name}


def _apart(parts: Sequence[PagePart]) -> Iterator[str]:
    """Give the texts, a blank line behind each that ends without a line break."""
    filled = [each.text for each in parts if each.text]
    for number, text in enumerate(filled, 1):
        yield text if number == len(filled) or text.endswith("\n") else f"{text.rstrip()}\n\n"


def _sent_now(sent: Mapping[str, str], fresh: Mapping[str, PagePart], own: set[str]) -> dict[str, str]:
    """Give the digests after the merge; a part that people changed keeps its own: they may restore its text."""
    gone = {name for name in own if name not in fresh}
    return {name: value for name, value in sent.items() if name not in gone} | {
        name: fresh[name].digest for name in own if name in fresh
    }
