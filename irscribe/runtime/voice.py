"""Saying one line, without Sopel's own limiter, loop detection and echo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property

from sopel.bot import Sopel
from sopel.tools.target import User

from irscribe.domain.request import CHANNELS, Person, fold
from irscribe.runtime.spoken import Line, SentLines

LONGEST_LINE = 512
"""Bytes of a line with the bot's mask in front of it, CR and LF (RFC 1459, 2.3)."""
LONGEST_NICK, LONGEST_USER, LONGEST_HOST = 30, 10, 64
"""Bytes of a mask's parts where the server does not say."""
MOST_MET = 1000
"""People who are recognised by what they said."""
MOST_KEYS = 8
"""Ways one of them is recognised by: nicks, accounts."""
ECHO = "echo-message"
ECHO_WITHIN = timedelta(seconds=15)
"""A server that has answered after that long without an echo echoes nothing, whatever it promised."""


class Sender:
    """What the app speaks through while a connection lasts; callable from any thread.

    ``inside`` are the channels the bot is in, folded; ``answered`` is when the server last answered.
    """

    def __init__(self, bot: Sopel) -> None:
        self.inside: set[str] = set()
        self.answered = datetime.now(UTC)
        self._bot = bot
        self._spoken = SentLines()
        self._met: dict[int, tuple[User, tuple[str, ...]]] = {}
        self._is_echoed = True

    def __call__(self, target: str, text: str) -> None:
        """Put one PRIVMSG on the wire.

        Raises:
            ConnectionError: there is no connection, or the server has not let the bot in.

        """
        if not self._bot.connection_registered:
            raise ConnectionError("not connected")
        backend = self._bot.backend
        line = Line(target=target, text=text, said_at=datetime.now(UTC), answered=self.answered)
        with self._spoken.saying(line):
            backend.irc_send(backend.prepare_command("PRIVMSG", target, text=text).encode())

    def line_limit(self, target: str) -> int:
        """Bytes of text that reach ``target`` uncut in one line."""
        return self._room - len(target.encode())

    def meet(self, person: Person) -> None:
        """Somebody has said something: as long as the server takes them for the same, they are who they were then.

        A host changes with a cloak and an account with a login, on some networks without a word to others.
        """
        user = self._user(person.nick)
        if user is not None:
            _, known = self._met.get(id(user), (user, ()))
            self._met[id(user)] = user, tuple(dict.fromkeys((person.key, *known)))[:MOST_KEYS]
            if len(self._met) > MOST_MET:
                del self._met[next(iter(self._met))]

    def reaches(self, target: str, recipient_keys: frozenset[str]) -> bool:
        """Whether the target hears what is said to it now, and is the person recognised by one of these keys."""
        if target[:1] in CHANNELS:
            return fold(target) in self.inside
        user = self._user(target) if recipient_keys else None
        return not recipient_keys or (user is not None and not recipient_keys.isdisjoint(self._keys(user)))

    def is_busy(self) -> bool:
        """Whether a line is on its way whose echo has not come: the server is slow with us, or dead."""
        line = self._spoken.first if self._hears_itself else None
        if line is not None and self.answered - line.said_at > ECHO_WITHIN:
            self._is_echoed = False
        return line is not None and self._is_echoed

    def arrived(self, target: str, text: str) -> None:
        """The server has echoed a line."""
        self._spoken.arrived(target, text)

    def refused(self, target: str, reason: str) -> None:
        """The server has not taken a line to this target."""
        self._spoken.refused(target, reason, echoes=self._hears_itself)

    def end(self) -> None:
        """The connection is gone."""
        self._spoken.end(self.answered, echoes=self._hears_itself)

    def _user(self, nick: str) -> User | None:
        return self._bot.users.get(nick)

    def _keys(self, user: User) -> tuple[str, ...]:
        _, said = self._met.get(id(user), (user, ()))
        return (_person(user).key, *said)

    @property
    def _hears_itself(self) -> bool:
        return self._is_echoed and bool(self._bot.capabilities.is_enabled(ECHO))

    @cached_property
    def _room(self) -> int:
        """What the longest mask leaves: a cloak or a nick given by services would cut what is on its way."""
        nick = max(self._longest("NICKLEN", LONGEST_NICK), len(str(self._bot.nick).encode()))
        user = 1 + self._longest("USERLEN", LONGEST_USER)  # some servers do not count the ~ of an unknown user
        mask = nick + 1 + user + 1 + self._longest("HOSTLEN", LONGEST_HOST)
        return LONGEST_LINE - mask - len(": PRIVMSG  :\r\n")

    def _longest(self, name: str, usual: int) -> int:
        told = self._bot.isupport.get(name)
        return told if isinstance(told, int) and told > 0 else usual


def _person(user: User) -> Person:
    return Person(nick=str(user.nick), user=user.user or "", host=user.host or "", account=user.account)
