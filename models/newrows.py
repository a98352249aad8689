"""The rows of an incident that is imported, which are inserted many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, Table, insert

from irscribe.domain.alerts import key_of
from models.changes import AuditContext, log_values
from models.database import Session
from models.entries import Typist, Writing, version_values
from models.parts import EMPTY_ITEM
from models.rowtext import Row
from models.schema import metadata
from models.tables import answer, change, coordinator, entry, entry_version, field, incident, item, responder
from models.tables import gap as gap_table
from models.watchtables import alert, relation, role_term, theory


@dataclass(frozen=True, kw_only=True)
class NewRow:
    """A row that no table has yet."""

    table: Table
    values: Row

    @property
    def size(self) -> int:
        """The characters of its texts."""
        return sum(len(value) for value in self.values.values() if isinstance(value, str))

    @property
    def too_long(self) -> str | None:
        """Give the column whose text is longer than the table keeps, such as ``incident.network``; None if none is."""
        for name, value in self.values.items():
            kind: Any = self.table.c[name].type
            if isinstance(kind, String) and kind.length is not None and len(value or "") > kind.length:
                return f"{self.table.name}.{name}"
        return None


def insert_rows(session: Session, rows: Iterable[NewRow]) -> None:
    """Insert rows, each behind the rows of other tables that it refers to."""
    values: dict[Table, list[Row]] = {}
    for each in rows:
        values.setdefault(each.table, []).append(each.values)
    for table in metadata.sorted_tables:
        if table in values:
            session.execute(insert(table), values[table])


def head(values: Row) -> NewRow:
    """Make the incident's own row, which has neither entries nor anything to index yet."""
    return NewRow(table=incident, values={**values, "entries": 0, "indexed": 0})


def gap(number: int, *, begins: datetime, ends: datetime | None) -> NewRow:
    """Make a gap."""
    return NewRow(table=gap_table, values={"incident": number, "begins": begins, "ends": ends})


def field_rows(audit: AuditContext, name: str, value: str) -> Iterator[NewRow]:
    """Make a field."""
    return _logged(audit, field, {"name": name}, {"value": value})


def point_rows(audit: AuditContext, section: str, number: int, values: Mapping[str, Any]) -> Iterator[NewRow]:
    """Make an item."""
    return _logged(audit, item, {"section": section, "number": number}, {**EMPTY_ITEM, **values})


def responder_rows(audit: AuditContext, number: int, values: Mapping[str, Any]) -> Iterator[NewRow]:
    """Make a place on the list of responders."""
    return _logged(audit, responder, {"number": number}, {"granted": False, "removed": False, **values})


def term_rows(audit: AuditContext, number: int, values: Mapping[str, Any]) -> Iterator[NewRow]:
    """Make a coordinator's term."""
    return _logged(audit, coordinator, {"number": number}, values)


def role_rows(audit: AuditContext, number: int, values: Mapping[str, Any]) -> Iterator[NewRow]:
    """Make a term in another role."""
    return _logged(audit, role_term, {"number": number}, values)


def relation_rows(audit: AuditContext, number: int, kind: str) -> Iterator[NewRow]:
    """Make the row about another incident, by its number."""
    return _logged(audit, relation, {"number": number}, {"kind": kind})


def alert_row(incident_number: int, number: int, values: Mapping[str, Any]) -> NewRow:
    """Make an alert."""
    key = key_of(values["name"])
    return NewRow(table=alert, values={"incident": incident_number, "number": number, "key": key, **values})


def theory_row(incident_number: int, *, entry_number: int, number: int, state: str) -> NewRow:
    """Make the row that says what an entry says of a theory."""
    values = {"incident": incident_number, "entry": entry_number, "number": number, "state": state}
    return NewRow(table=theory, values=values)


def answer_rows(audit: AuditContext, number: int, values: Mapping[str, Any]) -> Iterator[NewRow]:
    """Make an answer of the scorecard."""
    return _logged(audit, answer, {"number": number}, values)


def entry_rows(audit: AuditContext, writing: Writing, *, by: Typist, number: int, version: int) -> Iterator[NewRow]:
    """Make an entry with its only version, which may have any number."""
    own = {"incident": audit.incident, "number": number, "version": version, "recorded_at": audit.at}
    yield NewRow(table=entry, values={**own, "person": by.person, "nick": by.nick, "account": by.account})
    yield NewRow(table=entry_version, values=version_values(audit, writing, number=number, version=version))


def _logged(audit: AuditContext, table: Table, own: Row, values: Row) -> Iterator[NewRow]:
    """Make a row, and the row of the change log that says that it was added."""
    key = {"incident": audit.incident, **own}
    yield NewRow(table=table, values={**key, **values})
    yield NewRow(table=change, values=log_values(audit, table, key=key, old=None, new=values))
