"""Tells listeners which incidents a commit changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

Listener = Callable[[frozenset[int]], None]
"""Is called after a commit, in the thread that committed, and so only notes what it has to do.

It is told of this process's commits only; what else was written it finds by itself when the bot becomes the active one.
"""

log = logging.getLogger(__name__)


def tell(listeners: Sequence[Listener], incidents: frozenset[int]) -> None:
    """Call every listener; the failure of one is logged, and harms neither the others nor the commit."""
    for listener in listeners:
        try:
            listener(incidents)
        except Exception:
            log.exception("A listener failed after the commit of changes to %s.", sorted(incidents))
