"""What is recorded is read behind the conversation, so that its words are found again without reading everything."""

from __future__ import annotations

from itertools import takewhile

from models import Database, words

AT_A_TIME = 20
"""Transactions in one go: who logs a note meanwhile waits for one of them, reports that were asked for for all."""


class Indexing:
    """Keeps the index of words up with the record."""

    def __init__(self, database: Database) -> None:
        """Read what a database holds."""
        self._database = database

    def catch_up(self) -> None:
        """Read what was recorded since the last time, or as much of it as goes."""
        with self._database.read() as session:
            behind = words.is_behind(session)
        if behind:
            sum(takewhile(bool, (self._catch_up_some() for _ in range(AT_A_TIME))))

    def _catch_up_some(self) -> bool:
        with self._database.write() as session:
            return words.catch_up(session)
