"""The title a report has on the wiki: one that MediaWiki takes as it stands, or none at all.

MediaWiki refuses some titles, but silently changes others: it cuts at a ``#``, decodes entities, collapses blanks. So
whatever it would touch is gone before it is asked.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from irscribe.domain.text import clean, cut

PREFIX = "Incidents/"
"""Where the reports of an organisation lie; also what keeps a name from being read as a namespace or another wiki."""

LONGEST_BYTES = 200
"""What a title may take of MediaWiki's 255: a page beside it (``/Archive``, ``Talk:``) needs room as well."""

_NO_PART_OF_A_TITLE = re.compile("[\\[\\]{}|<>#_\ufffd]")
_PERCENT_ENCODING = re.compile("%(?=[0-9A-Fa-f]{2})")
_ENTITY = re.compile("&(?=[A-Za-z0-9\x80-\U0010ffff]+;)")
_SIGNATURE = re.compile("~{3,}")
_BLANKS = re.compile(" +")
_RELATIVE = frozenset({".", ".."})


def page_title(day: date, name: str) -> str:
    """The title of the page for an incident of ``day`` called ``name``, whatever was typed as its name."""
    return cut(f"{PREFIX}{day.isoformat()} {_harmless(name)}".strip(), LONGEST_BYTES)


def _harmless(name: str) -> str:
    """The name without what MediaWiki would refuse or change."""
    shown = _NO_PART_OF_A_TITLE.sub(" ", "".join(map(_seen, clean(name))))
    apart = _ENTITY.sub("& ", _PERCENT_ENCODING.sub("% ", shown))
    return _SIGNATURE.sub("~~", clean(_BLANKS.sub(" ", _without_relative_parts(apart))))


def _seen(character: str) -> str:
    """The character, or a blank for one that only a program would see."""
    return " " if unicodedata.category(character) == "Cf" else character


def _without_relative_parts(name: str) -> str:
    return "/".join(part for part in name.split("/") if part.strip() not in _RELATIVE)
