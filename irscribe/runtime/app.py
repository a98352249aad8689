"""What the connection needs of the app behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from irscribe.domain.coverage import NamesakeJoined
from irscribe.domain.request import Identified, Left, Renamed, Request
from irscribe.runtime.voice import Sender
from irscribe.services.coverage.heartbeat import Heartbeat


class App(Protocol):
    """Takes what is heard and speaks through what is attached; outlives every connection."""

    @property
    def ear(self) -> Heartbeat:
        """What is told which channels are heard."""

    def take_turn(self) -> bool:
        """Whether it is this bot's turn to be on the network."""

    def offer_turn(self) -> None:
        """The network cannot be reached from here: another bot may try."""

    def on_turn_lost(self, leave: Callable[[], None] | None) -> None:
        """Who has to leave the network when the turn is lost."""

    def submit(self, event: Request | Renamed | Left | Identified | NamesakeJoined) -> None:
        """Take one event, in the order of the calls; returns at once."""

    def awaits_rest(self, request: Request) -> bool:
        """Whether a plain line may be the rest of a command that a client cut."""

    def attach(self, voice: Sender) -> None:
        """A connection is up: the app speaks through it from now on."""

    def detach(self) -> None:
        """The connection is gone."""
