"""Turns rows of entries into values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, select

from irscribe.domain.moment import Moment, Precision
from irscribe.domain.record import Recorded, Version
from irscribe.domain.report import Kind, Marker, MarkerKind
from models.tables import entry, entry_version

CURRENT = entry.join(
    entry_version,
    and_(
        entry.c.incident == entry_version.c.incident,
        entry.c.number == entry_version.c.number,
        entry.c.version == entry_version.c.version,
    ),
)
ENTRY_COLUMNS = (
    entry.c.person.label("own_person"),
    entry.c.nick.label("own_nick"),
    entry.c.account.label("own_account"),
    entry.c.recorded_at,
)
QUERY = select(entry_version, *ENTRY_COLUMNS).select_from(CURRENT)
"""Selects entries in their current version."""
NAMES = tuple(column.key for column in QUERY.selected_columns)
PRECISIONS = {each.value: each for each in Precision}
KINDS = {each.value: each for each in Kind}


def recorded(row: Mapping[str, Any]) -> Recorded:
    """Make an entry of a row of ``QUERY``."""
    return Recorded(
        person=row["own_person"],
        nick=row["own_nick"],
        account=row["own_account"],
        recorded_at=row["recorded_at"],
        current=version_of(row),
    )


def version_of(row: Mapping[str, Any]) -> Version:
    """Make a version of its row."""
    kind = row["marker_kind"]
    return Version(
        number=row["number"],
        version=row["version"],
        person=row["person"],
        nick=row["nick"],
        made_at=row["made_at"],
        moment=Moment(
            at=row["at"],
            until=row["until"],
            precision=PRECISIONS[row["precision"]],
            approximate=row["approximate"],
        ),
        text=row["text"],
        speaker=row["speaker"],
        kind=KINDS[row["kind"]],
        marker=kind and Marker(kind=MarkerKind(kind), phrase=row["marker_phrase"], scope=row["marker_scope"]),
        struck=row["struck"],
        redacted=row["redacted"],
    )
