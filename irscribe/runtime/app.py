"""The methods of the app that a connection calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from irscribe.domain.attendance import Arrival, Attendance
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.events import Event
from irscribe.domain.naming import NetworkNamed
from irscribe.domain.request import Request
from irscribe.domain.talk import HeardLine
from irscribe.runtime.voice import Sender
from irscribe.services.coverage.tracker import CoverageTracker


class App(Protocol):
    """Takes events and sends replies through the attached connection; outlives every connection."""

    @property
    def casemapping(self) -> CaseMapping:
        """The case mapping of the network that the bot was on last; the strictest if it was on none."""

    @property
    def coverage(self) -> CoverageTracker:
        """The tracker of the channels that the bot hears."""

    def take_leader_lock(self) -> bool:
        """Take the leader lock if it is free; True if this bot is the active one now."""

    def release_leader_lock(self) -> None:
        """Release the leader lock, as this bot cannot reach the network: another bot may try."""

    def on_step_down(self, leave: Callable[[], None] | None) -> None:
        """Set the function that leaves the network when the leader lock is lost; None while there is no connection."""

    def meet_network(self, event: NetworkNamed) -> None:
        """Compare names as this network does from now on; to be called before ``attach`` and before its lines."""

    def submit(self, event: Event) -> None:
        """Queue one event, in the order of the calls; returns at once."""

    def hear(self, line: HeardLine) -> None:
        """Take a line of a channel as talk, before it may be submitted as a command; returns at once."""

    def arrive(self, arrival: Arrival) -> None:
        """Take somebody who has joined a channel; returns at once."""

    def awaits_rest(self, request: Request) -> bool:
        """True if a plain line may be the rest of a split command."""

    def lets_alone(self, request: Request) -> bool:
        """True if a line shows a bot that answers ours, so that it is not to be submitted."""

    def attach(self, voice: Sender) -> None:
        """Send replies through this connection from now on."""

    def watch(self, sight: Callable[[], Attendance]) -> None:
        """See through this connection who is in the channels; until ``detach``."""

    def detach(self) -> None:
        """Keep the replies that wait for the next connection."""
