"""A transaction that lost its connection before the commit is carried out again on a new one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event as Signal
from time import monotonic

from irscribe.domain.events import Outcome
from models import FAILED, NotLeadingError, is_out_of_reach

RECONNECT_FOR, RECONNECT_INTERVAL = 2.0, 0.05
"""Seconds for which a transaction is tried again after its first failure, and between two tries.

While a database stays away only the first transaction is tried for so long: the next ones are tried once each, until
one is committed.
"""

log = logging.getLogger(__name__)


class UncertainError(Exception):
    """The answer to a commit was lost, and the database could not be queried since."""


class Reconnecting:
    """Carries transactions out for the writer, in its thread."""

    def __init__(self, namesake_joined: Signal) -> None:
        """Try nothing again once ``namesake_joined`` is set: that bot may be the active one by now."""
        self._namesake_joined = namesake_joined
        self._is_patient = True

    def carry_out(self, work: Callable[[], Outcome]) -> Outcome:
        """Carry out a transaction, ``work``, which raises one of ``FAILED`` only if nothing was committed.

        Raises the error of the last try.
        """
        end = None
        while True:
            try:
                outcome = work()
            except FAILED as error:
                end = end or monotonic() + RECONNECT_FOR
                if not self._is_tried_again(error, end):
                    raise
            else:
                break
        self._is_patient = True
        if end is not None:
            log.warning("the connection to the database broke; what was typed is recorded over a new one")
        return outcome

    def _is_tried_again(self, error: Exception, end: float) -> bool:
        """Wait a moment; True if a new connection may help, there is time left, and no other bot has come."""
        if isinstance(error, NotLeadingError) or not is_out_of_reach(error):
            return False
        self._is_patient = self._is_patient and monotonic() < end
        return self._is_patient and not self._namesake_joined.wait(RECONNECT_INTERVAL)
