"""The output during a benchmark: lines as they come, and on a terminal the step under way."""

from __future__ import annotations

import sys

CLEAR = "\r\x1b[K"


class Terminal:
    """Standard output for the figures; standard error for the progress, where somebody watches."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()

    def under_way(self, what: str) -> None:
        """Show what is being done just now."""
        if self._watched:
            sys.stderr.write(f"{CLEAR}{what} …")
            sys.stderr.flush()

    def say(self, text: str = "") -> None:
        """Print a line or several, in place of what was under way."""
        if self._watched:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
        print(text, flush=True)
