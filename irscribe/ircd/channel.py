"""A channel: who is in it, with what standing, under which topic."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from irscribe.ircd.wire import Sent

if TYPE_CHECKING:
    from irscribe.ircd.session import Session


class Rank(Enum):
    """What a member may be, highest first: the letter of its mode and the sign before its nick."""

    OPERATOR = ("o", "@")
    VOICE = ("v", "+")

    def __init__(self, letter: str, sign: str) -> None:
        self.letter = letter
        self.sign = sign


@dataclass(frozen=True, slots=True)
class Topic:
    """What a channel is about; who said so, when."""

    text: str
    by: str
    at: datetime


@dataclass(eq=False, slots=True)
class Channel:
    """A channel as long as somebody is in it; members in the order they came."""

    name: str
    created: datetime
    flags: set[str] = field(default_factory=lambda: {"n", "t"})
    topic: Topic | None = None
    members: dict[Session, set[Rank]] = field(default_factory=dict)

    def has_operator(self) -> bool:
        """Whether anybody here may change things."""
        return any(Rank.OPERATOR in ranks for ranks in self.members.values())

    def is_operator(self, session: Session) -> bool:
        """Whether this member may change things."""
        return Rank.OPERATOR in self.members.get(session, ())

    def signs(self, session: Session, *, every: bool) -> str:
        """The signs before a member's nick: all it has, or the highest."""
        signs = "".join(rank.sign for rank in Rank if rank in self.members[session])
        return signs if every else signs[:1]

    def broadcast(self, line: Sent, *, but: Session | None = None) -> None:
        """Sends a line to everybody here, or to everybody else."""
        for member in self.members:
            if member is not but:
                member.send(line)
