"""Has the tasks brought up to date of incidents that were changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from datetime import datetime
from threading import Lock

from irscribe.services.context.application import ApplicationContext
from irscribe.services.filing import following
from irscribe.services.filing.following import Due
from models import Database, Session


class Following:
    """Adds the updates that are needed to the outbox; looks after a change, and at first at every filed incident."""

    def __init__(self, database: Database, application: ApplicationContext) -> None:
        """Follow the incidents of one database."""
        self._database = database
        self._application = application
        self._lock = Lock()
        self._changed: set[int] = set()
        self._all = True

    def note(self, incidents: frozenset[int]) -> None:
        """Note that incidents were changed."""
        with self._lock:
            self._changed |= incidents

    def note_all(self) -> None:
        """Note that any incident may have been changed, as by another bot."""
        self._all = True

    def catch_up(self, clock: Callable[[], datetime]) -> None:
        """Add the updates that are needed since the last run."""
        if self._application.config.phabricator.token is None:
            return
        with self._lock:
            changed, everything = frozenset(self._changed), self._all
            self._changed, self._all = set(), False
        if not changed and not everything:
            return
        with ExitStack() as unfinished:
            unfinished.callback(self._note_again, changed, everything=everything)
            self._ask(changed, clock(), everything=everything)
            unfinished.pop_all()

    def _ask(self, changed: Collection[int], now: datetime, *, everything: bool) -> None:
        with self._database.read() as session:
            numbers = following.followed(session) if everything else changed
            needed = self._due(session, numbers, now)
        if needed:
            with self._database.write() as session:
                for each in self._due(session, {each.incident for each in needed}, now):
                    following.ask(session, each, now=now)

    def _due(self, session: Session, numbers: Collection[int], now: datetime) -> Sequence[Due]:
        return [
            each for number in sorted(numbers) for each in following.due(session, self._application, number, now=now)
        ]

    def _note_again(self, changed: frozenset[int], *, everything: bool) -> None:
        self.note(changed)
        self._all = self._all or everything
