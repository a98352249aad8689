"""Functions that read the options about alerts; as in ``reading``, a ValueError says what is allowed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from irscribe.domain.alerts import Entered, StartSuggestion
from irscribe.domain.duration import read_length
from irscribe.domain.prose import listing

NEEDED_GROUPS, ALLOWED_GROUPS = {"name", "state"}, {"name", "state", "host", "summary"}
LONGEST = timedelta(hours=1)
_SUGGESTION = re.compile(r"(?P<pages>[1-9]\d?) pages? (?:in|within) (?P<within>.+)")


def read_alert_pattern(text: str, _base: Path) -> re.Pattern[str]:
    """Read a regular expression with the groups ``name`` and ``state``, and perhaps ``host`` and ``summary``."""
    try:
        pattern = re.compile(text.strip())
    except re.error as error:
        raise ValueError(f"{text.strip()!r} is no regular expression ({error})") from None
    groups = set(pattern.groupindex)
    if not groups >= NEEDED_GROUPS or groups - ALLOWED_GROUPS:
        raise ValueError(
            f"{text.strip()!r} needs the groups (?P<name>…) and (?P<state>…); it may have host and summary"
        )
    return pattern


def read_entered(text: str, _base: Path) -> Entered:
    """Read which alerts become entries by themselves."""
    try:
        return Entered(text.strip().lower())
    except ValueError:
        raise ValueError(f"{text!r} says not which alerts; write {listing([*Entered], last='or')}") from None


def read_suggestion(text: str, _base: Path) -> StartSuggestion | None:
    """Read ``2 pages in 10 minutes``, or ``none``."""
    wording = " ".join(text.lower().split())
    if wording == "none":
        return None
    found = _SUGGESTION.fullmatch(wording)
    within = read_length(found["within"]) if found else None
    if found is None or within is None or not timedelta() < within <= LONGEST:
        raise ValueError(f"{text!r} is no number of pages in up to an hour; write `2 pages in 10 minutes`, or none")
    return StartSuggestion(pages=int(found["pages"]), within=within)
