"""Suggests a WHEN for a text that begins like a time and is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from irscribe.domain import when
from irscribe.domain.clocklike import COUNTED, MEASURED, STOP, Guess, clock
from irscribe.domain.errors import RefusedError
from irscribe.domain.when import Point

_TYPED_SHOWN = 40
"""Characters of a typed text that a sentence repeats."""
_ONE_DAY = timedelta(days=1)

_APPROXIMATE = re.compile(r"~|(?i:around|about|circa|roughly|approx|ca\b)")
_LEADING_WORDS = r"(?i:from|at|on|around|about|since|between|circa|roughly|approx\.?|approximately|ca\.?)"
_BEFORE = re.compile(rf"[\[(~\s]*(?:{_LEADING_WORDS}[\s~]+)*")
_BEFORE_CLOCK = re.compile(rf"[Tt,\s~]*(?:{_LEADING_WORDS}[\s~]+)*")

_DATE = re.compile(r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})(?![0-9])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))\b\.?"
)
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?=,?\s)"
_DATES_BEFORE_A_CLOCK = tuple(
    map(
        re.compile,
        (
            rf"{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?(?=[,\s])",
            rf"{_DAY}\.?\s+{_MONTH}(?:,?\s+{_YEAR})?(?=[,\s])",
            rf"(?P<day>[0-3]?[0-9])\.(?P<month>[01]?[0-9])(?:\.{_YEAR}|\.?(?=[,\s]))",
        ),
    )
)
_DAY_NAME = re.compile(r"(?i:(?P<yesterday>yesterday)|today)(?=[:,\s]|\Z)")

_SPAN = r"(?=[0-9])(?:(?P<days>[0-9]{1,3})d)?(?:(?P<hours>[0-9]{1,3})h)?(?:(?P<minutes>[0-9]{1,3})m(?:in)?)?"
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SPANS = tuple(
    map(
        re.compile,
        (
            rf"[Tt]-{_SPAN}{STOP}",
            rf"[Tt]-(?P<minutes>[0-9]{{1,2}}){STOP}",
            rf"\+{_SPAN}{STOP}{COUNTED}{MEASURED}",
        ),
    )
)
_SPAN_IN_WORDS = re.compile(
    rf"(?i:(?P<half>half\s+)?(?P<number>an?|{'|'.join(_NUMBERS)})\s+"
    r"(?P<unit>minute|min|hour|day)s?\s+ago)(?!\w)"
)
# Most texts begin with a word that no guess begins with: one look spares them the two dozen that follow.
_MAY_BEGIN_A_TIME = re.compile(
    rf"[^A-Za-z]|(?i:t-|noon|mid|yesterday|today|half|an?\s|{'|'.join((*_MONTHS, *_NUMBERS))})",
)
_TO = re.compile(r"(?P<word>(?i:to|until|till|and))\s+")


@dataclass(frozen=True, kw_only=True)
class Meant:
    """Words that are like a time, and the WHEN to type instead."""

    typed: str
    when: str


@dataclass(frozen=True, kw_only=True)
class Today:
    """The moment at which a text was said; a date without a year is the one nearest to ``near``."""

    said_at: datetime
    near: date


def suggest(text: str, today: Today) -> Meant | None:
    """Suggest the WHEN that the beginning of a text may mean; None if ``when.parse`` reads it all, or it is no time.

    It is approximate if the typed words are. ``when.parse`` must accept the text.
    """
    text = text.lstrip()
    before = _BEFORE.match(text)
    start = before.end() if before else 0
    guess = _guess(text, start, today)
    if guess is None:
        return None
    read = when.parse(text).when
    if read is not None and not _says_more(guess, read):
        return None
    approximate = guess.approximate or _APPROXIMATE.search(text[:start]) is not None
    spelled = guess.when.removeprefix("~")
    typed = text[start : guess.end] + text[guess.end :].split(" ", 1)[0]
    return Meant(typed=typed.rstrip(":;,.)] ")[:_TYPED_SHOWN], when=f"~{spelled}" if approximate else spelled)


def spell_time(text: str, today: Today) -> Meant | None:
    """Spell the time of day that a text begins with as a WHEN, whether ``when.parse`` reads it or not."""
    read = _parsed(text)
    if read is None:
        return None
    begin = read.when.begin if read.when else None
    typed = text.removesuffix(read.rest).strip(" :,-–—")
    if isinstance(begin, timedelta):
        return Meant(typed=typed, when=_ago(begin, today))
    if isinstance(begin, Point) and begin.clock is not None:
        return Meant(typed=typed, when=typed)
    return suggest(text, today)


def _guess(text: str, start: int, today: Today) -> Guess | None:
    if not _MAY_BEGIN_A_TIME.match(text, start):
        return None
    readings: tuple[Callable[[str, int, Today], Guess | None], ...] = (_range, _span, _span_in_words, _point)
    return next((found for each in readings if (found := each(text, start, today))), None)


def _says_more(guess: Guess, read: when.When) -> bool:
    """True if the guess has an end, or a time of day, that ``read`` lacks."""
    meant = when.parse(guess.when).when
    if meant is None or not isinstance(read.begin, Point) or not isinstance(meant.begin, Point):
        return False
    return read.end is None and (meant.end is not None or (read.begin.clock is None and meant.begin.clock is not None))


def _range(text: str, start: int, _: Today) -> Guess | None:
    """Guess ``01:30 to 01:40``: two times with a word between them."""
    rest = text[start:]
    behind = _behind_time(rest)
    to = _TO.match(behind) if behind else None
    if behind is None or to is None or (to["word"].lower() == "and" and "between" not in text[:start].lower()):
        return None
    after = behind[to.end() :]
    further = _behind_time(after)
    if further is None:
        return None
    begin, end = (each.rstrip(" :,-–—") for each in (rest.removesuffix(behind), after.removesuffix(further)))
    spelled = f"{begin}-{end}"
    is_range = _behind_time(spelled) == "" and (read := when.parse(spelled).when) is not None and read.end is not None
    typed_to = len(text) - len(after) + len(end)
    return Guess(end=typed_to, when=spelled, approximate="~" in begin) if is_range else None


def _behind_time(text: str) -> str | None:
    """The text behind a time of day or a range; None if there is neither."""
    parsed = _parsed(text)
    begun = parsed.when.begin if parsed and parsed.when else None
    return parsed.rest if parsed and isinstance(begun, Point) and begun.clock is not None else None


def _parsed(text: str) -> when.Parsed | None:
    try:
        return when.parse(text)
    except RefusedError:
        return None


def _span(text: str, start: int, today: Today) -> Guess | None:
    """Guess ``T-5m`` and ``+5m``, and behind another word a WHEN that counts back."""
    if found := next((match for each in _SPANS if (match := each.match(text, start))), None):
        span = timedelta(**{unit: int(amount) for unit, amount in found.groupdict().items() if amount})
        return Guess(end=found.end(), when=_ago(span, today))
    read = _parsed(text[start:])
    if read is None or read.when is None or not isinstance(read.when.begin, timedelta):
        return None
    return Guess(end=len(text) - len(read.rest), when=_ago(read.when.begin, today))


def _span_in_words(text: str, start: int, today: Today) -> Guess | None:
    """Guess ``half an hour ago``, which is approximate."""
    found = _SPAN_IN_WORDS.match(text, start)
    if found is None:
        return None
    unit = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": _ONE_DAY}[found["unit"][0].lower()]
    number = found["number"].lower()
    span = unit * (_NUMBERS.index(number) + 1 if number in _NUMBERS else 1)
    return Guess(end=found.end(), when=_ago(span / 2 if found["half"] else span, today), approximate=True)


def _ago(span: timedelta, today: Today) -> str:
    """Spell the time that long ago: a span that is typed later would count from then."""
    said_at = today.said_at.astimezone(UTC)
    at = said_at - span
    return f"{at:%H:%M}" if at.date() == said_at.date() else f"{at:%Y-%m-%d %H:%M}"


def _point(text: str, start: int, today: Today) -> Guess | None:
    """Guess a day and a time of day in another spelling, or one of them."""
    return _dated(text, start, today) or clock(text, start) or _day_alone(text, start, today)


def _dated(text: str, start: int, today: Today) -> Guess | None:
    for each in (_DATE, _DAY_NAME, *_DATES_BEFORE_A_CLOCK):
        found = each.match(text, start)
        day = _spell_day(found, today) if found else None
        before = _BEFORE_CLOCK.match(text, found.end()) if found else None
        behind = clock(text, before.end()) if before else None
        if day and before and behind:
            approximate = behind.approximate or _APPROXIMATE.search(before[0]) is not None
            return replace(behind, when=f"{day} {behind.when}", approximate=approximate)
    return None


def _day_alone(text: str, start: int, today: Today) -> Guess | None:
    if found := _DATE.match(text, start):
        day = _spell_day(found, today)
        return Guess(end=found.end(), when=day) if day else None
    found = _DAY_NAME.match(text, start)
    if found is None or not found["yesterday"]:
        return None
    return Guess(end=found.end(), when=(today.said_at.astimezone(UTC).date() - _ONE_DAY).isoformat())


def _spell_day(found: re.Match[str], today: Today) -> str | None:
    """Spell a day as a WHEN does; without a year it is the one nearest to the incident that is not in the future."""
    parts = found.groupdict()
    if "day" not in parts:
        return found[0].lower()
    month = _MONTHS.index(parts["name"][:3].lower()) + 1 if "name" in parts else int(parts["month"])
    years = [int(parts["year"])] if parts["year"] else [today.near.year + step for step in (-1, 0, 1)]
    days = [day for year in years if (day := _day(year, month, int(parts["day"])))]
    past = [day for day in days if parts["year"] or day <= today.said_at.date()]
    return min(past, key=lambda day: abs(day - today.near)).isoformat() if past else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
