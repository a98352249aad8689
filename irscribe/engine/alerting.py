"""Alerting: looks at intervals whether words of alerts are to be entered, and hands that to the writer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from irscribe.domain.events import AlertsWaiting
from irscribe.services.alerts import entering
from models import Database


class Alerting:
    """A look reads only; the writer looks again and enters what is due."""

    def __init__(
        self, database: Database, *, submit: Callable[[AlertsWaiting], None], clock: Callable[[], datetime]
    ) -> None:
        """Look into one database; ``submit`` hands an event to the writer."""
        self._database, self._submit, self._clock = database, submit, clock

    def look(self) -> None:
        """Have the writer enter what is due, if anything is."""
        with self._database.read() as session:
            is_due = entering.is_due(session, self._clock())
        if is_due:
            self._submit(AlertsWaiting())
