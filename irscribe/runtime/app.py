"""What the connection needs of the app behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from irscribe.domain.request import Renamed, Request


class App(Protocol):
    """Takes what is heard and speaks through what is attached; outlives every connection."""

    def submit(self, event: Request | Renamed) -> None:
        """Take one event, in the order of the calls; returns at once."""

    def awaits_rest(self, request: Request) -> bool:
        """Whether a plain line may be the rest of a command that a client cut."""

    def attach(self, send: Callable[[str, str], None], network: str) -> None:
        """A connection is up: ``send(target, text)`` puts one line on the wire, from any thread."""

    def detach(self) -> None:
        """The connection is gone."""
