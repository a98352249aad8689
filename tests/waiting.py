"""Waiting for what other processes do, without taking the processor from them meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep, thread_time

HANGS = 60.0
"""Seconds after which what a test waits for will never come; a machine with nothing else to do needs less than ten."""
LOOK_EVERY = 0.02
SAMPLE = 0.1
"""Seconds of work that tell how busy the machine is."""


def wait_until(reached: Callable[[], bool], within: float, otherwise: str) -> None:
    """Wait until something is so; the seconds it may take, and what it is that is not so then."""
    end = monotonic() + within
    while not reached():
        assert monotonic() < end, otherwise
        sleep(LOOK_EVERY)


def slowness() -> float:
    """Seconds that a second of work takes just now: 1 on a machine with nothing else to do.

    A time limit of a test is multiplied by it.
    """
    begun, worked = monotonic(), thread_time()
    while thread_time() - worked < SAMPLE:
        pass
    return max(1.0, (monotonic() - begun) / SAMPLE)
