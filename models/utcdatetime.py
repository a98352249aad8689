"""Moments in the database: aware UTC, whatever the driver makes of them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator):  # type: ignore[type-arg]
    """Aware UTC in and out: SQLite by itself gives back naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:  # noqa: ARG002 - the type's signature
        """Refuse naive times, which would silently be local ones.

        Raises TypeError.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"naive time {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:  # noqa: ARG002 - the type's signature
        """Give SQLite's naive value its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
