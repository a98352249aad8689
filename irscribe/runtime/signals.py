"""Handles signals for the whole process, not for one connection's event loop."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import FrameType

from sopel.irc import backends

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
VITAL_THREADS = frozenset(
    {
        "writer",
        "outgoing",
        "standby",
        "questions",
        "reports",
        "redactions",
        "withdrawals",
        "tasks",
        "pages",
        "site",
        "record",
    }
)
"""Threads without which the bot would not record, reply or do its jobs; when one dies, the process ends."""
SECONDS_TO_END = 7
"""Seconds after a signal in which the process must have ended; then the kernel ends it (SIGALRM)."""

log = logging.getLogger(__name__)


class Stop:
    """The request to end the process; it interrupts ``wait`` and calls the function of ``on_request``."""

    def __init__(self) -> None:
        self._told: SimpleQueue[None] = SimpleQueue()
        self._leave: Callable[[], None] | None = None
        self.requested = False
        self.failed = False

    def request(self) -> None:
        """Ask the process to end; safe in a signal handler, where an Event could wait for the interrupted thread."""
        if not self.requested:
            self.requested = True
            signal.alarm(SECONDS_TO_END)
        self._told.put(None)
        if self._leave is not None:
            self._leave()

    def on_request(self, leave: Callable[[], None] | None) -> None:
        """Set the function to call at the next request; None while there is no connection."""
        self._leave = leave

    def end_with(self, failure: threading.ExceptHookArgs) -> None:
        """Log the death of a thread; if it was a vital one, end the process, so that its manager starts it again."""
        threading.__excepthook__(failure)
        if failure.thread is not None and failure.thread.name in VITAL_THREADS:
            log.critical("The %s thread died; the bot ends.", failure.thread.name)
            self.failed = True
            self.request()

    def wait(self, seconds: float) -> None:
        """Sleep for ``seconds``, or until the request to end."""
        if not self.requested:
            try:
                self._told.get(timeout=seconds)
            except Empty:
                return


def own_signals() -> Stop:
    """Handle SIGTERM, SIGINT and the death of a thread for the whole life of the process.

    Sopel handles signals in each connection's event loop; between two loops they would kill the process.
    """
    backends.QUIT_SIGNALS.clear()
    backends.RESTART_SIGNALS.clear()
    stop = Stop()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.request()

    for number in STOP_SIGNALS:
        signal.signal(number, told)
    threading.excepthook = stop.end_with
    return stop
