"""Which channels the bot hears, and since when again; who else may be hearing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class HeardUntil:
    """The bot has heard these channels of a network until this moment; ``over`` where it hears them no longer."""

    network: str
    channels: tuple[str, ...]
    until: datetime
    over: bool = False


@dataclass(frozen=True, kw_only=True)
class ChannelRejoined:
    """The bot is in a channel again, and has read back what the network had kept for it.

    ``at`` is when it came by its own clock, ``said_before`` the same moment by the clock that dates the lines.
    """

    network: str
    channel: str
    at: datetime
    said_before: datetime


@dataclass(frozen=True, kw_only=True)
class NamesakeJoined:
    """Somebody called like the bot has come into a channel: perhaps the bot whose turn it is by now."""
