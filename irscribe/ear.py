"""The ear: tells the record when the network can be heard, so that a report can say when it could not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from irscribe.domain.hearing import Hearing


class Ear:
    """Open while there is a connection."""

    def __init__(self, submit: Callable[[Hearing], None]) -> None:
        """Submit what there is to record."""
        self._submit = submit
        self._network: str | None = None

    def open(self, network: str) -> None:
        """A connection is there; what went before it was not heard."""
        self._network = network
        self._submit(Hearing(network=network, at=datetime.now(UTC), again=True))

    def beat(self) -> None:
        """Say that the network is heard still: a process that is killed cannot say when."""
        if self._network is not None:
            self._submit(Hearing(network=self._network, at=datetime.now(UTC)))

    def close(self) -> None:
        """The connection is gone."""
        self.beat()
        self._network = None
