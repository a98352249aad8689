"""Texts that are gone from the record leave SQLite's log too, as soon as nobody reads what was before."""

from __future__ import annotations

import logging

from models import Database

log = logging.getLogger(__name__)


class Purge:
    """Has the database forget, and goes on trying while somebody's reading keeps it from that."""

    def __init__(self, database: Database) -> None:
        """Begin with what may be left of the time before the start."""
        self._database = database
        self._is_due = True
        self._is_told = False

    def forget(self) -> None:
        """Let what is gone from the record by now be forgotten: at once, or else by a later ``go_on``."""
        self._is_due = True
        self.go_on()

    def go_on(self) -> None:
        """Try again what could not be done yet, if anything."""
        if not self._is_due:
            return
        self._is_due = not self._database.forget_deleted()
        if self._is_due and not self._is_told:
            log.warning("The database is in use, so its log still holds what is gone; this is tried again.")
        self._is_told = self._is_due
