"""The events that the writer takes, and the outcome of carrying one out."""

from __future__ import annotations

from dataclasses import dataclass

from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.naming import NetworkNamed
from irscribe.domain.request import (
    Export,
    Identified,
    Left,
    OutboxFilled,
    Renamed,
    Reply,
    Request,
    StepDown,
    Withdrawal,
)


@dataclass(frozen=True, kw_only=True)
class Rest:
    """The plain line that follows a split command whose beginning was carried out before it came."""

    beginning: Request
    line: Request


@dataclass(frozen=True, kw_only=True)
class NamesakeJoined:
    """A bot of the same name has joined a channel; it may be the active one by now."""


Event = Request | Rest | Renamed | Left | Identified | NetworkNamed | HeardUntil | ChannelRejoined | NamesakeJoined
"""Everything that the writer takes, in the order of arrival."""
MustBeRecorded = Renamed | Identified | NetworkNamed | HeardUntil | ChannelRejoined
"""Events that nobody types again; a ``HeardUntil`` counts only where the bot has stopped hearing."""
Outcome = list[Reply | Export | Withdrawal | OutboxFilled | Renamed | Left | StepDown]
"""Everything to do after the commit, in its order."""
