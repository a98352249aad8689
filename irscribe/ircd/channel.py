"""A channel: its members with their ranks, and its topic."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from irscribe.ircd.session import Session
from irscribe.ircd.wire import ServerMessage

MAX_TOPIC_BYTES = 390


class Rank(Enum):
    """A rank of a member, highest first: the letter of its mode and the prefix of its nick."""

    OPERATOR = ("o", "@")
    VOICE = ("v", "+")

    def __init__(self, letter: str, prefix: str) -> None:
        self.letter = letter
        self.prefix = prefix


@dataclass(frozen=True, slots=True)
class Topic:
    """A channel's topic; ``by`` is the source of the client that set it."""

    text: str
    by: str
    at: datetime


@dataclass(eq=False, slots=True)
class Channel:
    """A channel, which exists as long as it has members; they are in the order of their joining."""

    name: str
    created: datetime
    topic: Topic | None = None
    members: dict[Session, set[Rank]] = field(default_factory=dict)

    def has_operator(self) -> bool:
        """True if any member is an operator."""
        return any(Rank.OPERATOR in ranks for ranks in self.members.values())

    def is_operator(self, session: Session) -> bool:
        """True if the client is a member and an operator."""
        return Rank.OPERATOR in self.members.get(session, ())

    def prefixes(self, session: Session, *, every: bool) -> str:
        """The prefixes of a member's nick: one for each rank, or only the highest."""
        prefixes = "".join(rank.prefix for rank in Rank if rank in self.members[session])
        return prefixes if every else prefixes[:1]

    def broadcast(self, message: ServerMessage) -> None:
        """Sends a message to every member."""
        for member in self.members:
            member.send(message)
