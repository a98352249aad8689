"""Tracks the coverage of one connection after another, and submits what there is to record of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.request import fold

NOWHERE: Mapping[str, str] = MappingProxyType({})


class CoverageTracker:
    """Knows which channels the bot hears: those it is in, each once the lines of its gap have been read back."""

    def __init__(self, submit: Callable[[HeardUntil | ChannelRejoined], None]) -> None:
        """Submit what there is to record."""
        self._submit = submit
        self._network = ""
        self._heard_until: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._rejoined: dict[str, ChannelRejoined] = {}
        # Replaced as a whole: ``record`` reads it in a thread of its own.
        self._heard = NOWHERE

    def connect(self, network: str, heard_until: Callable[[], datetime]) -> None:
        """A connection is there; ``heard_until`` gives the time of the server's last line.

        A server that is silent may be gone: coverage ends with its last line, not with the clock.
        """
        self._network, self._heard_until = network, heard_until

    def rejoin(self, channel: str, *, said_before: datetime) -> None:
        """The bot is in a channel; lines said before that moment of the server's clock are read back now."""
        self._rejoined[fold(channel)] = ChannelRejoined(
            network=self._network, channel=channel, at=datetime.now(UTC), said_before=said_before
        )

    def end_read_back(self, channel: str) -> None:
        """All lines that were kept of a channel's gap are here."""
        rejoined = self._rejoined.pop(fold(channel), None)
        if rejoined is not None:
            self._submit(rejoined)
            self._heard = {**self._heard, fold(channel): channel}

    def leave(self, channel: str) -> None:
        """The bot is in a channel no longer."""
        self._rejoined.pop(fold(channel), None)
        if fold(channel) in self._heard:
            self._record((self._heard[fold(channel)],), over=True)
            self._heard = {key: name for key, name in self._heard.items() if key != fold(channel)}

    def record(self) -> None:
        """Submit until when the channels were heard: a process that is killed cannot do so any more."""
        self._record(tuple(self._heard.values()), over=False)

    def disconnect(self) -> None:
        """The connection is gone."""
        self._rejoined.clear()
        self._record(tuple(self._heard.values()), over=True)
        self._heard = NOWHERE

    def _record(self, channels: tuple[str, ...], *, over: bool) -> None:
        if channels:
            self._submit(HeardUntil(network=self._network, channels=channels, until=self._heard_until(), over=over))
