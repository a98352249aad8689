"""The naming of each network that the bot was on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.errors import DatabaseError
from irscribe.domain.naming import Naming, NetworkNamed
from models.database import FAILED, Database, Session, reason
from models.networktables import network


def find(session: Session, name: str) -> Naming | None:
    """Give the naming of a network; None if the record has none of it."""
    row = session.execute(select(network).where(network.c.name == name)).mappings().first()
    return None if row is None else _naming(row)


def last(session: Session) -> NetworkNamed | None:
    """Give the network that the bot was on last, with its naming; None if it was on none."""
    row = session.execute(select(network).order_by(network.c.met_at.desc(), network.c.name).limit(1)).mappings().first()
    return None if row is None else NetworkNamed(network=row["name"], naming=_naming(row))


def last_casemapping(session: Session) -> CaseMapping:
    """Give the case mapping of the network that the bot was on last; the strictest if it was on none."""
    known = last(session)
    return CaseMapping.ASCII if known is None else known.naming.casemapping


def read_casemapping(database: Database) -> CaseMapping:
    """Give the same of a database that nobody has asked yet.

    Raises DatabaseError if it cannot be used.
    """
    try:
        with database.read() as session:
            return last_casemapping(session)
    except FAILED as error:
        raise DatabaseError(f"The database cannot be used: {reason(error)}.") from error


def casemapping_of(session: Session, name: str) -> CaseMapping:
    """Give the case mapping of a network; of one that the bot was never on, that of the last one."""
    known = find(session, name)
    return last_casemapping(session) if known is None else known.casemapping


def remember(session: Session, event: NetworkNamed, *, at: datetime) -> None:
    """Record the naming of a network, as the one that the bot was on last."""
    values = {"casemapping": event.naming.casemapping.value, "accounts": event.naming.has_accounts, "met_at": at}
    known = session.execute(update(network).where(network.c.name == event.network).values(**values))
    if not known.rowcount:
        session.execute(insert(network).values(name=event.network, **values))


def _naming(row: Mapping[str, Any]) -> Naming:
    return Naming(casemapping=CaseMapping.announced(row["casemapping"]), has_accounts=bool(row["accounts"]))
