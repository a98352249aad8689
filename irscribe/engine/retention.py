"""Lines go word for word once they are as old as the settings say; what the record made of them stays."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from irscribe.domain.prose import plural
from irscribe.engine.purge import Purge
from models import Database, retention

AT_ONCE = 500
"""Lines in a transaction: whoever logs a note meanwhile waits for one of these."""
AT_A_TIME = 20
"""Such transactions in one go: reports that were asked for wait behind them."""

log = logging.getLogger(__name__)


class Retention:
    """Forgets what is old enough."""

    def __init__(self, database: Database, keep: timedelta, forgetting: Purge) -> None:
        """Keep lines in a database for so long; zero is for ever."""
        self._database = database
        self._forgetting = forgetting
        self._keep = keep

    def forget_due(self) -> None:
        """Forget what is old enough now."""
        if self._keep:
            before = datetime.now(UTC) - self._keep
            forgotten = sum(takewhile(bool, (self._forget_some(before) for _ in range(AT_A_TIME))))
            if forgotten:
                self._forgetting.forget()
                log.info("Forgot %s older than %s.", plural(forgotten, "line"), plural(self._keep.days, "day"))

    def _forget_some(self, before: datetime) -> int:
        with self._database.read() as session:
            numbers = retention.expired(session, before=before, limit=AT_ONCE)
        if numbers:
            with self._database.write() as session:
                retention.forget(session, numbers)
        return len(numbers)
