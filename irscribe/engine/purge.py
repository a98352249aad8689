"""Removes deleted texts from SQLite's write-ahead log too, as soon as no reader holds an older snapshot."""

from __future__ import annotations

import logging
from threading import RLock

from models import Database

log = logging.getLogger(__name__)


class Purge:
    """Purges the database of deleted texts, and tries again while a reader prevents it."""

    def __init__(self, database: Database) -> None:
        """Begin with a purge due, as the last process may have left one undone."""
        self._database = database
        self._is_due = True
        self._is_told = False
        # Redactions and retention purge in threads of their own.
        self._lock = RLock()

    def forget(self) -> None:
        """Purge the texts deleted so far: at once, or else by a later ``go_on``."""
        with self._lock:
            self._is_due = True
            self.go_on()

    def go_on(self) -> None:
        """Try again if a purge is still due."""
        with self._lock:
            if self._is_due:
                self._is_due = not self._database.forget_deleted()
                if self._is_due and not self._is_told:
                    log.warning("The database is in use, so its log still holds what is gone; this is tried again.")
                self._is_told = self._is_due
