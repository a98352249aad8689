"""Working hours: the days and the hours of a time zone in which people are reminded of what is left to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = 7
LIKE = "Mon-Fri 08:00-17:00 Europe/Berlin"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TYPED = re.compile(rf"(?P<days>[A-Za-z,-]+) (?P<opens>{_CLOCK})-(?P<closes>{_CLOCK}|24:00) (?P<zone>\S+)")
_MIDNIGHT = "24:00"


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """Days of the week (0 is Monday), and from when until when on each of them, by the clocks of a zone."""

    days: frozenset[int]
    opens: time
    closes: time
    zone: ZoneInfo

    def includes(self, at: datetime) -> bool:
        """True if people work at this moment."""
        local = at.astimezone(self.zone)
        return local.weekday() in self.days and self.opens <= local.time() < self.closes

    def next(self, at: datetime) -> datetime:
        """Give this moment if people work then, else the next one at which they begin to."""
        if self.includes(at):
            return at
        today = at.astimezone(self.zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(2 * WEEK))
        openings = (
            datetime.combine(day, self.opens, tzinfo=self.zone).astimezone(UTC)
            for day in days
            if day.weekday() in self.days
        )
        # A day on which the clocks go forward may have none of these hours.
        return next(each for each in openings if each >= at and self.includes(each))


def read_working_hours(text: str) -> WorkingHours:
    """Read ``Mon-Fri 08:00-17:00 Europe/Berlin``; days may be listed: ``Mon-Wed,Fri``.

    Raises ValueError, with what is wrong, for anything else.
    """
    found = _TYPED.fullmatch(" ".join(text.split()))
    if found is None:
        raise ValueError(f"{text!r} are no working hours; write them like {LIKE}")
    opens = time.fromisoformat(found["opens"])
    closes = time.max if found["closes"] == _MIDNIGHT else time.fromisoformat(found["closes"])
    if closes <= opens:
        raise ValueError(f"{text!r}: the end of the working hours must be later than their beginning")
    return WorkingHours(days=_days(found["days"]), opens=opens, closes=closes, zone=_zone(found["zone"]))


def _days(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.lower().split(","):
        first, _, last = part.partition("-")
        ends = [_day(each) for each in (first, last or first)]
        days.update((ends[0] + more) % WEEK for more in range((ends[1] - ends[0]) % WEEK + 1))
    return frozenset(days)


def _day(name: str) -> int:
    try:
        return DAYS.index(name)
    except ValueError:
        raise ValueError(f"{name!r} is no day; write {', '.join(each.capitalize() for each in DAYS)}") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):
        raise ValueError(f"{name!r} is no time zone; write one such as Europe/Berlin") from None
    except LookupError:  # ZoneInfoNotFoundError
        raise ValueError(f"there is no time zone {name!r}; write one such as Europe/Berlin") from None
