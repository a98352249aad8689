"""Writes typed text as Remarkup, the markup of Phabricator and Phorge tasks.

Remarkup has no escape character, so a zero-width space is put inside all text that the server would read as markup. A
description also acts: ``@name`` subscribes and mails, a task's number or bare URL writes on that task's timeline. Typed
text must do neither, so its links stand in ``[[ … ]]``, which the server shows and does not follow; only the task of
the incident and those of actionables act. The rules were read in Phorge's sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from irscribe.domain.report import Entry, Item, Link, Task
from irscribe.render.pieces import Piece, PieceKind, paragraphs, pieces
from irscribe.render.tidy import printable
from irscribe.render.wording import said

JOINT = "\N{ZERO WIDTH SPACE}"
GRAVE = "\N{MODIFIER LETTER GRAVE ACCENT}"
"""The character shown for a backtick outside of ``_CODE``, as a pair of backticks cannot be parted."""
_CODE = re.compile(r"(?<![\w`#])`(?!\s)(?:(?!\$\{\{\{)[^`\n])*[^`\s]`(?![`\w])")
"""Matches text in backticks, such as a command: the server reads no markup in it, so it stays as it was typed."""

# The search is fast because each match begins with one of a few characters.
_SEAMS = re.compile(
    r"""
    [*/_~!\#{}\[\]@:A-Z0-9a-fr]
    (?:
      (?<= \b[A-Z0-9a-fr] )
      (?:
        (?<= [A-Z] ) (?= [1-9][0-9]*\b )                  # T1, F1, P1
      | (?<= r ) (?= [A-Z]+:?[0-9a-f] ) | (?<= R ) (?= [0-9]+: )
      | (?<= [0-9a-f] ) (?= [0-9a-f]{6,39}\b )            # a commit without its repository
      )
    | (?<= ([*/_~!\#{}\[\]]) ) (?= \1 )                   # markers are doubled
    | (?<= \] ) (?= \( ) | (?<= \{ ) (?= \S )             # [label](link), {F1}, {icon …}, {{{
    | (?<= @ ) (?<! \w@ ) (?= [\w.{-] )                   # @name
    | (?<= \# ) (?<! \w\# ) (?= \S )                      # #project
    | (?<= : ) (?<! \w: ) (?= [^\s:/]+: | [\w+-]+\Z )      # :emoji: (its end may be the next piece)
    | (?<= [*\[\]{\#@] ) \Z                              # one of our links may follow
    )
    """,
    re.VERBOSE | re.ASCII,
)
_OPENERS = ("*", "[", "]")
"""Characters that would be markup behind bold text or one of our links."""
_GLUED = re.compile(r"(?<=\w)(?=\[\[ )|(?<= \]\])(?=\w)", re.ASCII)
_PROSE = re.compile(r"(?![A-Z]+[:)])[A-Za-z][\w,.:;'’()/-]* \S|[0-9][0-9:-]*(?![\w.)])")
"""The beginning of a line that no block rule matches: no list, note, heading or macro."""


_ADDRESS = re.compile(r"(?i:https?)://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#]\S*)?")
_BREAKS_LABEL = re.compile(r"[]{]|##")
_UNSAFE_IN_URL = re.compile(r"""[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]|(?<=#)#""")


def escape(text: str) -> str:
    """Escape a text so that Remarkup shows it as it is, at any place of a line; it has no links."""
    shown = _SEAMS.sub(rf"\g<0>{JOINT}", text.replace("`", GRAVE))
    return JOINT + shown if text.startswith(_OPENERS) else shown


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Writes typed texts; ``linked`` is false where no task server will read them, so that a task's number is text."""

    linked: bool

    def typed(self, text: str, phrase: str | None = None) -> Markup:
        """Write a text as a bullet or a part of one: links work, ``phrase`` is bold, a line feed starts a paragraph."""
        return self._lines(text, phrase, "\n\n  ")

    def blocks(self, text: str | None) -> Markup:
        """Write a text of several paragraphs; not for bullets."""
        return _marked("\n\n".join(self._lines(part, None, "\n") for part in paragraphs(printable(text or ""))))

    def spoken(self, entry: Entry) -> Markup:
        """Write the text of an entry, with its speaker and its marker."""
        return self.typed(said(entry), entry.marker.phrase if entry.marker else None)

    def bullets(self, items: Iterable[Item], indent: str = "") -> Markup:
        """Write items and their sub-items, a bullet each."""
        lines = (f"{indent}- {self.typed(item.text)}\n{self.bullets(item.items, indent + '  ')}" for item in items)
        return _marked("".join(lines))

    def task(self, known: Task) -> Markup:
        """Write a reference that acts: the task's timeline then mentions the incident."""
        return _marked(known.id if self.linked else escape(known.id))

    def link(self, page: Link) -> Markup:
        """Write a link behind its title, because a label cannot hold every title."""
        address = self._piece(Piece(kind=PieceKind.URL, text=printable(page.url)))
        return _marked(f"{self.typed(page.title)}: {address}" if page.title else address)

    def _lines(self, text: str, phrase: str | None, feed: str) -> Markup:
        written = "".join(self._parts(printable(text), phrase))
        parted = _GLUED.sub(JOINT, written) if "[[ " in written else written
        return _marked(feed.join(map(_opened, parted.split("\n"))))

    def _parts(self, text: str, phrase: str | None) -> Iterator[str]:
        """Give the text with its markup, code and what stands between it by turns."""
        position = 0
        for code in _CODE.finditer(text) if "`" not in (phrase or "") else ():
            yield self._written(pieces(text[position : code.start()], phrase))
            yield code[0]
            position = code.end()
        yield self._written(pieces(text[position:], phrase))

    def _written(self, parts: Iterable[Piece]) -> str:
        """Join pieces; adjacent texts are escaped together, because markup may span two pieces."""
        return "".join(
            escape("".join(each.text for each in run)) if shown else "".join(map(self._piece, run))
            for shown, run in groupby(parts, key=self._is_only_shown)
        )

    def _is_only_shown(self, piece: Piece) -> bool:
        """True if a piece is text, a link with an unusual host, or a task that is no link."""
        match piece.kind:
            case PieceKind.URL:
                return not _ADDRESS.fullmatch(piece.text)
            case PieceKind.TASK:
                return not self.linked
        return piece.kind is PieceKind.TEXT

    def _piece(self, piece: Piece) -> str:
        match piece.kind:
            case PieceKind.URL:
                return _address(piece.text)
            case PieceKind.TASK:
                return f"[[ /{piece.text} | {piece.text} ]]"
            case PieceKind.BREAK:
                return "\n"
            case PieceKind.PHRASE:
                return f"**{self._written(piece.inner)}**"
            case PieceKind.TEXT:
                return escape(piece.text)


ON_SERVER = Writer(linked=True)
"""Writes what the task server is given."""


def _marked(remarkup: str) -> Markup:
    return Markup(remarkup)  # noqa: S704 - built here of escaped pieces


def _opened(line: str) -> str:
    """Make a line fit for the beginning of a block or a bullet."""
    bare = line.strip()
    return bare if not bare or bare.startswith(JOINT) or _PROSE.match(bare) else JOINT + bare


def _address(url: str) -> str:
    """Write a link; one with an unusual host is text."""
    if not _ADDRESS.fullmatch(url):
        return escape(url)
    scheme, colon, rest = url.partition(":")
    # A scheme in capitals would be the name of a page on the server.
    known = scheme.lower() + colon + rest
    safe = _UNSAFE_IN_URL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), known)
    shown = safe if _BREAKS_LABEL.search(url) else url
    label = "" if shown == safe else f" | {shown.replace('`', GRAVE)}"
    return f"[[ {safe}{label} ]]"
