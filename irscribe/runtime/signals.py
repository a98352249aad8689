"""Being told to stop: signals belong to the process, not to one connection's event loop."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import FrameType

from sopel.irc import backends

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
VITAL_THREADS = frozenset({"writer", "outgoing", "courier", "standby"})
"""Without one of these the bot would be there and deaf or mute."""
DEADLINE = 7
"""Seconds after a signal in which everything must have ended; the kernel ends what has not."""

log = logging.getLogger(__name__)


class Stop:
    """Whether the process was told to end, a sleep that ends with it, and who else wants to know."""

    def __init__(self) -> None:
        self._told: SimpleQueue[None] = SimpleQueue()
        self._leave: Callable[[], None] | None = None
        self.requested = False
        self.failed = False

    def request(self) -> None:
        """End; safe inside a signal handler, where an Event may wait for the very thread it interrupted."""
        if not self.requested:
            self.requested = True
            signal.alarm(DEADLINE)
        self._told.put(None)
        if self._leave is not None:
            self._leave()

    def on_request(self, leave: Callable[[], None] | None) -> None:
        """Who is told next time: the connection that is up, or nobody."""
        self._leave = leave

    def end_with(self, failure: threading.ExceptHookArgs) -> None:
        """A thread has died. Where that leaves half a bot, end, so that whoever watches it starts a whole one."""
        threading.__excepthook__(failure)
        if failure.thread is not None and failure.thread.name in VITAL_THREADS:
            log.critical("The %s thread died; the bot ends.", failure.thread.name)
            self.failed = True
            self.request()

    def wait(self, seconds: float) -> None:
        """Sleep, but not past the request to end."""
        if not self.requested:
            try:
                self._told.get(timeout=seconds)
            except Empty:
                return


def own_signals() -> Stop:
    """Take SIGTERM, SIGINT and the death of a thread for the whole life of the process.

    Sopel ties them to each connection's event loop; between two loops they would fall back to killing the process.
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
