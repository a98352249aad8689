"""Cleans the texts of a report: one that came from a file may hold characters that the bot would have removed."""

from __future__ import annotations

import re
from dataclasses import is_dataclass, replace
from functools import cache
from typing import Any, get_args, get_type_hints

from irscribe.domain.report import Report
from irscribe.domain.text import clean

_LINE_FEED = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_BLANK = re.compile(r"[^\S\n]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


def tidy(report: Report) -> Report:
    """Remove the characters from the texts of a report that have no visible form; line breaks stay."""
    tidied: Report = _tidied(report)
    return tidied


def printable(text: str) -> str:
    """Remove the characters from a text that no page of a wiki or task server can hold; line breaks stay."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _UNPRINTABLE.sub("", _BLANK.sub(" ", _LINE_FEED.sub("\n", text))).strip()


def _tidied(value: Any) -> Any:
    kind: Any = type(value)
    if kind is str:
        return clean(value, lines=True)
    if kind is tuple:
        return tuple(map(_tidied, value))
    changed = {}
    for name in _fields(kind):
        before = getattr(value, name)
        after = _tidied(before)
        if after is not before:
            changed[name] = after
    return replace(value, **changed) if changed else value


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    """The fields that can hold a typed text; the values of an enumeration are our own."""
    hints = get_type_hints(kind) if is_dataclass(kind) else {}
    return tuple(name for name, hint in hints.items() if any(map(_holds_text, get_args(hint) or (hint,))))


def _holds_text(kind: Any) -> bool:
    return kind is str or is_dataclass(kind)
