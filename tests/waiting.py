"""Waiting for what other processes do, without taking the processor from them meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

LOOK_EVERY = 0.02


def wait_until(reached: Callable[[], bool], within: float, otherwise: str) -> None:
    """Wait until something is so; the seconds it may take, and what it is that is not so then."""
    end = monotonic() + within
    while not reached():
        assert monotonic() < end, otherwise
        sleep(LOOK_EVERY)
