"""The state of the server: its clients, its channels, and the one lock over both."""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime
from itertools import chain, count

from irscribe.ircd.channel import Channel
from irscribe.ircd.names import fold
from irscribe.ircd.session import Session


class Network:
    """The clients and channels. Hold ``lock`` to read or change anything in here or in a session.

    The client whose nick is ``bot_nick`` does not become an operator by being the first in a channel.
    """

    def __init__(self, bot_nick: str) -> None:
        self.lock = threading.RLock()
        self.bot_nick = bot_nick
        self.created = datetime.now(UTC)
        self.sessions: set[Session] = set()
        self.channels: dict[str, Channel] = {}
        self._nicks: dict[str, Session] = {}
        self._run = secrets.token_hex(6)
        self._numbers = count(1)

    def next_msgid(self) -> str:
        """A message id that is unique, also among those of other runs."""
        return f"{self._run}-{next(self._numbers)}"

    def find(self, nick: str) -> Session | None:
        """The registered client with that nick, in any spelling."""
        session = self._nicks.get(fold(nick))
        return session if session and session.registered else None

    def is_taken(self, nick: str, *, by_other_than: Session) -> bool:
        """True if another client, registered or not, has the nick."""
        return self._nicks.get(fold(nick), by_other_than) is not by_other_than

    def find_channel(self, name: str) -> Channel | None:
        """The channel with that name, in any spelling."""
        return self.channels.get(fold(name))

    def open_channel(self, name: str) -> Channel:
        """The channel with that name, created if there is none."""
        return self.channels.setdefault(fold(name), Channel(name, datetime.now(UTC)))

    def channels_of(self, session: Session) -> list[Channel]:
        """The channels that the client is in."""
        return [channel for channel in self.channels.values() if session in channel.members]

    def neighbours(self, session: Session) -> set[Session]:
        """The client, and all clients that share a channel with it."""
        return {session, *chain.from_iterable(channel.members for channel in self.channels_of(session))}

    def rename(self, session: Session, nick: str) -> None:
        """Gives the client its first nick, or another one."""
        self._nicks.pop(fold(session.nick), None)
        session.nick = nick
        self._nicks[fold(nick)] = session

    def leave_channel(self, session: Session, channel: Channel) -> None:
        """Removes the client from the channel, and the channel if nobody is left in it."""
        del channel.members[session]
        if not channel.members:
            del self.channels[fold(channel.name)]

    def disconnect(self, session: Session, reason: str) -> None:
        """Removes the client from the network, tells its neighbours, and closes its connection."""
        self.remove(session, reason)
        session.close(reason)

    def remove(self, session: Session, reason: str) -> None:
        """Removes the client from the network and tells its neighbours; does nothing the second time."""
        if session not in self.sessions:
            return
        neighbours = self.neighbours(session) - {session}
        self.sessions.discard(session)
        self._nicks.pop(fold(session.nick), None)
        for channel in self.channels_of(session):
            self.leave_channel(session, channel)
        for neighbour in neighbours:
            neighbour.send(session.message("QUIT", text=reason))
