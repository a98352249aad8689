"""The time of an event, as precise as the person knew it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Precision(StrEnum):
    """The precision of a moment."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A point or a range of time, aware UTC, whole seconds; ``at`` is None if the time is not known."""

    at: datetime | None
    until: datetime | None = None
    precision: Precision = Precision.MINUTE
    approximate: bool = False


def stamp(moment: datetime) -> str:
    """Spell a time for files and rows: ``YYYY-MM-DDTHH:MM:SSZ``."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def unstamp(text: str) -> datetime:
    """Read the spelling of ``stamp``.

    Raises ValueError for any other spelling.
    """
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if stamp(moment) != text:
        raise ValueError(text)
    return moment
