"""The leader lock: of the bots on one database one is active, the others stand by and take over once it is gone."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from threading import Event, Thread

from irscribe.domain.request import Reply
from models import FAILED, Database, NotLeadingError, OccupiedError, VacantError, VersionError, reason

BEAT = 2.0
"""Seconds between two queries that the active bot sends.

A database server drops the lock of a bot that is silent for long.
"""

OCCUPIED, UNKNOWN = "occupied", "unknown"
"""The reasons why this bot does not hold the lock, or cannot know whether it does."""

log = logging.getLogger(__name__)


class Leadership:
    """Holds or awaits a database's leader lock; calls ``begin`` when it gets the lock and ``end`` when it loses it."""

    def __init__(self, database: Database, *, begin: Callable[[], None], end: Callable[[], None]) -> None:
        """Begin as a standby."""
        self._database = database
        self._begin, self._end = begin, end
        self._known: str | None = None
        self._stopped = Event()
        self._thread = Thread(target=self._beat, name="standby", daemon=True)
        self.is_active = False

    def start(self) -> None:
        """Begin to query the server at intervals.

        An SQLite file needs no queries, because its lock ends with the process.
        """
        if self._database.file is None:
            self._thread.start()

    def stop(self) -> None:
        """End the queries."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def take(self) -> bool:
        """Take the leader lock if it is free; True if this bot holds it. An unreachable database changes nothing.

        Raises VersionError when the database has been migrated to another version meanwhile.
        """
        self._try(self._claim)
        return self.is_active

    def offer(self) -> None:
        """Release the leader lock, as this bot cannot reach the network; the first bot to ask takes it, even this one.

        While the database is out of reach the lock cannot be released, and this bot stays the active one.
        """
        if self._database.file is None and self._release():
            self._step_down()

    def give_way(self) -> None:
        """Step down: another bot holds the lock, or a namesake joined and the database cannot tell which is right."""
        if self._database.file is None:
            self._step_down()

    def _beat(self) -> None:
        while not self._stopped.wait(BEAT):
            if self.is_active:
                self._try(self._database.confirm_leader_lock)

    def _try(self, step: Callable[[], None]) -> None:
        """Take or confirm the lock, and step down if another bot holds it."""
        try:
            step()
        except VacantError:
            self._step_down()
        except OccupiedError as error:
            self._step_down()
            if self._is_news(OCCUPIED):
                log.warning("Another bot is at work on this database%s; this one stands by.", error.remark)
        except VersionError:
            raise
        except FAILED as error:
            if not self.is_active:
                self._release()
            if self._is_news(UNKNOWN):
                log.warning("It cannot be known which bot is the active one: %s", reason(error))

    def _claim(self) -> None:
        self._database.take_leader_lock()
        if not self.is_active:
            self._begin()
            if self._known == OCCUPIED:
                log.warning("This bot takes over.")
            elif self._known == UNKNOWN:
                log.warning("The database is in reach, and this bot is the active one.")
            self._known, self.is_active = None, True

    def _release(self) -> bool:
        """Release the lock; True if other bots can take it now."""
        try:
            self._database.release_leader_lock()
        except NotLeadingError:
            return True
        except FAILED:
            return False
        return True

    def _step_down(self) -> None:
        if self.is_active:
            self.is_active = False
            self._end()

    def _is_news(self, why: str) -> bool:
        """True if this reason for not holding the lock differs from the last one, and so is worth a line in the log."""
        before, self._known = self._known, why
        return before != why


def log_unsaid(replies: Iterable[Reply]) -> None:
    """Log what is not said, as another bot is the active one by now; the same words to one place are one line."""
    for (to, text), times in Counter((each.to, str(each.text)) for each in replies).items():
        said = text if times == 1 else f"{text} ({times} times)"
        log.warning("not said to %s, as another bot is the active one: %s", to, said)
