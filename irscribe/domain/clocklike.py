"""Times of day in spellings that no WHEN has: ``3pm``, ``22.40``, ``2240``, ``noon``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_NOON = 12
STOP = r"(?=[:;,.\])]*(?:\s|\Z))"
"""The end of a word that may be a time."""
_HALF = r"\s?(?P<half>[AaPp])\.?[Mm]\b"
# Hardware and IPv6 addresses go on with a colon and another group; they are no times.
_MINUTES_FOLLOW = r":[0-5][0-9](?![0-9]|:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f])"
_LIKE_A_TIME = rf"(?={_MINUTES_FOLLOW}|\s?[AaPp]\.?[Mm]\b|[0-5][0-9](?:\s?UTC|Z)\b)"
_ISH = r"(?P<ish>(?i:ish)\b)?"
_END = rf"(?:{_ISH}|(?i:h|z|\s?utc)\b)(?=[:;,\])]*(?:\s|\Z))"
# "2240 hosts down" counts, "1003 is back" is about a machine: neither is a time.
COUNTED = (
    r"(?!\s+(?:[a-z-]{3,}(?<!s)s\b|(?:is|was|has|are|were|had|of|and|or|more|other|new|ms|req)\b|[KMGT]i?B\b|[%°]))"
)
MEASURED = (
    r"(?!\s+(?:(?i:euros?|eur|usd|gbp|chf|dollars?|percent|million|billion|bn|[kmgt]i?b|[kmg]?hz|[rq]ps|sec|min|hrs?|"
    r"load|latency|lag|delay|per|out|to)\b|[€$£]))"
)
_RELEASED = (
    r"(?!\s+(?i:version|branch|train|release[ds]?|deploy(?:ed|s|ment)?|shipped|roll(?:ed|out|back)|tagged|"
    r"upgraded?|installed|rc[0-9]*|beta)\b)"
)
_SHARES = (
    r"(?!1:1\b)(?![0-9]+:[0-9]+\s+(?i:ratio|rule|vote|majority|mix|split|odds|scale|mapping|relation|replication)\b)"
)
_LASTED = r"(?!\s+(?i:of|ago|long|later|after|in|into|total|downtime|outage)\b)"
_CLOCKS = tuple(
    map(
        re.compile,
        (
            rf"(?P<hour>[0-2]?[0-9]){_LIKE_A_TIME}(?::?(?P<minute>[0-5][0-9])(?::[0-5][0-9])?)?(?:{_HALF})?{_ISH}",
            rf"(?P<hour>1[0-2]|0?[0-9])\.(?P<minute>[0-5][0-9]){_HALF}",
            rf"(?P<hour>[01][0-9]|2[0-3])\.?(?P<minute>[0-5][0-9]){_END}{COUNTED}{MEASURED}",
            rf"(?P<hour>[0-9])\.(?P<minute>[0-5][0-9]){_END}{COUNTED}{MEASURED}{_RELEASED}",
            rf"{_SHARES}(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-9]){STOP}",
            rf"(?P<hour>[01][0-9]|2[0-3])[Hh](?P<minute>[0-5][0-9]){STOP}{_LASTED}",
        ),
    )
)
_NAMED = re.compile(r"(?i:(?P<noon>noon|midday)|midnight)(?i:ish)?(?!\w)")


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A guess at a time: where it ends in the text, and the WHEN that it stands for."""

    end: int
    when: str
    approximate: bool = False


def clock(text: str, start: int) -> Guess | None:
    """Guess a time of day at a place of a text; None if there is none."""
    if found := _NAMED.match(text, start):
        return Guess(end=found.end(), when="12:00" if found["noon"] else "00:00", approximate=True)
    found = next((match for each in _CLOCKS if (match := each.match(text, start))), None)
    spelled = _spell_clock(found) if found else None
    if found is None or spelled is None:
        return None
    # A whole hour ("3pm") is seldom meant to the minute.
    approximate = bool(found.groupdict().get("ish")) or not found["minute"]
    return Guess(end=found.end(), when=spelled, approximate=approximate)


def _spell_clock(found: re.Match[str]) -> str | None:
    hour, half = int(found["hour"]), found.groupdict().get("half")
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half in "Pp" else 0)
    try:
        return time(hour, int(found["minute"] or 0)).isoformat("minutes")
    except ValueError:
        return None
