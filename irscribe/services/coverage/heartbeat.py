"""The ear: tells the record which channels can be heard, so that a report can say when they could not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.request import fold

NOWHERE: Mapping[str, str] = MappingProxyType({})


class Heartbeat:
    """Open while there is a connection; a channel is heard from the moment that what was missed has been read back."""

    def __init__(self, submit: Callable[[HeardUntil | ChannelRejoined], None]) -> None:
        """Submit what there is to record."""
        self._submit = submit
        self._network = ""
        self._last_word: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._reading_back: dict[str, ChannelRejoined] = {}
        # Replaced as a whole: the tick reads it in a thread of its own.
        self._heard = NOWHERE

    def open(self, network: str, last_word: Callable[[], datetime]) -> None:
        """A connection is there; ``last_word`` tells when the server was last heard over it.

        A server that is silent may be gone: what is known to be heard ends with its last word, not with the clock.
        """
        self._network, self._last_word = network, last_word

    def enter(self, channel: str, *, said_before: datetime) -> None:
        """The bot is in a channel; lines said before that moment of the server's clock are read back now."""
        self._reading_back[fold(channel)] = ChannelRejoined(
            network=self._network, channel=channel, at=datetime.now(UTC), said_before=said_before
        )

    def catch_up(self, channel: str) -> None:
        """What was missed in a channel has been read back, if anything was kept for the bot."""
        come = self._reading_back.pop(fold(channel), None)
        if come is not None:
            self._submit(come)
            self._heard = {**self._heard, fold(channel): channel}

    def leave(self, channel: str) -> None:
        """The bot is in a channel no longer."""
        self._reading_back.pop(fold(channel), None)
        if fold(channel) in self._heard:
            self._end((self._heard[fold(channel)],))
            self._heard = {key: name for key, name in self._heard.items() if key != fold(channel)}

    def beat(self) -> None:
        """Say what is heard still: a process that is killed cannot say until when."""
        if heard := tuple(self._heard.values()):
            self._submit(HeardUntil(network=self._network, channels=heard, until=self._last_word()))

    def close(self) -> None:
        """The connection is gone."""
        self._reading_back.clear()
        if self._heard:
            self._end(tuple(self._heard.values()))
            self._heard = NOWHERE

    def _end(self, channels: tuple[str, ...]) -> None:
        self._submit(HeardUntil(network=self._network, channels=channels, until=self._last_word(), over=True))
