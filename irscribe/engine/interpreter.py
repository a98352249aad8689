"""Python's interpreter, which lets one thread run at a time: how long a note waits for a thread that reads.

The collection of garbage stops every thread while it looks through all objects, those of a long report too. The
answerer's objects are freed without it, so it waits until the answerer is done.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

LONGEST_WITHOUT = 10.0
"""Seconds after which garbage is collected all the same, where the answerer never rests."""
SWITCH_INTERVAL = 0.0005
"""Seconds after which a thread at work gives way to another: a note waits so long several times, as the writer and
the answerer each let go of the interpreter while the database works. Python's own interval is ten times as long."""


def prepare() -> None:
    """Set the interpreter of this process up for the answerer: once, when all modules are loaded."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.freeze()  # what there is by now stays as long as the process, and need not be looked through


class Garbage:
    """Puts the collection off while the answerer is at work."""

    def __init__(self) -> None:
        """Begin with nobody at work."""
        self._lock = Lock()
        self._at_work = 0
        self._put_off_at = 0.0

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """Collect nothing meanwhile, unless it has been put off for too long already."""
        with self._lock:
            if not self._at_work:
                self._put_off_at = monotonic()
                gc.disable()
            self._at_work += 1
        try:
            yield
        finally:
            with self._lock:
                self._at_work -= 1
                if not self._at_work:
                    gc.enable()
                elif monotonic() - self._put_off_at > LONGEST_WITHOUT:
                    gc.collect()
                    self._put_off_at = monotonic()
