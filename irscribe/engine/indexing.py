"""Keeps the index of words up to date, in short transactions beside the conversation."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Event

from models import Database, words
from models.sqlite import let_others_write

TRANSACTIONS_PER_RUN = 100
"""Most transactions in one run. A note waits for one of them at most."""


class Indexing:
    """Adds new words of the record to the index; looks for them after a change only, and at first."""

    def __init__(self, database: Database) -> None:
        """Index one database."""
        self._database = database
        self._may_be_behind = Event()
        self._may_be_behind.set()

    def note(self, incidents: frozenset[int] = frozenset()) -> None:  # noqa: ARG002 - the index knows what it lacks
        """Note that incidents were changed, or may have been."""
        self._may_be_behind.set()

    def catch_up(self) -> None:
        """Index what was recorded since the last run, as far as ``TRANSACTIONS_PER_RUN`` goes."""
        if self._may_be_behind.is_set():
            self._may_be_behind.clear()
            with ExitStack() as unfinished:
                unfinished.callback(self._may_be_behind.set)
                if not all(self._catch_up_some() for _ in range(TRANSACTIONS_PER_RUN)):
                    unfinished.pop_all()

    def _catch_up_some(self) -> bool:
        """Index a batch; False if there is nothing to index."""
        with self._database.read() as session:
            behind = words.is_behind(session)
        if behind:
            with self._database.write() as session:
                words.catch_up(session)
            let_others_write()
        return behind
