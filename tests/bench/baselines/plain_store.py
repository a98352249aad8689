"""Notes in SQLite without anything between: one insert and one commit for each."""

from __future__ import annotations

import sqlite3
from pathlib import Path

TABLE = "create table if not exists note (id integer primary key, nick text not null, text text not null)"
INSERT = "insert into note (nick, text) values (?, ?)"
PRAGMAS = ("journal_mode=wal", "synchronous=full")


class PlainStore:
    """A connection that is kept."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        for pragma in PRAGMAS:
            self._connection.execute(f"pragma {pragma}")
        self._connection.execute(TABLE)

    def note(self, nick: str, text: str) -> int:
        """Insert and commit; the number it has."""
        number = self._connection.execute(INSERT, (nick, text)).lastrowid
        self._connection.commit()
        return number or 0

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
