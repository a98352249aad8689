"""Deletes the texts of retained lines, and kept talk, at the age that the settings give; the record itself stays."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile

from irscribe.commands import Commands, verb_of_kept
from irscribe.domain.prose import plural
from irscribe.engine.purge import Purge
from models import Database, retention, talk
from models.sqlite import let_others_write

LINES_PER_TRANSACTION = 500
"""Most lines in one transaction. A note that arrives meanwhile waits for one transaction at most."""
TRANSACTIONS_PER_RUN = 20
"""Most transactions in one run. The index and the record of what was heard wait for all of them."""

log = logging.getLogger(__name__)


class Retention:
    """Deletes the texts of lines that are old enough."""

    def __init__(
        self, database: Database, keep: timedelta, *, listen_days: timedelta, commands: Commands, forgetting: Purge
    ) -> None:
        """Keep lines in a database for this long, and talk so long after the close; zero keeps them for ever."""
        self._verb_of = partial(verb_of_kept, commands=commands)
        self._database = database
        self._forgetting = forgetting
        self._keep, self._listen_days = keep, listen_days

    def forget_due(self) -> None:
        """Delete the texts of lines that are old enough now, and the talk of incidents closed long enough ago."""
        self._forget_talk()
        if self._keep:
            before = datetime.now(UTC) - self._keep
            forgotten = sum(takewhile(bool, (self._forget_some(before) for _ in range(TRANSACTIONS_PER_RUN))))
            if forgotten:
                self._forgetting.forget()
                log.info("Forgot %s older than %s.", plural(forgotten, "line"), plural(self._keep.days, "day"))

    def _forget_talk(self) -> None:
        before = datetime.now(UTC) - self._listen_days
        removals = (self._forget_some_talk(before) for _ in range(TRANSACTIONS_PER_RUN))
        if self._listen_days and (removed := sum(takewhile(bool, removals))):
            self._forgetting.forget()
            log.info("Forgot %s of talk kept during incidents.", plural(removed, "line"))

    def _forget_some_talk(self, closed_before: datetime) -> int:
        with self._database.read() as session:
            numbers = talk.expired(session, closed_before=closed_before, limit=LINES_PER_TRANSACTION)
        if numbers:
            with self._database.write() as session:
                talk.remove(session, numbers)
            let_others_write()
        return len(numbers)

    def _forget_some(self, before: datetime) -> int:
        with self._database.read() as session:
            numbers = retention.expired(session, before=before, limit=LINES_PER_TRANSACTION)
        if numbers:
            with self._database.write() as session:
                retention.forget(session, numbers, verb_of=self._verb_of)
            let_others_write()
        return len(numbers)
