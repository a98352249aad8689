"""The wait before the next connection, by what became of the last ones."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_WAIT = 60.0
"""Longest wait in seconds for a server that does not let the bot in."""
LONGEST_WAIT_AFTER_BREAK = 8.0
"""Longest wait in seconds after a connection that broke soon: the server is there, and may stay next time."""
QUIET = 60.0
"""Seconds for which a connection has to last, so that the ones that broke before it are forgotten."""


@dataclass
class BackOff:
    """Counts the attempts in a row that were not let in, and the connections that broke since one that lasted."""

    not_let_in: int = 0
    breaks: int = 0

    def after(self, lasted: float | None) -> float:
        """Give the seconds to wait after a connection, before jitter.

        ``lasted`` are the seconds from its registration to its end; None if the server did not let the bot in.
        """
        if lasted is None:
            self.not_let_in += 1
            return _doubled(self.not_let_in - 1, most=LONGEST_WAIT)
        self.not_let_in = 0
        self.breaks = 1 if lasted >= QUIET else self.breaks + 1
        return 0.0 if self.breaks == 1 else _doubled(self.breaks - 1, most=LONGEST_WAIT_AFTER_BREAK)


def _doubled(times: int, *, most: float) -> float:
    """Give 1, 1, 2, 4 … seconds."""
    return min(most, 2.0 ** max(0, min(times, 10) - 1))
