"""Sends lines without Sopel's own limiter, loop detection and echo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property

from sopel.bot import Sopel
from sopel.tools.target import User

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.channel import CHANNELS
from irscribe.domain.request import Person
from irscribe.domain.topics import TopicChange
from irscribe.runtime.spoken import Line, SentLines

LONGEST_LINE = 512
"""Bytes of a line, with the bot's mask in front of it, and CR and LF (RFC 1459, 2.3)."""
LONGEST_NICK, LONGEST_USER, LONGEST_HOST = 30, 10, 64
"""Bytes of a mask's parts if the server does not announce them."""
REMEMBERED_PEOPLE = 1000
"""Most people whose earlier recipient keys are remembered."""
KEYS_PER_PERSON = 8
"""Most recipient keys to remember of one person."""
ECHO_CAPABILITY = "echo-message"
ECHO_WITHIN = timedelta(seconds=15)
"""A server that answers this long after a line without an echo of it does not echo, whatever it announced."""


class Sender:
    """Sends the app's replies over one connection; callable from any thread.

    ``inside`` holds the folded names of the channels the bot is in; ``answered`` is when the server last answered.
    """

    def __init__(self, bot: Sopel) -> None:
        self.inside: set[str] = set()
        self.answered = datetime.now(UTC)
        self._bot = bot
        self._spoken = SentLines()
        self._met: dict[int, tuple[User, tuple[str, ...]]] = {}
        self._is_echoed = True

    def __call__(self, target: str, text: str) -> None:
        """Send one PRIVMSG.

        Raises:
            ConnectionError: there is no connection, or the server has not let the bot in.

        """
        if not self._bot.connection_registered:
            raise ConnectionError("not connected")
        backend = self._bot.backend
        line = Line(
            target=target, folded=self._bot.fold(target), text=text, said_at=datetime.now(UTC), answered=self.answered
        )
        with self._spoken.saying(line):
            backend.irc_send(backend.prepare_command("PRIVMSG", target, text=text).encode())

    @property
    def casemapping(self) -> CaseMapping:
        """The case mapping of the network."""
        mapping: CaseMapping = self._bot.casemapping
        return mapping

    def line_limit(self, target: str) -> int:
        """Give the number of bytes of text that reach ``target`` in one line."""
        return self._room - len(target.encode())

    def meet(self, person: Person) -> None:
        """Remember a sender's key for as long as Sopel's user object lasts, which follows one person's nicks.

        A host changes with a cloak and an account with a login, on some networks without notice to others.
        """
        user = self._user(person.nick)
        if user is not None:
            _, known = self._met.get(id(user), (user, ()))
            self._met[id(user)] = user, tuple(dict.fromkeys((person.key, *known)))[:KEYS_PER_PERSON]
            if len(self._met) > REMEMBERED_PEOPLE:
                del self._met[next(iter(self._met))]

    def reaches(self, target: str, recipient_keys: frozenset[str]) -> bool:
        """True if the bot is in the channel, or the nick is of the person with one of these keys; none fit anybody."""
        if target[:1] in CHANNELS:
            return self._bot.fold(target) in self.inside
        user = self._user(target) if recipient_keys else None
        return not recipient_keys or (user is not None and not recipient_keys.isdisjoint(self.keys_of(user)))

    def is_busy(self) -> bool:
        """True if the echo of a line has not come yet: the server throttles the bot, or is dead."""
        line = self._spoken.first if self._hears_itself else None
        if line is not None and self.answered - line.said_at > ECHO_WITHIN:
            self._is_echoed = False
        return line is not None and self._is_echoed

    def set_topic(self, change: TopicChange) -> None:
        """Change the topic of a channel, if it is still as it was."""
        self._bot.topics.set(change)

    def arrived(self, target: str, text: str) -> None:
        """Handle the echo of a line."""
        self._spoken.arrived(self._bot.fold(target), text)

    def refused(self, target: str, reason: str) -> None:
        """Handle the refusal of a line to this target."""
        self._spoken.refused(self._bot.fold(target), reason, echoes=self._hears_itself)

    def end(self) -> None:
        """Log the lines that were lost with the connection."""
        self._spoken.end(self.answered, echoes=self._hears_itself)

    def _user(self, nick: str) -> User | None:
        return self._bot.users.get(nick)

    def keys_of(self, user: User) -> tuple[str, ...]:
        """Give the keys by which somebody in a channel is recognised, with those of their earlier lines."""
        _, said = self._met.get(id(user), (user, ()))
        return (person_seen(self._bot, user).key, *said)

    @property
    def _hears_itself(self) -> bool:
        return self._is_echoed and bool(self._bot.capabilities.is_enabled(ECHO_CAPABILITY))

    @cached_property
    def _room(self) -> int:
        """Bytes left by the longest possible mask, as services may give the bot another nick or a cloak at any time."""
        nick = max(self._longest("NICKLEN", LONGEST_NICK), len(str(self._bot.nick).encode()))
        user = 1 + self._longest("USERLEN", LONGEST_USER)  # some servers do not count the ~ of an unknown user
        mask = nick + 1 + user + 1 + self._longest("HOSTLEN", LONGEST_HOST)
        return LONGEST_LINE - mask - len(": PRIVMSG  :\r\n")

    def _longest(self, name: str, usual: int) -> int:
        told = self._bot.isupport.get(name)
        return told if isinstance(told, int) and told > 0 else usual


def person_seen(bot: Sopel, user: User) -> Person:
    """Give somebody whom the bot sees in a channel."""
    return Person(
        nick=str(user.nick), user=user.user or "", host=user.host or "", account=user.account, naming=bot.naming
    )
