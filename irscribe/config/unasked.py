"""Functions that read the settings of what the bot says unasked; each raises a ValueError that says what is allowed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from irscribe.config.reading import read_channel
from irscribe.config.values import Announce
from irscribe.domain.duration import read_length
from irscribe.domain.unasked import Budget
from irscribe.domain.working_hours import WorkingHours, read_working_hours

NEVER = "never"
LONGEST = timedelta(days=366)
_BUDGET = re.compile(r"(?P<lines>[1-9]\d?) (?:an|per) hour")


def read_budget(text: str, _base: Path) -> Budget | None:
    """Read ``3 an hour``, or ``none``."""
    wording = " ".join(text.lower().split())
    if wording == "none":
        return None
    found = _BUDGET.fullmatch(wording)
    if found is None:
        raise ValueError(f"{text!r} is no number of lines; write one such as `3 an hour`, or none")
    return Budget(int(found["lines"]))


def read_delay(text: str, _base: Path) -> timedelta | None:
    """Read ``10 minutes``, or ``never``."""
    wording = text.strip().lower()
    if wording == NEVER:
        return None
    length = read_length(wording)
    if length is None or length > LONGEST:
        raise ValueError(
            f"{text!r} is no length of time; write one such as `10 minutes`, `4 hours`, `7 days`, or never"
        )
    return length


def read_hours(text: str, _base: Path) -> WorkingHours:
    """Read ``Mon-Fri 08:00-17:00 Europe/Berlin``."""
    return read_working_hours(text)


def read_one_channel(text: str, _base: Path) -> str:
    """Read the name of a channel; a name that stands in quotes, as in a list, loses them."""
    return read_channel(text.strip().strip('"'))


def read_announce(text: str, _base: Path) -> Announce:
    """Read when an incident is announced again."""
    try:
        return Announce(text.strip().lower())
    except ValueError:
        raise ValueError(f"{text!r}: write {' or '.join(Announce)}") from None
