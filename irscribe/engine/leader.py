"""Whose turn it is: of the bots on one database one is at work, the others stand by and take over once it is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from models import FAILED, Database, OccupiedError, VacantError, VersionError, reason

BEAT = 2.0
"""Seconds between two signs of life to a server, which ends the turn of whom it has not heard for longer."""

OCCUPIED, UNKNOWN = "occupied", "unknown"
"""Why it is not, or may not be, this bot's turn."""

log = logging.getLogger(__name__)


class Leadership:
    """Knows whether it is this bot's turn on a database; ``begin`` and ``end`` are called when that changes."""

    def __init__(self, database: Database, *, begin: Callable[[], None], end: Callable[[], None]) -> None:
        """Begin as one who waits."""
        self._database = database
        self._begin, self._end = begin, end
        self._known: str | None = None
        self._stopped = Event()
        self._thread = Thread(target=self._beat, name="standby", daemon=True)
        self.is_mine = False

    def start(self) -> None:
        """Begin to give signs of life; a file needs none, it is free once the process has ended."""
        if self._database.file is None:
            self._thread.start()

    def stop(self) -> None:
        """Give no more of them."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def take(self) -> bool:
        """Take the turn where it is free; whether it is this bot's. While the database is out of reach nothing changes.

        Raises VersionError when the record has meanwhile been brought to another version.
        """
        self._look(self._claim)
        return self.is_mine

    def offer(self) -> None:
        """Leave the turn to whoever takes it first, this bot or another one: this one does not get onto the network.

        While the database is out of reach nobody else can have it.
        """
        if self._database.file is None and self._let_go():
            self._step_back()

    def give_way(self) -> None:
        """Another bot has the turn, or one of the same name has come and no database says that it has no right to."""
        if self._database.file is None:
            self._step_back()

    def _beat(self) -> None:
        while not self._stopped.wait(BEAT):
            if self.is_mine:
                self._look(self._database.touch)

    def _look(self, look: Callable[[], None]) -> None:
        """Act on what the database says of the turn."""
        try:
            look()
        except VacantError:
            self._step_back()
        except OccupiedError as error:
            self._step_back()
            if self._is_news(OCCUPIED):
                holder = f" ({error.holder})" if error.holder else ""
                log.warning("Another bot is at work on this database%s; this one stands by.", holder)
        except VersionError:
            raise
        except FAILED as error:
            if not self.is_mine:
                self._let_go()
            if self._is_news(UNKNOWN):
                log.warning("It cannot be known whose turn it is: %s", reason(error))

    def _claim(self) -> None:
        self._database.claim()
        if not self.is_mine:
            self._begin()
            if self._known == OCCUPIED:
                log.warning("This bot takes over.")
            elif self._known == UNKNOWN:
                log.warning("The database is in reach, and it is this bot's turn.")
            self._known, self.is_mine = None, True

    def _let_go(self) -> bool:
        """Whether others can take the turn now."""
        try:
            self._database.let_go()
        except OccupiedError:
            return True
        except FAILED:
            return False
        return True

    def _step_back(self) -> None:
        if self.is_mine:
            self.is_mine = False
            self._end()

    def _is_news(self, why: str) -> bool:
        """Whether it is worth a line in the log why it is not, or may not be, this bot's turn."""
        before, self._known = self._known, why
        return before != why
