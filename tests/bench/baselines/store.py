"""Notes in SQLite by SQLAlchemy Core: one transaction for each, on connections that are kept; from any thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, event, insert
from sqlalchemy.pool import QueuePool

LOCK_SECONDS = 60.0
"""Seconds to wait for another thread's commit, or for a connection: a line refused would be none the cheaper."""
metadata = MetaData()
note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("nick", Text, nullable=False),
    Column("text", Text, nullable=False),
)
ADD = insert(note)


class Store:
    """An engine; the pool is that of SQLAlchemy 2, as that of 1.4 opens the file anew for each line."""

    def __init__(self, file: Path) -> None:
        options = {"check_same_thread": False, "timeout": LOCK_SECONDS}
        self._engine = create_engine(
            f"sqlite:///{file}", future=True, poolclass=QueuePool, pool_timeout=LOCK_SECONDS, connect_args=options
        )
        event.listen(self._engine, "connect", _prepare)
        metadata.create_all(self._engine)

    def note(self, nick: str, text: str) -> int:
        """Insert and commit; the number it has."""
        with self._engine.begin() as connection:
            added = connection.execute(ADD, {"nick": nick, "text": text})
            return int(added.inserted_primary_key[0])


def _prepare(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=wal", "synchronous=full"):
        connection.execute(f"pragma {pragma}")
