"""A stand-in for the app behind a connection: keeps what it is given, in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from irscribe.domain.attendance import Arrival, Attendance
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.events import NamesakeJoined
from irscribe.domain.naming import NetworkNamed
from irscribe.domain.request import Identified, Left, Renamed, Request
from irscribe.domain.talk import HeardLine
from irscribe.services.coverage.tracker import CoverageTracker


class Listener:
    """Takes every event; awaits the rest of a cut line only where ``awaiting`` says so."""

    def __init__(self, *, awaiting: Callable[[Request], bool] = lambda _request: False) -> None:
        self.events: list[Request | Renamed | Left | Identified | NamesakeJoined] = []
        self.heard: list[HeardLine] = []
        self.arrivals: list[Arrival] = []
        self.coverage_events: list[HeardUntil | ChannelRejoined] = []
        self.coverage = CoverageTracker(self.coverage_events.append, clock=partial(datetime.now, UTC))
        self.sight: Callable[[], Attendance] | None = None
        self.send: Callable[[str, str], None] | None = None
        self.awaiting = awaiting
        self.casemapping = CaseMapping.ASCII
        self.networks: list[NetworkNamed] = []

    def submit(self, event: Request | Renamed | Left | Identified | NamesakeJoined) -> None:
        self.events.append(event)

    def meet_network(self, event: NetworkNamed) -> None:
        self.networks.append(event)

    def hear(self, line: HeardLine) -> None:
        self.heard.append(line)

    def arrive(self, arrival: Arrival) -> None:
        self.arrivals.append(arrival)

    def awaits_rest(self, request: Request) -> bool:
        return self.awaiting(request)

    def lets_alone(self, request: Request) -> bool:  # noqa: ARG002 - nothing is said, so nothing is answered
        return False

    def attach(self, voice: Callable[[str, str], None]) -> None:
        self.send = voice

    def watch(self, sight: Callable[[], Attendance]) -> None:
        self.sight = sight

    def detach(self) -> None:
        self.send = None
        self.coverage.disconnect()
