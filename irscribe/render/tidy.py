"""A report whose every text is fit to show: one that came from a file may hold what the bot would not have kept."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from irscribe.domain.report import Report
from irscribe.domain.text import clean


def tidy(report: Report) -> Report:
    """The report without what only a terminal or a parser would see; line breaks stay."""
    tidied: Report = _tidied(report)
    return tidied


def _tidied(value: Any) -> Any:
    # of the enumerations, which are texts too, every value is ours
    if type(value) is str:
        return clean(value, lines=True)
    if isinstance(value, tuple):
        return tuple(map(_tidied, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _tidied(getattr(value, each.name)) for each in fields(value)})
    return value
