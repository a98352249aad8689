"""Rows as the change log keeps them: as text in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Table
from sqlalchemy.types import TypeEngine

from models.utcdatetime import UtcDateTime

Row = Mapping[str, Any]


def dump(row: Row | None) -> str | None:
    """Give columns of a row as text; None for no row."""
    return None if row is None else json.dumps(dict(row), default=_iso)


def load(table: Table, text: str | None) -> Row | None:
    """Read columns of a table's row from text; None for no row."""
    if text is None:
        return None
    return {name: _value(table.c[name].type, value) for name, value in json.loads(text).items()}


def _iso(value: date) -> str:
    return value.isoformat()


def _value(kind: TypeEngine[Any], value: Any) -> Any:
    match kind:
        case UtcDateTime() if value:
            return datetime.fromisoformat(value)
        case Date() if value:
            return date.fromisoformat(value)
        case _:
            return value
