"""Splits typed text into links and text; every format writes the pieces in its own way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# The search is fast because each match begins with one of a few characters.
_LINKS = re.compile(
    r"""
    [Hh\nT]
    (?:
      (?P<url> (?<! [A-Za-z0-9]. ) (?<= [Hh] ) (?i:ttps?)://   # never the tail of another word
               (?: [^\W_] | \[[0-9A-Fa-f:.]+\] )               # a host, or an IPv6 address
               [^\s<>"\x00-\x1f\x7f\ufffd]* )
    | (?P<task> (?<! [\w/.:#@-]T ) (?<= T ) [0-9]{2,7} (?! \w | [/.:#@-]\w ) )
    | (?P<break> (?<= \n ) )
    )
    """,
    re.VERBOSE,
)
_ENDS_A_SENTENCE = frozenset(",;.:!?'*_~|")
_OPENS = {")": "(", "]": "[", "}": "{"}


class PieceKind(StrEnum):
    """The kind of a piece of typed text."""

    TEXT = "text"
    URL = "url"
    TASK = "task"
    BREAK = "break"
    PHRASE = "phrase"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of a text, as typed; ``inner`` are the pieces of a PHRASE, which is shown in bold."""

    kind: PieceKind
    text: str
    inner: tuple[Piece, ...] = ()


def pieces(text: str, phrase: str | None = None) -> tuple[Piece, ...]:
    """Split a text into pieces; their texts joined give the text.

    The first occurrence of ``phrase`` becomes one PHRASE piece; a BREAK is one line feed.
    """
    start = text.find(phrase) if phrase else -1
    if not phrase or start < 0:
        return tuple(_links(text))
    end = start + len(phrase)
    bold = Piece(kind=PieceKind.PHRASE, text=phrase, inner=tuple(_links(phrase)))
    return (*_links(text[:start]), bold, *_links(text[end:]))


def paragraphs(text: str) -> tuple[str, ...]:
    """Split a text into paragraphs, which blank lines separate."""
    return tuple(part for part in re.split(r"\n\s*\n", text.strip()) if part)


def _links(text: str) -> Iterator[Piece]:
    position = 0
    while found := _LINKS.search(text, position):
        kind = PieceKind(found.lastgroup or PieceKind.TEXT)
        end = _url_end(text, *found.span()) if kind is PieceKind.URL else found.end()
        if found.start() > position:
            yield Piece(kind=PieceKind.TEXT, text=text[position : found.start()])
        yield Piece(kind=kind, text=text[found.start() : end])
        position = end
    if position < len(text):
        yield Piece(kind=PieceKind.TEXT, text=text[position:])


def _url_end(text: str, start: int, end: int) -> int:
    """The end of a URL in prose: before closing punctuation, and before a bracket that it did not open."""
    while text[end - 1] in _ENDS_A_SENTENCE or _is_unopened(text[start:end]):
        end -= 1
    return end


def _is_unopened(url: str) -> bool:
    opening = _OPENS.get(url[-1])
    return opening is not None and url.count(url[-1]) > url.count(opening)
