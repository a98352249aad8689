"""Tracks the coverage of one connection after another, and submits it to the writer as events."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.coverage import ChannelRejoined, HeardUntil

NOWHERE: Mapping[str, str] = MappingProxyType({})


class CoverageTracker:
    """Knows which channels are heard: each from the end of its read back until the bot leaves it."""

    def __init__(
        self, submit: Callable[[HeardUntil | ChannelRejoined], None], *, clock: Callable[[], datetime]
    ) -> None:
        """Hear nothing yet; ``submit`` hands an event to the writer."""
        self._submit = submit
        self._network, self._casemapping = "", CaseMapping.ASCII
        self._clock = self._heard_until = clock
        self._rejoined: dict[str, ChannelRejoined] = {}
        # Replaced as a whole: ``record`` reads it in a thread of its own.
        self._heard = NOWHERE

    def connect(self, network: str, casemapping: CaseMapping, heard_until: Callable[[], datetime]) -> None:
        """Begin to track a new connection; ``heard_until`` gives the time of the server's last line.

        A server that is silent may be gone: coverage ends with its last line, not with the clock.
        """
        self._network, self._casemapping, self._heard_until = network, casemapping, heard_until

    @property
    def heard(self) -> Collection[str]:
        """The channels (folded names) that are heard; what was missed in them has been submitted before."""
        return self._heard.keys()

    def join(self, channel: str, *, said_before: datetime) -> None:
        """Begin the read back of a channel, of lines said before that moment of the server's clock."""
        self._rejoined[self._casemapping.fold(channel)] = ChannelRejoined(
            network=self._network,
            channel=channel,
            at=self._clock(),
            said_before=said_before,
            casemapping=self._casemapping,
        )

    def end_read_back(self, channel: str) -> None:
        """End the read back of a channel; it is heard from now on."""
        folded = self._casemapping.fold(channel)
        rejoined = self._rejoined.pop(folded, None)
        if rejoined is not None:
            self._submit(rejoined)
            self._heard = {**self._heard, folded: channel}

    def leave(self, channel: str) -> None:
        """End the coverage of a channel."""
        folded = self._casemapping.fold(channel)
        self._rejoined.pop(folded, None)
        if folded in self._heard:
            self._record((self._heard[folded],), over=True)
            self._heard = {key: name for key, name in self._heard.items() if key != folded}

    def record(self) -> None:
        """Submit until when the channels were heard: a process that is killed cannot do so any more."""
        self._record(tuple(self._heard.values()), over=False)

    def disconnect(self) -> None:
        """End the coverage of all channels."""
        self._rejoined.clear()
        self._record(tuple(self._heard.values()), over=True)
        self._heard = NOWHERE

    def _record(self, channels: tuple[str, ...], *, over: bool) -> None:
        if channels:
            heard = HeardUntil(
                network=self._network,
                channels=channels,
                until=self._heard_until(),
                over=over,
                casemapping=self._casemapping,
            )
            self._submit(heard)
