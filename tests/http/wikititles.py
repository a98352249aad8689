"""Reads a title as MediaWiki does, by measurement and by its title codec: refused, changed, or as it stands."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html.entities import html5

NAMESPACES = {"Talk": 1, "User": 2, "File": 6, "MediaWiki": 8, "Template": 10, "Category": 14, "Special": -1}
INTERWIKIS = ("gerrit", "phab", "wikipedia")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e]+")
_BLANKS = re.compile("[ _\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_REFERENCE = re.compile("&(?:#([0-9]+)|#[xX]([0-9A-Fa-f]+)|([A-Za-z0-9\x80-\U0010ffff]+));")
_ILLEGAL = re.compile(
    r"""[^ %!"$&'()*,\-./0-9:;=?@A-Z\\^_`a-z~\x80-\U0010ffff+]"""
    "|%[0-9A-Fa-f]{2}|&[A-Za-z0-9\x80-\U0010ffff]+;|&#[0-9]+;|&#x[0-9A-Fa-f]+;",
)
_PREFIXED = re.compile(r"(.+?)_*:_*(.*)", re.DOTALL)
_LONGEST_BYTES = 255


@dataclass(frozen=True)
class Title:
    """A title that was read: ``text`` as MediaWiki spells it, or the reason why it is none."""

    text: str
    namespace: int = 0
    interwiki: str = ""
    code: str = ""
    reason: str = ""


def read_title(asked: str) -> Title:
    key = _key(_decode(asked))
    namespace, interwiki, name = _parted(key)
    if interwiki:
        return Title(asked, interwiki=interwiki)
    name = name.partition("#")[0].rstrip("_")
    for code, reason in _faults(name, namespace):
        return Title(asked, namespace, code=code, reason=reason)
    return Title(_spelled(name, namespace), namespace)


def _key(text: str) -> str:
    return _BLANKS.sub("_", _DIRECTIONS.sub("", text)).strip("_").removeprefix(":").lstrip("_")


def _decode(text: str) -> str:
    return unicodedata.normalize("NFC", _REFERENCE.sub(_character, text))


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return html5.get(f"{name};", match[0])
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


def _parted(key: str) -> tuple[int, str, str]:
    """Namespace, other wiki, and the rest of the name."""
    parts = _PREFIXED.fullmatch(key)
    prefix = parts[1].replace("_", " ") if parts else ""
    if prefix.lower() in INTERWIKIS:
        return 0, prefix.lower(), parts[2]
    known = {name.lower(): number for name, number in NAMESPACES.items()}
    if prefix.lower() in known:
        return known[prefix.lower()], "", parts[2]
    return 0, "", key


def _spelled(name: str, namespace: int) -> str:
    prefix = next((f"{known}:" for known, number in NAMESPACES.items() if number == namespace), "")
    return f"{prefix}{name[:1].upper()}{name[1:]}".replace("_", " ")


def _faults(name: str, namespace: int):
    """Every reason against it, in the order in which MediaWiki finds them."""
    if "\ufffd" in name:
        yield "title-invalid-utf8", "The requested page title contains an invalid UTF-8 sequence."
    if illegal := _ILLEGAL.search(name):
        yield "title-invalid-characters", f'The requested page title contains invalid characters: "{illegal[0]}".'
    if {".", ".."} & set(name.split("/")):
        yield "title-invalid-relative", "Title has relative path. Relative page titles (./, ../) are invalid."
    if "~~~" in name:
        yield "title-invalid-magic-tilde", "The requested page title contains invalid magic tilde sequence (~~~)."
    if len(name.encode()) > _LONGEST_BYTES:
        yield "title-invalid-too-long", "The requested page title is too long. It must be no longer than 255 bytes."
    if not name and namespace:
        yield "title-invalid-empty", "The requested page title is empty or contains only the name of a namespace."
