"""Visibility: which incidents a reader may see. A public one everybody may; a private one depends on the reader.

Nobody sees an incident whose import is not finished: only ``incidents.written`` gives it, to the import itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Table, and_, false, not_, or_, select, true

from irscribe.domain.record import Incident
from models.database import Session
from models.importtables import unfinished_import
from models.tables import coordinator, incident, responder


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Those who read an answer, by the private incidents that they see: a channel's, those a person works on, or all.

    A person who types in a channel reads as that channel, as everybody there sees the answer.
    """

    channel: tuple[str, str] | None = None
    """Network and folded name."""
    person: int | None = None
    sees_all: bool = False


PUBLIC = Reader()
"""Everybody: reads the published pages."""
OPERATOR = Reader(sees_all=True)
"""The operator of the machine, who could read the database itself."""


class Readable(Protocol):
    """An incident's own row, or the facts of its report."""

    @property
    def private(self) -> bool:
        """True if not everybody may see it."""


def in_channel(network: str, channel: str) -> Reader:
    """Give the reader that everybody in a channel (folded name) is together."""
    return Reader(channel=(network, channel))


def in_private(person: int) -> Reader:
    """Give the reader that a person is in private messages: works on what they opened, respond to or coordinate."""
    return Reader(person=person)


def is_complete(of: Any = incident) -> Any:
    """Make a condition on rows of the incidents' table, or of an alias of it: no import is unfinished."""
    return not_(select(unfinished_import.c.incident).where(unfinished_import.c.incident == of.c.number).exists())


def is_public(head: Readable) -> bool:
    """True if everybody may see an incident."""
    return not head.private


def may_see(session: Session, reader: Reader, head: Incident) -> bool:
    """True if a reader may see an incident."""
    if is_public(head) or reader.sees_all:
        return True
    if reader.channel is not None:
        return reader.channel == (head.network, head.channel)
    asked = select(incident.c.number).where(incident.c.number == head.number, visible_to(reader))
    return reader.person is not None and session.execute(asked).first() is not None


def hides(table: Table, new: Mapping[str, Any] | None) -> bool:
    """True if a change of a row may hide an incident from somebody who saw it; ``new`` is None for a deleted row."""
    if new is None:
        return table in (responder, coordinator)
    match table.name:
        case incident.name:
            return bool(new.get("private"))
        case responder.name:
            return bool(new.get("removed"))
        case coordinator.name:
            return new.get("until") is not None
    return False


def visible_to(reader: Reader) -> Any:
    """Give the same as a condition on rows of the incidents' table."""
    return and_(is_complete(), true() if reader.sees_all else _may_see(reader))


def _may_see(reader: Reader) -> Any:
    return or_(incident.c.private.is_(False), _of_channel(reader.channel), _worked_on_by(reader.person))


def _of_channel(channel: tuple[str, str] | None) -> Any:
    if channel is None:
        return false()
    network, name = channel
    return and_(incident.c.network == network, incident.c.channel == name)


def _worked_on_by(person: int | None) -> Any:
    """Make a condition: the person opened the incident, is on its list of responders or coordinates it."""
    if person is None:
        return false()
    listed = select(responder.c.number).where(responder.c.incident == incident.c.number, responder.c.person == person)
    serves = select(coordinator.c.number).where(
        coordinator.c.incident == incident.c.number, coordinator.c.person == person
    )
    return or_(
        incident.c.opener == person,
        listed.where(responder.c.removed.is_(False)).exists(),
        serves.where(coordinator.c.until.is_(None)).exists(),
    )
