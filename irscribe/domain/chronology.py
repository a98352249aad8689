"""The order of the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import itemgetter
from typing import TypeVar

T = TypeVar("T")


def chronological(entries: Iterable[T], *, at: Callable[[T], datetime | None]) -> list[T]:
    """Sort entries, given by number, by their times; one of unknown time follows the entry numbered before it."""
    first: list[T] = []
    runs: list[tuple[datetime, list[T]]] = []
    for each in entries:
        when = at(each)
        if when is not None:
            runs.append((when, [each]))
        else:
            (runs[-1][1] if runs else first).append(each)
    runs.sort(key=itemgetter(0))
    return [*first, *(each for _, run in runs for each in run)]
