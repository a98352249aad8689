"""Deletes the texts of retained lines at the age that the settings give; the record itself stays."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile

from irscribe.commands import Commands, verb_of_kept
from irscribe.domain.prose import plural
from irscribe.engine.purge import Purge
from models import Database, retention
from models.sqlite import let_others_write

LINES_PER_TRANSACTION = 500
"""Most lines in one transaction. A note that arrives meanwhile waits for one transaction at most."""
TRANSACTIONS_PER_RUN = 20
"""Most transactions in one run. The index and the record of what was heard wait for all of them."""

log = logging.getLogger(__name__)


class Retention:
    """Deletes the texts of lines that are old enough."""

    def __init__(self, database: Database, keep: timedelta, *, commands: Commands, forgetting: Purge) -> None:
        """Keep lines in a database for this long; zero keeps them for ever."""
        self._verb_of = partial(verb_of_kept, commands=commands)
        self._database = database
        self._forgetting = forgetting
        self._keep = keep

    def forget_due(self) -> None:
        """Delete the texts of lines that are old enough now."""
        if self._keep:
            before = datetime.now(UTC) - self._keep
            forgotten = sum(takewhile(bool, (self._forget_some(before) for _ in range(TRANSACTIONS_PER_RUN))))
            if forgotten:
                self._forgetting.forget()
                log.info("Forgot %s older than %s.", plural(forgotten, "line"), plural(self._keep.days, "day"))

    def _forget_some(self, before: datetime) -> int:
        with self._database.read() as session:
            numbers = retention.expired(session, before=before, limit=LINES_PER_TRANSACTION)
        if numbers:
            with self._database.write() as session:
                retention.forget(session, numbers, verb_of=self._verb_of)
            let_others_write()
        return len(numbers)
