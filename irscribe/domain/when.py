"""The grammar of WHEN, as a person types it; the day of a bare time is resolved elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum, StrEnum

from irscribe.domain.errors import RefusedError
from irscribe.domain.moment import Precision

EARLIEST_YEAR = 1970

_DASH = "[-–—]"
_AT = r"(?i:at)\s+"
_APPROXIMATELY_BEFORE = r"(?:~\s*|(?i:ca)(?:\.\s*|\s+))"
_APPROXIMATELY_AFTER = r"(?:\s*\((?i:approximately|approx\.?|ca\.?)\))"
_STOP = rf"(?=(?:[:,]|{_DASH})?(?:\s|\Z))"

_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY = rf"(?:{_DATE}[Tt]|(?:{_DATE}|(?i:yesterday|today))\s+(?:{_AT})?)"
# 3:40 pm is no WHEN: read as 03:40 it would be wrong by twelve hours, and nobody would notice.
_TWELVE_HOURS = r"(?:0?[0-9]|1[0-2]):[0-9:]+\s*[AaPp]\.?[Mm]\b"
_CLOCK = rf"(?!{_TWELVE_HOURS})[0-2]?[0-9]:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]+)?)?"
_EAST = r"\+(?:0[0-9]|1[0-4])"
_FURTHEST_WEST = 12
_WEST_IN_USE = re.compile("(?:0[1-9]|1[0-2]):[03]0")
_WEST = "-(?:0[0-9]|1[0-2])"
# After a minus HH:MM is the end of a range, so that a western offset has no colon, except in the date-time of RFC 3339
# with its T; a bare "+20" after a blank is text.
_OFFSET = rf"(?:{_EAST}(?::?[0-5][0-9])?|\s+{_EAST}:?[0-5][0-9]|\s*{_WEST}[0-5][0-9])"
_UTC = r"(?:[Zz]|utc|gmt|\s*(?:UTC|GMT|Z))"
_UTC_OFFSET = rf"\s*(?:UTC|GMT)(?:{_EAST}(?::?[0-5][0-9])?|{_WEST}(?:[0-5][0-9])?|[+-][0-9])"
_ZONE = f"(?:{_UTC_OFFSET}|{_UTC}|{_OFFSET})"
_RFC_3339_WEST = rf"{_WEST}:[0-5][0-9](?![0-9]|:[0-9])"
_POINT = f"(?:{_DATE}[Tt]{_CLOCK}{_RFC_3339_WEST}|{_DAY}?{_CLOCK}{_ZONE}?|{_DATE})"


def _span(gap: str) -> str:
    units = ("d(?:ays?)?", "h(?:ours?|rs?)?", "m(?:in(?:utes?|s)?)?", "s(?:ec(?:onds?|s)?)?")
    return "(?=[0-9])" + gap.join(f"(?:[0-9]+{gap}(?i:{unit})(?![a-z]))?" for unit in units)


_AGO = f"-{_span('')}|" + _span(r"\s?") + r"\s+(?i:ago)"
_RANGE = rf"(?P<begin>{_POINT})(?:\s*{_DASH}\s*(?P<ending>~\s*)?(?P<end>{_POINT}))?"
_WHEN = re.compile(
    rf"(?P<at>{_AT})?(?P<before>{_APPROXIMATELY_BEFORE})?(?:(?P<square>\[)\s*|(?P<round>\()\s*)?(?P<inside>{_APPROXIMATELY_BEFORE})?"
    rf"(?:(?(at)(?!))(?:(?P<word>now|\?\?:\?\?)|(?P<ago>{_AGO}))|{_RANGE})"
    rf"(?P<after>{_APPROXIMATELY_AFTER})?(?(square)\s*\])(?(round)\s*\))(?P<behind>{_APPROXIMATELY_AFTER})?{_STOP}"
)
_PARTS = re.compile(
    rf"(?:(?P<date>{_DATE})|(?P<name>(?i:yesterday|today)))?(?:[Tt]|\s+(?:{_AT})?)?"
    rf"(?:(?P<hour>[0-9]+):(?P<minute>[0-9]+)(?::(?P<second>[0-9]+)(?:[.,][0-9]+)?)?(?P<zone>{_RFC_3339_WEST}|{_ZONE})?)?"
)
_AMOUNT = re.compile(r"([0-9]+)\s?([dhms])", re.IGNORECASE)
_SEPARATOR = re.compile(rf"\s*(?:(?:[:,]|{_DASH})(?=\s|\Z))?\s*")
_UP_TO_THE_LAST_POINT = rf"(?:{_AT})?(?:{_APPROXIMATELY_BEFORE}|[\[(]\s*)*(?P<first>{_POINT}\s*{_DASH}\s*~?)?"
_OFFSET_OR_END = re.compile(
    rf"{_UP_TO_THE_LAST_POINT}(?P<date>{_DATE})(?P<joint>[Tt]|\s+(?:{_AT})?)(?P<clock>{_CLOCK})(?:\s*(?:UTC|GMT))?"
    r"-(?P<behind>(?P<hours>[0-2][0-9]):[0-5][0-9])(?![0-9]|:[0-9])"
)
_CLOSING = re.compile(rf"{_APPROXIMATELY_AFTER}?(?:\s*[\])])?{_APPROXIMATELY_AFTER}?")
_AMBIGUOUS = re.compile(
    rf"{_UP_TO_THE_LAST_POINT}{_DAY}?(?P<clock>{_CLOCK})[\])]?\s*"
    r"(?P<zone>CET|CEST|BST|IST|EST|EDT|CST|CDT|MST|MDT|PST|PDT|EET|EEST|WET|WEST|MSK|JST|AEST|AEDT)(?!\w|-[^\W\d])"
)


class Word(StrEnum):
    """A word that is a WHEN."""

    NOW = "now"
    UNKNOWN = "??:??"


class DayName(Enum):
    """A day by name; the value is the number of days back."""

    TODAY = 0
    YESTERDAY = 1


@dataclass(frozen=True, kw_only=True)
class Point:
    """A time of day, a day, or both; ``offset`` is the offset of the clock from UTC, positive to the east."""

    day: date | DayName | None = None
    clock: time | None = None
    offset: timedelta = timedelta()
    precision: Precision = Precision.MINUTE


@dataclass(frozen=True, kw_only=True)
class Unclear:
    """A dated time with ``-HH:MM`` directly behind it; ``readings`` are pairs of a clear WHEN and its meaning."""

    what: str
    readings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class When:
    """A WHEN that is not resolved yet; a timedelta counts back from now."""

    begin: Point | timedelta | Word | Unclear
    end: Point | None = None
    approximate: bool = False


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """The parts of a text: its WHEN and the rest."""

    when: When | None
    rest: str


def parse(text: str) -> Parsed:
    """Parse the WHEN at the beginning of a text; one separator behind it is dropped.

    Raises RefusedError for a text that is meant as a time and cannot be one.
    """
    text = text.lstrip()
    if ambiguous := _AMBIGUOUS.match(text):
        _read_point(ambiguous["clock"])
        raise RefusedError(
            f"{ambiguous['zone']} can mean more than one time: "
            "type the offset in its place (+01:00, -0500), or the time in UTC."
        )
    either = _OFFSET_OR_END.match(text)
    if either and _is_unclear(either):
        return _read_unclear(text, either)
    found = _WHEN.match(text)
    if found is None:
        return Parsed(when=None, rest=text)
    return Parsed(when=_read(found), rest=_behind(text, found.end()))


def _behind(text: str, end: int) -> str:
    separator = _SEPARATOR.match(text, end)
    return text[separator.end() if separator else end :]


def _is_unclear(found: re.Match[str]) -> bool:
    """True if ``-HH:MM`` behind a dated time may be its offset or an end, or stands for an offset and is none."""
    possible = int(found["hours"]) <= _FURTHEST_WEST
    if found["joint"] in "Tt":
        return not possible
    return possible and _WEST_IN_USE.fullmatch(found["behind"]) is not None


def _read_unclear(text: str, found: re.Match[str]) -> Parsed:
    behind = found["behind"]
    as_offset = f"{found['date']}T{found['clock']}-{behind}"
    as_range = f"{found['date']} {found['clock']} - {behind}"
    possible = int(found["hours"]) <= _FURTHEST_WEST
    first = (found["first"] or "").rstrip("~")
    if not possible and first:
        raise RefusedError(f"-{behind} is no offset from UTC, and a range has two ends: type these only.")
    clear = parse(text[: found.start("date")] + (as_offset if possible else as_range) + text[found.end() :])
    mark = "~" if clear.when is not None and clear.when.approximate else ""
    readings = (
        (f"{mark}{first}{as_offset}", f"for the time {behind} behind UTC"),
        (f"{mark}{as_range}", "for the range"),
    )
    unclear = Unclear(
        what=f"-{behind} may be an offset or an end" if possible else f"-{behind} is no offset from UTC",
        readings=readings[not possible : 1 if first else None],
    )
    closing = _CLOSING.match(text, found.end())
    return Parsed(when=When(begin=unclear), rest=_behind(text, closing.end() if closing else found.end()))


def _read(found: re.Match[str]) -> When:
    approximate = any(found[group] for group in ("before", "inside", "ending", "after", "behind"))
    if found["word"]:
        return When(begin=Word(found["word"]), approximate=approximate)
    if found["ago"]:
        return When(begin=_read_span(found["ago"]), approximate=approximate)
    begin = _read_point(found["begin"])
    end = _read_point(found["end"]) if found["end"] else None
    if end and (begin.clock is None) != (end.clock is None):
        message = (
            f"{found['begin']} and {found['end']} make no range: give a time of day on both sides, or days only. "
            "If the second is text, leave the dash out."
        )
        raise RefusedError(message)
    return When(begin=begin, end=end, approximate=approximate)


def _read_span(text: str) -> timedelta:
    # As floats: an endless row of digits becomes infinite instead of an error of its own.
    amounts = {unit.lower(): float(amount) for amount, unit in _AMOUNT.findall(text)}
    days, hours, minutes, seconds = (amounts.get(unit, 0.0) for unit in "dhms")
    try:
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError as error:
        raise RefusedError("That is longer ago than I can count: type a date, like 2019-10-07 14:00.") from error


def _read_point(text: str) -> Point:
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise RefusedError(f"{text} is no time: type one like 15:40 or 2019-10-07 14:00.")
    day = _read_day(parts)
    if parts["hour"] is None:
        return Point(day=day, precision=Precision.DAY)
    return Point(
        day=day,
        clock=_read_clock(parts),
        offset=_read_offset(parts["zone"] or ""),
        precision=Precision.SECOND if parts["second"] else Precision.MINUTE,
    )


def _read_day(parts: re.Match[str]) -> date | DayName | None:
    if parts["name"]:
        return DayName[parts["name"].upper()]
    return _read_date(parts["date"]) if parts["date"] else None


def _read_date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year < EARLIEST_YEAR:
        raise RefusedError(
            f"{text} is no date I can use: type a day that exists, as YYYY-MM-DD, {EARLIEST_YEAR} or later."
        )
    return day


def _read_clock(parts: re.Match[str]) -> time:
    try:
        return time(int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0))
    except ValueError as error:
        typed = ":".join(filter(None, parts.group("hour", "minute", "second")))
        message = (
            f"{typed} is no time of day (those are 00:00 to 23:59): "
            "type the time again, or put a word before it if it is text."
        )
        raise RefusedError(message) from error


def _read_offset(zone: str) -> timedelta:
    digits = re.sub("[^0-9]", "", zone)
    if not digits:
        return timedelta()
    hours, minutes = (digits, "0") if len(digits) <= len("HH") else (digits[:2], digits[2:])
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if "-" in zone else offset
