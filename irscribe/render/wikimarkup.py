"""Writes typed text as wikitext: it looks as typed; URLs and task numbers are links, nothing else is markup.

The characters that have to become entities were measured on MediaWiki 1.39, with its legacy parser and Parsoid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from irscribe.domain.report import Entry, Item, Link, Task
from irscribe.domain.tasks import url_of
from irscribe.render.pieces import Piece, PieceKind, paragraphs, pieces
from irscribe.render.tidy import printable
from irscribe.render.wording import said

_SCHEMES = ("bitcoin", "geo", "magnet", "mailto", "matrix", "news", "sip", "sips", "sms", "tel", "urn", "xmpp")
_BEHIND_SCHEME = "|".join(f"(?<=(?i:{scheme}):)" for scheme in _SCHEMES)
# The search is fast because each match begins with one of a few characters.
_ACTIVE = re.compile(
    rf"""
    [&<>\[\]{{}}|'~_\uff3f!:=*\#;+\-RPI]
    (?:
      (?<= [<>\[\]{{}}|] )
    | (?<= & ) (?=[#\w])                                  # could begin an entity
    | (?<= ' ) '+ | (?<= ~ ) ~{{2,}} | (?<= ! ) !+
    | (?<= [_\uff3f] ) [_\uff3f]+                         # U+FF3F encloses the magic words of Japanese wikis
    | (?<= \A ['*\#:;=!+\-_~] ) | (?<= ['=_~] ) \Z       # a token may form with what stands beside the piece
    | (?<= : ) (?: (?=//) | (?: {_BEHIND_SCHEME} ) (?=\S) )
    | (?<= R ) (?=FC\s) | (?<= P ) (?=MID\s) | (?<= I ) (?=SBN\s)
    )
    """,
    re.VERBOSE,
)
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


_UNSAFE_IN_URL = re.compile(r"""[\s\ufffd"'<>\[\\\]^`{|}]|_{2,}|~{3,}""")
_URL = re.compile(r"(?i:https?)://[^\s]")


def escape(text: str) -> str:
    """Escape a text so that wikitext shows it as it is, at any place of a line; it has no links."""
    return _ACTIVE.sub(lambda found: "".join(map(_entity, found[0])), text)


def plain(text: str) -> Markup:
    """Write a text on one line without links: for labels, and for arguments that a template turns into a link."""
    return _marked(escape(" ".join(printable(text).split())))


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Writes typed texts with their links.

    ``tracker`` is the address of the task server, without which the number of a task is text. ``prefix`` is the wiki's
    own prefix for it; without one, the link is an address.
    """

    tracker: str | None
    prefix: str = ""

    def typed(self, text: str, phrase: str | None = None) -> Markup:
        """Write a text on one line: links work, ``phrase`` is bold, a line feed is a ``<br>``."""
        return _marked("".join(map(self._piece, pieces(printable(text), phrase))))

    def blocks(self, text: str | None) -> Markup:
        """Write a text of several paragraphs, at a place where a line may begin."""
        return _marked("\n\n".join(map(self.typed, paragraphs(printable(text or "")))))

    def spoken(self, entry: Entry) -> Markup:
        """Write the text of an entry, with its speaker and its marker."""
        return self.typed(said(entry), entry.marker.phrase if entry.marker else None)

    def bullets(self, items: Iterable[Item], stars: str = "*") -> Markup:
        """Write items and their sub-items, a line each."""
        lines = (f"{stars} {self.typed(item.text)}\n{self.bullets(item.items, stars + '*')}" for item in items)
        return _marked("".join(lines))

    def task(self, known: Task) -> Markup:
        """Write a task's number, as a link if its address is known."""
        return self._task(known.id, known.url)

    def link(self, page: Link) -> Markup:
        """Write a link with its title; an address that is no web address is text."""
        url, title = printable(page.url), printable(page.title or "")
        return _external(url, title or url) if _URL.match(url) else self.typed(f"{url} {title}")

    def _piece(self, piece: Piece) -> str:
        match piece.kind:
            case PieceKind.URL:
                return _external(piece.text, piece.text)
            case PieceKind.TASK:
                return self._task(piece.text, url_of(self.tracker, piece.text) if self.tracker else None)
            case PieceKind.BREAK:
                return "<br>"
            case PieceKind.PHRASE:
                return f"'''{''.join(map(self._piece, piece.inner))}'''"
            case PieceKind.TEXT:
                return escape(piece.text)

    def _task(self, number: str, url: str | None) -> Markup:
        if self.prefix and self.tracker:
            return _marked(f"[[{self.prefix}:{number}|{number}]]")
        return _external(url, number) if url and _URL.match(url) else _marked(escape(number))


def _marked(wikitext: str) -> Markup:
    return Markup(wikitext)  # noqa: S704 - built here of escaped pieces


def _entity(character: str) -> str:
    return _NAMED.get(character) or f"&#{ord(character)};"


def _external(url: str, label: str) -> Markup:
    safe = _UNSAFE_IN_URL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)
    return _marked(f"[{safe.replace('&', '&amp;')} {plain(label)}]")
