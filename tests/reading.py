"""A rendered page as its reader sees it: the elements in order, each with its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib

BLOCKS = {"p", "li", "td", "th", "h1", "h2", "h3", "h4", "caption", "dd", "dt", "figcaption", "summary"}
UNSEEN = {"style", "script", "title", "desc", "head"}
MADE_BY_US = {"a", "br"}
"""The elements that typed text may turn into: links, and the ends of its lines."""

SENTINEL = "Qwertyuiop"
"""A text without anything to escape; it stands where another text will stand."""


def squeezed(text: str) -> str:
    """The text as ``nasty-inputs.json`` wants it compared."""
    return re.sub(r"[\s\u00a0]+", " ", text).strip()


@lru_cache(maxsize=4)
def page(markup: str) -> Element:
    """The parsed page, to be read only: it is parsed once for all who ask about it."""
    parsed: Element = html5lib.parse(markup, namespaceHTMLElements=False)
    return parsed


def blocks(markup: str) -> list[tuple[str, str]]:
    """Every block with the text that stands in it itself, squeezed."""
    return [(each.tag, squeezed("".join(_own(each)))) for each in page(markup).iter() if each.tag in BLOCKS]


def tags(markup: str) -> list[str]:
    """Every element but links and line ends."""
    return [str(each.tag) for each in page(markup).iter() if each.tag not in MADE_BY_US]


def seen(markup: str) -> str:
    """All the text of the page, squeezed."""
    return squeezed(" ".join(text for _, text in blocks(markup)))


def links(markup: str) -> list[str]:
    """The addresses of the links, in order."""
    return [each.get("href", "") for each in page(markup).iter("a")]


def _own(element: Element) -> Iterator[str]:
    """The texts of an element, without those of the blocks in it."""
    yield element.text or ""
    for child in element:
        if child.tag not in BLOCKS | UNSEEN | {"ul", "ol"}:
            yield from _own(child)
        if child.tag == "br":
            yield " "
        yield child.tail or ""
