"""The state of the server: its clients, its channels, and the one lock over both."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, count

from irscribe.domain.casemapping import CaseMapping
from irscribe.ircd.channel import Channel
from irscribe.ircd.session import Session


class Network:
    """The clients and channels. Hold ``lock`` to read or change anything in here or in a session.

    The client whose nick is ``bot_nick`` does not become an operator by being the first in a channel. Names are
    compared by ``casemapping``.
    """

    def __init__(self, bot_nick: str, casemapping: CaseMapping) -> None:
        self.lock = threading.RLock()
        self.bot_nick = bot_nick
        self.casemapping = casemapping
        self._fold = casemapping.fold
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
        session = self._nicks.get(self._fold(nick))
        return session if session and session.registered else None

    def is_nick_of(self, session: Session, nick: str) -> bool:
        """True if this is the client's nick, in any spelling."""
        return self.casemapping.same(session.nick, nick)

    def split_targets(self, text: str) -> Iterator[str]:
        """The names of a comma-separated list, each once."""
        seen: set[str] = set()
        for name in text.split(","):
            if name and self._fold(name) not in seen:
                seen.add(self._fold(name))
                yield name

    def is_taken(self, nick: str, *, by_other_than: Session) -> bool:
        """True if another client, registered or not, has the nick."""
        return self._nicks.get(self._fold(nick), by_other_than) is not by_other_than

    def find_channel(self, name: str) -> Channel | None:
        """The channel with that name, in any spelling."""
        return self.channels.get(self._fold(name))

    def open_channel(self, name: str) -> Channel:
        """The channel with that name, created if there is none."""
        return self.channels.setdefault(self._fold(name), Channel(name, datetime.now(UTC)))

    def channels_of(self, session: Session) -> list[Channel]:
        """The channels that the client is in."""
        return [channel for channel in self.channels.values() if session in channel.members]

    def neighbours(self, session: Session) -> set[Session]:
        """The client, and all clients that share a channel with it."""
        return {session, *chain.from_iterable(channel.members for channel in self.channels_of(session))}

    def rename(self, session: Session, nick: str) -> None:
        """Gives the client its first nick, or another one."""
        self._nicks.pop(self._fold(session.nick), None)
        session.nick = nick
        self._nicks[self._fold(nick)] = session

    def leave_channel(self, session: Session, channel: Channel) -> None:
        """Removes the client from the channel, and the channel if nobody is left in it."""
        del channel.members[session]
        if not channel.members:
            del self.channels[self._fold(channel.name)]

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
        self._nicks.pop(self._fold(session.nick), None)
        for channel in self.channels_of(session):
            self.leave_channel(session, channel)
        for neighbour in neighbours:
            neighbour.send(session.message("QUIT", text=reason))
