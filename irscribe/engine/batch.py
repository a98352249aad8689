"""The events of one transaction: taken while it is at work, and few enough that nobody waits long for its commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import thread_time

from irscribe.domain.events import Event

EVENTS_PER_TRANSACTION = 64
"""Most events in one transaction."""
SECONDS_PER_TRANSACTION = 0.04
"""Seconds of the writer's work after which a transaction takes no further event.

Only work counts, not the time in which others have the processor: a busy machine needs many events in a commit.
"""


class Batch:
    """Iterates over events until as many are taken, or as much time is over, as one transaction may have.

    ``events`` are those taken so far. A transaction that is tried again begins with them, in the same order.
    """

    def __init__(self, take: Callable[[bool], Event | None], charge: Callable[[float], None]) -> None:
        """Take events with ``take``, told whether one joins others, and tell ``charge`` the seconds of each."""
        self.events: list[Event] = []
        self._take = take
        self._charge = charge

    @classmethod
    def of(cls, events: Sequence[Event]) -> Batch:
        """Make a batch of these events and no others."""
        batch = cls(lambda _: None, lambda _: None)
        batch.events += events
        return batch

    def __iter__(self) -> Iterator[Event]:
        begun = thread_time()
        yield from tuple(self.events)
        while (event := self._next(begun)) is not None:
            self.events.append(event)
            taken = thread_time()
            yield event
            self._charge(thread_time() - taken)

    def _next(self, begun: float) -> Event | None:
        """Take one more event if there is room for it."""
        is_full = len(self.events) >= EVENTS_PER_TRANSACTION or thread_time() - begun >= SECONDS_PER_TRANSACTION
        return None if self.events and is_full else self._take(bool(self.events))
