"""When something happened, as precisely as the person knew it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Precision(StrEnum):
    """How much of a moment is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A point or a range on the time line, aware UTC, whole seconds; ``at`` is None when the time is not known."""

    at: datetime | None
    until: datetime | None = None
    precision: Precision = Precision.MINUTE
    approximate: bool = False


def stamp(moment: datetime) -> str:
    """The one spelling of a time in files and rows: ``YYYY-MM-DDTHH:MM:SSZ``."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def unstamp(text: str) -> datetime:
    """The inverse of ``stamp``.

    Raises ValueError when the text is spelled any other way.
    """
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if stamp(moment) != text:
        raise ValueError(text)
    return moment
