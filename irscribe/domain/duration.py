"""Lengths of time: spells them, reads them where they are typed alone, and finds them in prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

_WORDS = {
    word: value
    for value, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        start=1,
    )
}
_ARTICLES = {"a": 1, "an": 1}
_FRACTIONS = {"half a": 0.5, "half an": 0.5, "a quarter of an": 0.25, "quarter of an": 0.25}
_VALUES: dict[str, float] = {**_WORDS, **_ARTICLES, **_FRACTIONS}
_AMOUNT = rf"(?:\d+(?:\.\d+)?|{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
_HALF = " and a half"
_JOINT = r"(?:,? and |, | )?"
_DAYS = rf"(?P<days>{_AMOUNT}(?:{_HALF})?)(?:[ -]?days?|(?<=\d) ?(?-i:d))"
_HOURS = rf"(?P<hours>{_AMOUNT}(?:{_HALF})?)[ -]?(?:hours?|hrs?|h)(?P<half>{_HALF})?"
_MINUTES = rf"(?P<minutes>{_AMOUNT}(?:{_HALF})?)[ -]?(?:minutes?|mins?|(?(hours)m|minutes))"
_MENTION = re.compile(
    r"(?<![\w.,:–—-])"
    r"(?P<about>(?:about|around|roughly|approximately|almost|nearly|circa|ca\.) |[~≈] ?)?"
    rf"(?:{_DAYS})?"
    rf"(?:(?(days){_JOINT}){_HOURS})?"
    rf"(?:(?(hours){_JOINT}|(?(days){_JOINT})){_MINUTES}|(?<=\dh)(?P<bare>[0-5]\d))?"
    r"(?!\w)",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"[\w.]+(?=\W*$)")
_NEXT_WORD = re.compile(r"\W{0,2}(\w+)")
# Words of bounds, rates, ranges and points in time: such a figure is not the length of an incident.
_WORDS_BEFORE = frozenset(
    {
        "after",
        "and",
        "another",
        "each",
        "every",
        "last",
        "least",
        "most",
        "next",
        "or",
        "over",
        "past",
        "per",
        "previous",
        "than",
        "to",
        "under",
        "until",
        "within",
    }
)
_WORDS_BEHIND = frozenset(
    {
        "after",
        "ago",
        "apart",
        "before",
        "earlier",
        "from",
        "interval",
        "intervals",
        "later",
        "old",
        "timeout",
        "timeouts",
    }
)
_WORDS_BEFORE_AN_ARTICLE = frozenset({"for", "lasted", "lasting", "took"})
_CHARACTERS_READ_BEFORE = 20
_TYPED_ALONE = re.compile(
    r"(?:(?P<days>\d{1,4}) ?d(?:ays?)?)? ?(?:(?P<hours>\d{1,5}) ?h(?:(?:ou)?rs?)?)? ?"
    r"(?:(?P<minutes>\d{1,6}) ?m(?:in(?:ute)?s?)?)? ?(?:(?P<seconds>\d{1,7}) ?s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE | re.ASCII,
)
_MINUTES_PER_HOUR = 60
_MINUTES_PER_DAY = 24 * _MINUTES_PER_HOUR


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A length of time in prose, with its words; ``about`` is true if they call it approximate."""

    words: str
    minutes: float
    about: bool = False


def spell_minutes(minutes: int) -> str:
    """Spell ``105`` as ``1 h 45 min``, with days from 24 hours on, and ``0`` as ``less than a minute``."""
    days, rest = divmod(minutes, _MINUTES_PER_DAY)
    hours, left = divmod(rest, _MINUTES_PER_HOUR)
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (left, "min")) if count]
    return " ".join(parts) or "less than a minute"


def read_length(typed: str) -> timedelta | None:
    """Read ``2h``, ``1h30m`` or ``10 minutes``, which is the whole text; None if it is anything else."""
    found = _TYPED_ALONE.fullmatch(" ".join(typed.split()))
    given = {} if found is None else {unit: int(count) for unit, count in found.groupdict().items() if count}
    return timedelta(**given) if given else None


def mentions(text: str) -> tuple[Mention, ...]:
    """Find the lengths of time in a text, without bounds, rates and points in time (``every 5 minutes``)."""
    hits = (hit for hit in _MENTION.finditer(text) if hit["days"] or hit["hours"] or hit["minutes"])
    return tuple(_mention(hit) for hit in hits if _is_a_length(text, hit))


def _mention(hit: re.Match[str]) -> Mention:
    return Mention(words=hit[0].strip(" ,"), minutes=_minutes(hit), about=bool(hit["about"]))


def _minutes(hit: re.Match[str]) -> float:
    hours = _value(hit["hours"]) + (0.5 if hit["half"] else 0)
    minutes = _value(hit["minutes"] or hit["bare"])
    return _value(hit["days"]) * _MINUTES_PER_DAY + hours * _MINUTES_PER_HOUR + minutes


def _value(amount: str | None) -> float:
    if amount is None:
        return 0
    whole = amount.lower().removesuffix(_HALF)
    return (_VALUES.get(whole) or float(whole)) + (0.5 if whole != amount.lower() else 0)


def _is_a_length(text: str, hit: re.Match[str]) -> bool:
    near = max(0, hit.start() - _CHARACTERS_READ_BEFORE)
    before, behind = _LAST_WORD.search(text, near, hit.start()), _NEXT_WORD.match(text, hit.end())
    word = before[0].lower() if before else ""
    if word in _WORDS_BEFORE or (behind and behind[1].lower() in _WORDS_BEHIND):
        return False
    surely = hit["about"] or hit["half"] or not _opens_with_an_article(hit)
    return bool(surely) or word in _WORDS_BEFORE_AN_ARTICLE


def _opens_with_an_article(hit: re.Match[str]) -> bool:
    # "50 errors a minute" is a rate, "for a minute" is a length.
    return (hit["days"] or hit["hours"] or hit["minutes"]).lower() in _ARTICLES
