"""Prepares texts: cleans those that people type, and cuts those that are sent to a number of bytes."""

from __future__ import annotations

import re
import unicodedata

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_REMOVED = re.compile(
    # mIRC formatting codes with their arguments: colour, hex colour, then the codes that have none
    "\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?"
    "|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
    f"|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufff9-\ufffb{_BIDI}{_NONCHARACTERS}]",
)
_DIRECTIONS = re.compile(f"[{_BIDI}\ufeff]")
_BLANKS = re.compile(r"\s+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
# Letters, marks and symbols without a glyph: fillers, the blank braille pattern, variation selectors, tags.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]",
)
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_ELLIPSIS = "…"
_WIDEST_CHARACTER = 4
_CONTINUATION_MASK, _CONTINUATION = 0xC0, 0x80
_BREAKING_THE_WIRE = str.maketrans("\r\n\0", "   ")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str, *, lines: bool = False) -> str:
    """Remove the characters that have no visible form, and normalise to NFC; empty if nothing visible is left.

    Formatting codes with their arguments, control characters and direction characters are removed; a run of whitespace
    becomes one blank. If ``lines`` is true, newlines stay, with at most one empty line in a row.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _clean_lines(text) if lines else _clean_line(text)


def undirected(text: str) -> str:
    """Remove direction characters and byte order marks, which ``clean`` removes as well."""
    return text if text.isascii() else _DIRECTIONS.sub("", text)


def visible(text: str) -> bool:
    """True if a reader would see at least one character."""
    return any(_shows(character) for character in text)


def cut(text: str, limit_bytes: int) -> str:
    """Cut a text to a number of bytes of UTF-8; a text that was cut ends in ``…``."""
    if _size(text) <= limit_bytes:
        return text
    room = limit_bytes - _size(_ELLIPSIS)
    return text[: _whole(text, _fitting(text, room))].rstrip() + _ELLIPSIS if room >= 0 else ""


def wire_lines(text: str, limit_bytes: int) -> list[str]:
    """Split a text into pieces of at most that many bytes, behind blanks if possible; joined they give the text.

    No piece ends inside a character. Raises ValueError for a limit that cannot hold every character.
    """
    if limit_bytes < _WIDEST_CHARACTER:
        raise ValueError(limit_bytes)
    rest, pieces = wire_safe(text), []
    while rest:
        end = _piece_end(rest, limit_bytes)
        pieces.append(rest[:end])
        rest = rest[end:]
    return pieces


def wire_safe(text: str) -> str:
    """Make a text fit for an IRC message: without CR, LF and NUL, and without characters that UTF-8 cannot encode."""
    return _SURROGATES.sub("\ufffd", text.translate(_BREAKING_THE_WIRE))


def _clean_line(text: str) -> str:
    shown = unicodedata.normalize("NFC", _BLANKS.sub(" ", _REMOVED.sub("", text)).strip())
    return shown if visible(shown) else ""


def _clean_lines(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _EMPTY_LINES.sub("\n\n", "\n".join(clean(line) for line in lines)).strip("\n")


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN_CATEGORIES and not _UNSEEN.match(character)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _fitting(text: str, room: int) -> int:
    """The number of characters from the front that fit into ``room`` bytes."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) <= room:
        return len(text)
    while data[room] & _CONTINUATION_MASK == _CONTINUATION:
        room -= 1
    return len(data[:room].decode("utf-8", "surrogatepass"))


def _whole(text: str, end: int) -> int:
    """Move ``end`` back so that it parts no character from its marks, unless nothing would be left."""
    start = end
    while 0 < start < len(text) and _belongs_to_the_one_before(text, start):
        start -= 1
    return start or end


def _belongs_to_the_one_before(text: str, index: int) -> bool:
    character = text[index]
    return (
        unicodedata.category(character).startswith("M")
        or _JOINER in text[index - 1 : index + 1]
        or ord(character) in _SKIN_TONES
    )


def _piece_end(text: str, limit_bytes: int) -> int:
    end = _fitting(text, limit_bytes)
    if end == len(text):
        return end
    behind_a_blank = text.rfind(" ", 0, end) + 1
    return behind_a_blank if text[:behind_a_blank].strip() else _whole(text, end)
