"""Typed text as Remarkup, the markup of Phabricator and Phorge tasks.

Remarkup has no escape character, so a zero-width space goes inside of whatever the server would take for markup. A
description also acts: ``@name`` subscribes and mails, a task's number or bare URL writes on that task's timeline. Typed
text must do neither, so its links stand in ``[[ … ]]``, which the server shows and does not follow; only what was given
as the task of the incident or of an actionable is left to act. The rules were read off Phorge's sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup

from irscribe.domain.report import Entry, Item, Link, Task
from irscribe.render.pieces import Piece, PieceKind, paragraphs, pieces
from irscribe.render.tidy import printable
from irscribe.render.wording import said

JOINT = "\N{ZERO WIDTH SPACE}"
GRAVE = "\N{MODIFIER LETTER GRAVE ACCENT}"
"""Shown for the backtick: a pair of those cannot be parted."""

# the search is fast because the character in front of a seam is one of some
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
    | (?<= : ) (?<! [\w:]: ) (?= [^\s:/]+: | [\w+-]+\Z )  # :emoji: (its end may be the next piece)
    | (?<= [*\[\]{\#@] ) \Z                              # a link of ours may stand behind
    )
    """,
    re.VERBOSE | re.ASCII,
)
_OPENERS = ("*", "[", "]")
"""What would be markup behind bold or a link of ours."""
_GLUED = re.compile(r"(?<=\w)(?=\[\[ )|(?<= \]\])(?=\w)", re.ASCII)
_PROSE = re.compile(r"(?![A-Z]+[:)])[A-Za-z][\w,.:;'’()/-]* \S|[0-9][0-9:-]*(?![\w.)])")
"""A beginning of a line that no block rule takes: no list, note, heading or macro."""


_ADDRESS = re.compile(r"(?i:https?)://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#]\S*)?")
_UNSAFE_IN_URL = re.compile(r"""[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]|(?<=#)#""")


def escape(text: str) -> str:
    """A stretch of text that shows as it is anywhere in a line; without links."""
    shown = _SEAMS.sub(rf"\g<0>{JOINT}", text.replace("`", GRAVE))
    return JOINT + shown if text.startswith(_OPENERS) else shown


def typed(text: str, phrase: str | None = None) -> Markup:
    """A text as a bullet or a part of one: links work, ``phrase`` is bold, a line feed starts a paragraph."""
    return _lines(text, phrase, "\n\n  ")


def blocks(text: str | None) -> Markup:
    """A text of several paragraphs; not for bullets."""
    return _marked("\n\n".join(_lines(part, None, "\n") for part in paragraphs(printable(text or ""))))


def spoken(entry: Entry) -> Markup:
    """What an entry says, with its speaker and its marker."""
    return typed(said(entry), entry.marker.phrase if entry.marker else None)


def bullets(items: Iterable[Item], indent: str = "") -> Markup:
    """Items and their sub-items, a bullet each."""
    lines = (f"{indent}- {typed(item.text)}\n{bullets(item.items, indent + '  ')}" for item in items)
    return _marked("".join(lines))


def task(known: Task) -> Markup:
    """A live reference: it writes on the task's timeline that the incident speaks of it."""
    return _marked(known.id)


def link(page: Link) -> Markup:
    """A link behind its title, since a label cannot hold every title."""
    address = _piece(Piece(kind=PieceKind.URL, text=printable(page.url)))
    return _marked(f"{typed(page.title)}: {address}" if page.title else address)


def _marked(remarkup: str) -> Markup:
    return Markup(remarkup)  # noqa: S704 - built here of escaped pieces


def _lines(text: str, phrase: str | None, feed: str) -> Markup:
    written = _written(pieces(printable(text), phrase))
    parted = _GLUED.sub(JOINT, written) if "[[ " in written else written
    return _marked(feed.join(map(_opened, parted.split("\n"))))


def _opened(line: str) -> str:
    """A line that may stand at the beginning of a block or a bullet."""
    bare = line.strip()
    return bare if not bare or bare.startswith(JOINT) or _PROSE.match(bare) else JOINT + bare


def _written(parts: Iterable[Piece]) -> str:
    """The pieces side by side; what is only shown is escaped as one, since markup may span two pieces."""
    return "".join(
        escape("".join(each.text for each in run)) if shown else "".join(map(_piece, run))
        for shown, run in groupby(parts, key=_is_only_shown)
    )


def _is_only_shown(piece: Piece) -> bool:
    """Whether a piece is text, or a link with an odd host."""
    return piece.kind is PieceKind.TEXT or (piece.kind is PieceKind.URL and not _ADDRESS.fullmatch(piece.text))


def _piece(piece: Piece) -> str:
    match piece.kind:
        case PieceKind.URL:
            return _address(piece.text)
        case PieceKind.TASK:
            return f"[[ /{piece.text} | {piece.text} ]]"
        case PieceKind.BREAK:
            return "\n"
        case PieceKind.PHRASE:
            return f"**{_written(piece.inner)}**"
        case PieceKind.TEXT:
            return escape(piece.text)


def _address(url: str) -> str:
    """A link; what has an odd host is only shown."""
    if not _ADDRESS.fullmatch(url):
        return escape(url)
    safe = _UNSAFE_IN_URL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)
    shown = url if "]" not in url and "{" not in url else safe
    label = "" if shown == safe else f" | {shown.replace('`', GRAVE)}"
    return f"[[ {safe}{label} ]]"
