"""Reads the day by which something is to be done: ``2026-12-24``, ``tomorrow``, ``friday``, ``in 2 weeks``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import chain

WEEK = timedelta(days=7)
YEARS = range(1970, 3000)
"""The years that a day may have: the same as in a report."""
_LEAP_YEARS_APART = 8
"""The most years from one 29 February to the next."""
_CENTURY = 2000

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORTEST = 3
"""The fewest letters of a weekday or a month."""
_LEADING = re.compile(r"(?:by|on|until|till)\s+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_WEEKDAY = re.compile(r"(?:(?P<which>this|next)\s+)?(?P<day>[a-z]{3,9})\.?")
_SPAN = re.compile(r"(?:in\s+|\+)?(?P<count>an?|\d{1,3})\s*(?P<unit>d|w|days?|weeks?)", re.ASCII)
_DAY_MONTH = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s*(?:of\s+)?(?P<month>[a-z]{3,9})\.?(?:,?\s*(?P<year>\d{4}))?"
)
_MONTH_DAY = re.compile(r"(?P<month>[a-z]{3,9})\.?\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{4}))?")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d\d)?)?", re.ASCII)


def days(typed: str, *, today: date) -> tuple[date, ...]:
    """Give the days that a text may mean, earliest first: none if it is no day, two if it may be either.

    A day without its year is the next such day; a weekday is one of the next seven days.
    """
    text = _LEADING.sub("", " ".join(typed.casefold().split()).rstrip(".,;"), count=1)
    readers = (_of_word, _of_iso, _of_weekday, _of_span, _of_month, _of_numbers)
    found = chain.from_iterable(reader(text, today) for reader in readers)
    return tuple(sorted({each for each in found if each.year in YEARS}))


def _of_word(text: str, today: date) -> Iterator[date]:
    ahead = {"today": 0, "tonight": 0, "tomorrow": 1, "next week": 7}.get(text)
    if ahead is not None:
        yield today + timedelta(days=ahead)


def _of_iso(text: str, _today: date) -> Iterator[date]:
    if found := _ISO.fullmatch(text):
        yield from _calendar(*map(int, found.groups()))


def _of_weekday(text: str, today: date) -> Iterator[date]:
    """Give the coming such day; on that day itself it may be today, and ``next`` may mean the one after."""
    found = _WEEKDAY.fullmatch(text)
    place = None if found is None else _place(found["day"], _WEEKDAYS)
    if found is None or place is None:
        return
    ahead = timedelta(days=(place - today.weekday()) % 7)
    if found["which"] == "next":
        yield from {today + (ahead or WEEK), today + ahead + WEEK}
    else:
        yield today + ahead
        if not ahead and found["which"] is None:
            yield today + WEEK


def _of_span(text: str, today: date) -> Iterator[date]:
    if found := _SPAN.fullmatch(text):
        count = 1 if found["count"].startswith("a") else int(found["count"])
        yield today + count * (WEEK if found["unit"].startswith("w") else timedelta(days=1))


def _of_month(text: str, today: date) -> Iterator[date]:
    found = _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text)
    month = None if found is None else _place(found["month"], _MONTHS)
    if found is not None and month is not None:
        yield from _in_year(found["year"], month + 1, int(found["day"]), today)


def _of_numbers(text: str, today: date) -> Iterator[date]:
    """Give the days of ``24.12.`` or ``12/24``: day and month in either order, if there are such days."""
    if found := _NUMBERS.fullmatch(text):
        first, _, second, year = found.groups()
        for month, day in ((first, second), (second, first)):
            yield from _in_year(year, int(month), int(day), today)


def _in_year(year: str | None, month: int, day: int, today: date) -> Iterator[date]:
    if year is not None:
        yield from _calendar(int(year) + (_CENTURY if int(year) < 100 else 0), month, day)  # noqa: PLR2004 - two digits
        return
    years = range(today.year, today.year + _LEAP_YEARS_APART + 1)
    coming = chain.from_iterable(_calendar(each, month, day) for each in years)
    yield from [each for each in coming if each >= today][:1]


def _calendar(year: int, month: int, day: int) -> Iterator[date]:
    with suppress(ValueError):  # there is no such day
        yield date(year, month, day)


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Give the index of the only name that begins with a word of three letters or more."""
    places = [place for place, name in enumerate(names) if name.startswith(word)]
    return places[0] if len(places) == 1 and len(word) >= _SHORTEST else None
