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
# An address that MediaWiki links as it stands: nothing in it is markup or an entity, or would be percent-encoded.
_BARE = re.compile(
    r"""
    (?i:https?)://
    (?: [^\W_] | [-._/?#@$+,=%:;()*] | _(?!_) | ~(?!~~) | !(?!!) | &(?! [#] | \w+ (?:;|\Z) ) )+
    (?<! [,;.:!?*_] )
    """,
    re.VERBOSE,
)
# The end of a bare address; MediaWiki leaves punctuation out, and a bracket that the address does not open. An
# entity would belong to the address, so that nothing may follow that ``escape`` makes one of.
_ENDS = re.compile(r"[,.?]*(?:\s|\Z)")
_ENDS_IN_BRACKETS = re.compile(r"[,.?)]*(?:\s|\Z)")
_CODE = re.compile(r"`[^`\n]+`")


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
        shown = printable(text)
        return _marked(self._pieces(pieces(shown, phrase), shown))

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
        if not _URL.match(url):
            return self.typed(f"{url} {title}")
        return _external(url, title) if title else _address(url, before="", behind="")

    def _pieces(self, found: Iterable[Piece], text: str) -> str:
        """Write the pieces of a text; a task in a command in backticks is no link: it is there to be copied."""
        written, position = [], 0
        code = [each.span() for each in _CODE.finditer(text)]
        for piece in found:
            end = position + len(piece.text)
            in_code = any(begin < position < stop for begin, stop in code)
            if piece.kind is PieceKind.TASK and in_code:
                written.append(escape(piece.text))
            else:
                written.append(self._piece(piece, before=text[:position][-1:], behind=text[end:]))
            position = end
        return "".join(written)

    def _piece(self, piece: Piece, *, before: str, behind: str) -> str:
        match piece.kind:
            case PieceKind.URL:
                return _address(piece.text, before=before, behind=behind)
            case PieceKind.TASK:
                return self._task(piece.text, url_of(self.tracker, piece.text) if self.tracker else None)
            case PieceKind.BREAK:
                return "<br>"
            case PieceKind.PHRASE:
                return f"'''{self._pieces(piece.inner, piece.text)}'''"
            case PieceKind.TEXT:
                return escape(piece.text)

    def _task(self, number: str, url: str | None) -> Markup:
        if self.prefix and self.tracker:
            return _marked(f"[[{self.prefix}:{number}]]")
        return _external(url, number) if url and _URL.match(url) else _marked(escape(number))


def _marked(wikitext: str) -> Markup:
    return Markup(wikitext)  # noqa: S704 - built here of escaped pieces


def _entity(character: str) -> str:
    return _NAMED.get(character) or f"&#{ord(character)};"


def _address(url: str, *, before: str, behind: str) -> Markup:
    """Write an address as it stands if MediaWiki then links it and nothing else, otherwise with itself as the label."""
    ends = (_ENDS if "(" in url else _ENDS_IN_BRACKETS).match(behind)
    if ends and before != "_" and _BARE.fullmatch(url):
        return _marked(url)
    return _external(url, url)


def _external(url: str, label: str) -> Markup:
    safe = _UNSAFE_IN_URL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)
    return _marked(f"[{safe.replace('&', '&amp;')} {plain(label)}]")
