"""Coverage: until when the bot heard its channels, and since when it hears one again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from irscribe.domain.casemapping import CaseMapping


@dataclass(frozen=True, kw_only=True)
class HeardUntil:
    """The bot has heard these channels of a network until this moment; ``over`` is true if it hears them no longer."""

    network: str
    channels: tuple[str, ...]
    until: datetime
    over: bool = False
    casemapping: CaseMapping = CaseMapping.ASCII


@dataclass(frozen=True, kw_only=True)
class ChannelRejoined:
    """The bot is in a channel again, and has read back the lines of the gap that the network had kept.

    ``at`` is when it joined by its own clock, ``said_before`` the same moment by the clock that dates the lines.
    """

    network: str
    channel: str
    at: datetime
    said_before: datetime
    casemapping: CaseMapping = CaseMapping.ASCII

    @property
    def folded_channel(self) -> str:
        """The channel, folded."""
        return self.casemapping.fold(self.channel)
