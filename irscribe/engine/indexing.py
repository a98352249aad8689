"""Keeps the index of words up to date, in short transactions beside the conversation."""

from __future__ import annotations

from itertools import takewhile

from models import Database, words

TRANSACTIONS_PER_RUN = 20
"""Most transactions in one run. A note waits for one of them at most."""


class Indexing:
    """Adds new words of the record to the index."""

    def __init__(self, database: Database) -> None:
        """Index one database."""
        self._database = database

    def catch_up(self) -> None:
        """Index what was recorded since the last run, as far as ``TRANSACTIONS_PER_RUN`` goes."""
        with self._database.read() as session:
            behind = words.is_behind(session)
        if behind:
            sum(takewhile(bool, (self._catch_up_some() for _ in range(TRANSACTIONS_PER_RUN))))

    def _catch_up_some(self) -> bool:
        with self._database.write() as session:
            return words.catch_up(session)
