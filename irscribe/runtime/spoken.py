"""What was said and is not known to have arrived: what the server refuses, or loses with the connection, is logged."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from irscribe.domain.request import fold

KEPT = 200
"""Lines kept in mind: more than the bot may say before a server that has stopped answering counts as dead."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line on its way; when it was said, and when the server had last answered by then."""

    target: str
    text: str
    said_at: datetime
    answered: datetime

    def is_for(self, target: str) -> bool:
        """Whether it was said to this target."""
        return fold(self.target) == fold(target)


class SentLines:
    """The last lines of one connection; for any thread.

    Servers refuse a line by its target only, and say that one has arrived only where they echo it.
    """

    def __init__(self) -> None:
        self._lines: deque[Line] = deque(maxlen=KEPT)
        self._lock = Lock()

    @property
    def first(self) -> Line | None:
        """The one that has been on its way for longest."""
        with self._lock:
            return self._lines[0] if self._lines else None

    @contextmanager
    def saying(self, line: Line) -> Iterator[None]:
        """A line is put on its way; where that fails it is not."""
        with self._lock:
            self._lines.append(line)
        try:
            yield
        except ConnectionError:
            with self._lock, suppress(ValueError):
                self._lines.remove(line)
            raise

    def arrived(self, target: str, text: str) -> None:
        """The server has echoed a line; some change its text."""
        with self._lock:
            self._take(lambda line: line.is_for(target) and line.text == text) or self._take(
                lambda line: line.is_for(target)
            )

    def refused(self, target: str, reason: str, *, echoes: bool) -> None:
        """The server did not take a line to this target.

        It answers in order: where it echoes what it takes, it is the first that is left. Elsewhere it is one of the
        last, as a target that refuses a line refuses those behind it too.
        """
        with self._lock:
            line = self._take(lambda line: line.is_for(target), last=not echoes)
        if line is not None:
            log.warning("not said to %s (%s): %s", line.target, reason, line.text)

    def end(self, answered: datetime, *, echoes: bool) -> None:
        """The connection is gone; ``answered`` is when the server last answered over it."""
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
