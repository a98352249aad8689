"""Lines sent that may not have arrived: those that the server refuses or that a lost connection loses are logged."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

REMEMBERED_LINES = 200
"""Most sent lines to remember: more than the bot can send before a silent server counts as dead."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line on its way, with its target folded too; ``answered`` is the time of the server's last answer before it."""

    target: str
    folded: str
    text: str
    said_at: datetime
    answered: datetime


class SentLines:
    """The last lines sent over one connection; safe for any thread.

    A server's refusal names only the target of a line. It confirms a line only if it echoes messages.
    Targets are folded.
    """

    def __init__(self) -> None:
        self._lines: deque[Line] = deque(maxlen=REMEMBERED_LINES)
        self._lock = Lock()

    @property
    def first(self) -> Line | None:
        """The oldest line on its way; None if there is none."""
        with self._lock:
            return self._lines[0] if self._lines else None

    @contextmanager
    def saying(self, line: Line) -> Iterator[None]:
        """Remember a line while it is sent, and forget it if that fails with ConnectionError."""
        with self._lock:
            self._lines.append(line)
        try:
            yield
        except ConnectionError:
            with self._lock, suppress(ValueError):
                self._lines.remove(line)
            raise

    def arrived(self, target: str, text: str) -> None:
        """Forget a line that the server has echoed; some servers change its text."""
        with self._lock:
            self._take(lambda line: line.folded == target and line.text == text) or self._take(
                lambda line: line.folded == target
            )

    def refused(self, target: str, reason: str, *, echoes: bool) -> None:
        """Log and forget a line to this target that the server refused.

        Answers come in order: with echoes it is the oldest line left. Without them it is the newest, as a target that
        refuses one line refuses the later ones too.
        """
        with self._lock:
            line = self._take(lambda line: line.folded == target, last=not echoes)
        if line is not None:
            log.warning("not said to %s (%s): %s", line.target, reason, line.text)

    def end(self, answered: datetime, *, echoes: bool) -> None:
        """Log the lines lost with the connection; ``answered`` is the time of the server's last answer."""
        with self._lock:
            lost = [line for line in self._lines if echoes or line.answered == answered]
            self._lines.clear()
        for line in lost:
            log.warning("perhaps not said to %s: %s", line.target, line.text)

    def _take(self, is_meant: Callable[[Line], bool], *, last: bool = False) -> Line | None:
        lines = reversed(self._lines) if last else iter(self._lines)
        found = next((line for line in lines if is_meant(line)), None)
        if found is not None:
            self._lines.remove(found)
        return found
