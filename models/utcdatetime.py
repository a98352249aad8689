"""Moments in the database: aware UTC, whatever the driver makes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.dialects.sqlite import DATETIME
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator):  # type: ignore[type-arg]
    """Aware UTC in and out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The database's own type."""
        own: Any = _Iso() if dialect.name == "sqlite" else self.impl
        found: TypeEngine[Any] = dialect.type_descriptor(own)
        return found

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:  # noqa: ARG002 - the type's signature
        """Refuse naive times, which would silently be local ones.

        Raises TypeError.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"naive time {value!r}")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """What was spelled for SQLite is read at once."""
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:  # noqa: ARG002 - the type's signature
        """A server gives moments in the zone of the session."""
        return None if value is None else value.astimezone(UTC)


class _Iso(DATETIME):
    """What SQLAlchemy writes into SQLite, spelled by the standard library, and once: a note holds one moment often."""

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:  # noqa: ARG002 - the type's signature
        return _spell


@lru_cache(64)
def _spell(value: datetime | None) -> str | None:
    return None if value is None else value.replace(tzinfo=None).isoformat(" ", "microseconds")


def _read(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")
