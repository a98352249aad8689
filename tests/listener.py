"""A stand-in for the app behind a connection: keeps what it is given, in order."""

from __future__ import annotations

from collections.abc import Callable

from irscribe.domain.request import Renamed, Request


class Listener:
    """Takes every event; awaits the rest of a cut line only where ``awaiting`` says so."""

    def __init__(self, *, awaiting: Callable[[Request], bool] = lambda _request: False) -> None:
        self.events: list[Request | Renamed] = []
        self.send: Callable[[str, str], None] | None = None
        self.network: str | None = None
        self.awaiting = awaiting

    def submit(self, event: Request | Renamed) -> None:
        self.events.append(event)

    def awaits_rest(self, request: Request) -> bool:
        return self.awaiting(request)

    def attach(self, send: Callable[[str, str], None], network: str) -> None:
        self.send, self.network = send, network

    def detach(self) -> None:
        self.send = None
