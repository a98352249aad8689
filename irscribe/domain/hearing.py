"""Whether the bot could hear a network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """The bot hears a network at this moment; ``again`` where it could not just before."""

    network: str
    at: datetime
    again: bool = False
