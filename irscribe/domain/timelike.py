"""Text that begins like a time and is none: the WHEN that may have been meant."""

from __future__ import annotations

import re
from datetime import date, time

_NOON = 12
_LEADING_WORDS = r"(?i:from|at|around|about|since|between|circa|roughly|approx\.?|approximately|ca\.?|today|yesterday)"
_BEFORE = re.compile(rf"[\[(~\s]*(?:{_LEADING_WORDS}[\s~]+)*")
_HALF = r"\s?(?P<half>[AaPp])\.?[Mm]\b"
_DATE = re.compile(r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})(?![0-9])")
# Hardware and IPv6 addresses go on with a colon and another group, and are nobody's time.
_MINUTES_FOLLOW = r":[0-5][0-9](?![0-9]|:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f])"
_LIKE_A_TIME = rf"(?={_MINUTES_FOLLOW}|\s?[AaPp]\.?[Mm]\b|[0-5][0-9](?:\s?UTC|Z)\b)"
_END = r"(?:(?i:ish|h|z|\s?utc)\b)?(?=[:;,\])]*(?:\s|\Z))"
# "2240 hosts down" counts, "1003 is back" is about a machine: neither tells the time.
_COUNTED = (
    r"(?!\s+(?:[a-z-]{3,}(?<!s)s\b|(?:is|was|has|are|were|had|of|and|or|more|other|new|ms|req)\b|[KMGT]i?B\b|[%°]))"
)
_DIGITS = rf"(?P<hour>[01][0-9]|2[0-3])\.?(?P<minute>[0-5][0-9]){_END}{_COUNTED}"
_CLOCKS = tuple(
    map(
        re.compile,
        (
            rf"(?P<hour>[0-2]?[0-9]){_LIKE_A_TIME}(?::?(?P<minute>[0-5][0-9])(?::[0-5][0-9])?)?(?:{_HALF})?",
            rf"(?P<hour>1[0-2]|0?[0-9])\.(?P<minute>[0-5][0-9]){_HALF}",
            rf"{_DIGITS}(?P<half>)",
        ),
    )
)
_NAMED = re.compile(r"(?i:(?P<noon>noon|midday)|midnight)(?i:ish)?(?!\w)")
_COUNTDOWN = re.compile(r"[Tt](?P<span>-(?=[0-9])(?:[0-9]{1,3}d)?(?:[0-9]{1,3}h)?(?:[0-9]{1,3}m(?:in)?)?)(?!\w)")


def suggest(text: str) -> str | None:
    """The WHEN that the beginning of a text may have been meant as, approximate; None where it is like no time."""
    before = _BEFORE.match(text)
    start = before.end() if before else 0
    if found := _COUNTDOWN.match(text, start):
        return f"~{found['span']}"
    if found := _NAMED.match(text, start):
        return "~12:00" if found["noon"] else "~00:00"
    return _suggest_point(text, start)


def _suggest_point(text: str, start: int) -> str | None:
    dated = _DATE.match(text, start)
    at = len(text) - len(text[dated.end() :].lstrip("Tt \t")) if dated else start
    clock = next((found for each in _CLOCKS if (found := each.match(text, at))), None)
    try:
        day = date(*map(int, dated.group("year", "month", "day"))).isoformat() if dated else ""
        parts = [day, _spell_clock(clock) if clock else ""]
    except ValueError:
        return None
    return "~" + " ".join(filter(None, parts)) if any(parts) else None


def _spell_clock(found: re.Match[str]) -> str:
    hour = int(found["hour"])
    if found["half"] and hour <= _NOON:
        hour = hour % _NOON + (_NOON if found["half"] in "Pp" else 0)
    return time(hour, int(found["minute"] or 0)).isoformat("minutes")
