"""A stand-in for the app behind a connection: keeps what it is given, in order."""

from __future__ import annotations

from collections.abc import Callable

from irscribe.domain.hearing import Challenge, Hearing, Return
from irscribe.domain.request import Identified, Left, Renamed, Request
from irscribe.ear import Ear


class Listener:
    """Takes every event; awaits the rest of a cut line only where ``awaiting`` says so."""

    def __init__(self, *, awaiting: Callable[[Request], bool] = lambda _request: False) -> None:
        self.events: list[Request | Renamed | Left | Identified | Challenge] = []
        self.silences: list[Hearing | Return] = []
        self.ear = Ear(self.silences.append)
        self.send: Callable[[str, str], None] | None = None
        self.awaiting = awaiting

    def submit(self, event: Request | Renamed | Left | Identified | Challenge) -> None:
        self.events.append(event)

    def awaits_rest(self, request: Request) -> bool:
        return self.awaiting(request)

    def attach(self, voice: Callable[[str, str], None]) -> None:
        self.send = voice

    def detach(self) -> None:
        self.send = None
        self.ear.close()
