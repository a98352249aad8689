"""Makes the title of a report on the wiki, such that MediaWiki accepts it unchanged.

MediaWiki refuses some titles and silently changes others: it cuts at a ``#``, decodes entities, collapses blanks. All
that it would refuse or change is removed here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from urllib.parse import unquote

from irscribe.domain.text import clean, cut

PREFIX = "Incidents/"
"""The place of all reports; it also keeps a name from being read as a namespace or another wiki."""

LONGEST_BYTES = 200
"""Bytes of a title, out of MediaWiki's 255: related pages (``/Archive``, ``Talk:``) have longer titles."""

_NO_PART_OF_A_TITLE = re.compile("[\\[\\]{}|<>#_\ufffd]")
_IN_ADDRESS = re.compile(re.escape(PREFIX) + "[0-9]{4}-[0-9]{2}-[0-9]{2}.*")
_PERCENT_ENCODING = re.compile("%(?=[0-9A-Fa-f]{2})")
_ENTITY = re.compile("&(?=[A-Za-z0-9\x80-\U0010ffff]+;)")
_SIGNATURE = re.compile("~{3,}")
_BLANKS = re.compile(" +")
_RELATIVE = frozenset({".", ".."})


def page_title(day: date, name: str) -> str:
    """Give the page's title for an incident of ``day`` with any ``name``."""
    return cut(f"{PREFIX}{day.isoformat()} {_harmless(name)}".strip(), LONGEST_BYTES)


def title_in(address: str) -> str | None:
    """Give the title that ``page_title`` made, from the address of its page; None if there is none in it."""
    found = _IN_ADDRESS.search(unquote(address).replace("_", " "))
    return found and found[0]


def _harmless(name: str) -> str:
    """Give the name without anything that MediaWiki would refuse or change."""
    shown = _NO_PART_OF_A_TITLE.sub(" ", "".join(map(_seen, clean(name))))
    apart = _ENTITY.sub("& ", _PERCENT_ENCODING.sub("% ", shown))
    return _SIGNATURE.sub("~~", clean(_BLANKS.sub(" ", _without_relative_parts(apart))))


def _seen(character: str) -> str:
    """Give the character, or a blank for an invisible one."""
    return " " if unicodedata.category(character) == "Cf" else character


def _without_relative_parts(name: str) -> str:
    return "/".join(part for part in name.split("/") if part.strip() not in _RELATIVE)
