"""A report whose every text is fit to show: one that came from a file may hold what the bot would not have kept."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from irscribe.domain.report import Report
from irscribe.domain.text import clean


def tidy(report: Report) -> Report:
    """The report without what only a terminal or a parser would see; line breaks stay."""
    tidied: Report = _tidied(report)
    return tidied


def _tidied(value: Any) -> Any:
    # of the enumerations, which are texts too, every value is ours
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
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()
