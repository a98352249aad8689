"""People who talk to the bot all at once, each by a script, in one thread; and what each was answered."""

from __future__ import annotations

import re
import socket
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from typing import NamedTuple

from tests.waiting import HANGS

BOT = "irscribe"
CHANNEL = "#ops"
PRIVATELY = "/msg "
"""The beginning of a line that is said to the bot in private."""
ANSWER_SECONDS = HANGS
"""Seconds in which a server, or a bot that lives, has answered."""
LOOK_AGAIN = 0.1

Script = Generator[Sequence[str], Sequence[str | None], None]
"""Yields lines to say at once, and is sent the bot's answer to each: None where it did not live to give one."""

_LINE = re.compile(r"(?::(?P<nick>[^! ]+)\S* )?(?P<what>\S+)(?: (?P<target>[^: ]\S*))?(?: [^:].*?)?(?: :(?P<text>.*))?")
_UNASKED = re.compile(r"I was away |Scorecard of .* questions: |(?:Incident \d+: )?Still missing: |I could not look")
_STATUS = re.compile(r"\d+ “")


class Heard(NamedTuple):
    """A line of the server's, taken apart."""

    nick: str
    what: str
    target: str
    text: str


@dataclass
class Asked:
    """A line that was said, and the bot's answer once there is one or there will be none."""

    line: str
    answer: str | None = None
    waits: bool = True

    def settle(self, answer: str | None) -> None:
        self.answer, self.waits = answer, False


class Person:
    """Somebody in the channel: a connection, a script, and the lines whose answers they await.

    ``bot`` is what the bot is called while this person sees it in the channel, ``joins`` how often it came. ``said``
    has not reached the channel yet, ``told`` was said to the bot in private.
    """

    def __init__(self, nick: str, address: tuple[str, int]) -> None:
        self.nick = nick
        self.joins = 0
        self.take_up(None)
        self._turn: Sequence[Asked] = ()
        self.connect(address)

    def connect(self, address: tuple[str, int]) -> None:
        """Enter the channel of a server."""
        self.bot: str | None = None
        self.said: deque[Asked] = deque()
        self.told: deque[Asked] = deque()
        self._rest = b""
        self.socket = socket.create_connection(address, timeout=ANSWER_SECONDS)
        self.send(f"NICK {self.nick}", f"USER {self.nick} 0 * :{self.nick}", f"JOIN {CHANNEL}")
        there, is_in = [], False
        while not is_in:
            for heard in self.hear():
                there += heard.text.split() if heard.what == "353" else [heard.nick] if heard.what == "JOIN" else []
                is_in = is_in or heard.what == "366"
        self.bot = next((name for each in there if (name := each.lstrip("@+")).startswith(BOT)), None)
        self.joins += self.bot is not None

    @property
    def waits(self) -> bool:
        """True if the script does not know the answer to a line of theirs yet."""
        return bool(self._turn)

    def take_up(self, script: Script | None) -> None:
        """Talk by a script from now on, or by none."""
        self._script, self._next = script, next(script) if script else ()

    def send(self, *lines: str) -> None:
        """Put lines on the wire."""
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def hear(self) -> Iterator[Heard]:
        """Read the lines that have come.

        Raises ConnectionError where the server is gone.
        """
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError(self.nick)
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        for line in lines:
            found = _LINE.fullmatch(line.decode())
            assert found, line
            yield Heard(*(found[name] or "" for name in Heard._fields))

    def say(self, *lines: str) -> Sequence[Asked]:
        """Say lines, and await an answer to each."""
        self._turn = [Asked(line) for line in lines]
        for asked in self._turn:
            in_private = asked.line.startswith(PRIVATELY)
            (self.told if in_private else self.said).append(asked)
            place = self.bot if in_private else CHANNEL
            self.send(f"PRIVMSG {place} :{asked.line.removeprefix(PRIVATELY)}")
        return self._turn

    def go_on(self) -> None:
        """Hand the script its answers once all are there."""
        if self._turn and not any(asked.waits for asked in self._turn):
            answered, self._turn = self._turn, ()
            if self._script:
                self._next = self._script.send([asked.answer for asked in answered])

    def speak_up(self) -> None:
        """Say what the script says next, if the bot is there to hear it."""
        if self._next and self.bot:
            lines, self._next = self._next, ()
            self.say(*lines)

    def hear_in_private(self, text: str) -> None:
        """The bot says something to this person alone."""
        if self.told and not _UNASKED.match(text):
            self.told.popleft().settle(text)

    def give_up(self) -> None:
        """The bot is gone: what it was told in private is answered no more."""
        self.bot = None
        settle_all(self.told)


class Crowd:
    """People in one channel with the bot, and an ear that says nothing and hears all of it in its order.

    The bot answers the lines of a channel in the order they reached it, which is the same for everybody else, as long
    as nobody asks what is answered beside the writer. So the ear knows which answer belongs to which line. ``heard``
    are the lines in that order, ``unasked`` is what the bot said by itself, ``late`` what it said only when it was
    back.
    """

    def __init__(self, address: tuple[str, int], *nicks: str) -> None:
        self.people = {nick: Person(nick, address) for nick in nicks}
        self.ear = Person("ear", address)
        self.heard: list[Asked] = []
        self.unasked: list[str] = []
        self.late: list[str] = []
        self._everybody = (self.ear, *self.people.values())
        self._quiet = False
        self._status = Asked("!ir", waits=False)
        self._awaited: deque[Asked] = deque()
        self._selector = DefaultSelector()
        for person in self._everybody:
            self._selector.register(person.socket, EVENT_READ, person)

    def sees_bot(self) -> bool:
        """True if everybody sees the bot in the channel."""
        return all(person.bot for person in self._everybody)

    def is_settled(self) -> bool:
        """True if nobody waits for an answer."""
        return not any(person.waits for person in self._everybody)

    def play(self, seconds: float) -> None:
        """Let everybody talk for a while."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self._step(left)

    def play_until(self, reached: Callable[[], bool]) -> None:
        """Let everybody talk until something is so."""
        end = monotonic() + ANSWER_SECONDS
        while not reached():
            assert monotonic() < end, f"not reached; unanswered: {[asked.line for asked in self._awaited]}"
            self._step(LOOK_AGAIN)

    def ask(self, nick: str, line: str) -> str:
        """Let somebody without a script say a line; the answer to it."""
        (asked,) = self.people[nick].say(line)
        self.play_until(self.is_settled)
        assert asked.answer, line
        return asked.answer

    def fall_silent(self) -> None:
        """Let everybody hear their last answer, and end their scripts."""
        self._quiet = True
        self.play_until(self.is_settled)
        for person in self._everybody:
            person.take_up(None)
        self._quiet = False

    def forget_bot(self) -> None:
        """The bot is dead: wait until everybody knows."""
        self.play_until(lambda: self.is_settled() and not any(person.bot for person in self._everybody))

    def lose_server(self) -> None:
        """The server is dead: hear what it said last; what was not answered by then is not any more."""
        for person in self._everybody:
            with suppress(ConnectionError):
                while True:
                    self._hear_out(person)
            self._selector.unregister(person.socket)
            person.socket.close()
            self._lose_bot(person)
            settle_all(person.said)

    def come_back(self, address: tuple[str, int]) -> None:
        """Enter the channel again, and say nothing until the bot has said what it could not say without a server."""
        for person in self._everybody:
            person.connect(address)
            self._selector.register(person.socket, EVENT_READ, person)
        self._quiet, self._status = True, Asked("!ir")
        self.play_until(self.sees_bot)
        self.ear.send(f"PRIVMSG {CHANNEL} :{self._status.line}")
        self.play_until(lambda: not self._status.waits)
        self._quiet = False

    def close(self) -> None:
        """Leave."""
        self._selector.close()
        for person in self._everybody:
            person.socket.close()

    def _step(self, timeout: float) -> None:
        for key, _ in self._selector.select(timeout):
            self._hear_out(key.data)
        for person in self.people.values():
            person.go_on()
            if not self._quiet:
                person.speak_up()

    def _hear_out(self, person: Person) -> None:
        for heard in person.hear():
            self._take(person, heard)

    def _take(self, person: Person, heard: Heard) -> None:
        match heard.what:
            case "PING":
                person.send(f"PONG :{heard.text}")
            case "PRIVMSG" if heard.target == person.nick:
                person.hear_in_private(heard.text)
            case "PRIVMSG" if person is self.ear:
                self._hear(heard)
            case "401" if person.told:
                person.told.popleft().settle(None)
            case "JOIN" if heard.nick.startswith(BOT):
                person.bot = heard.nick
                person.joins += 1
            case "NICK" if heard.nick.startswith(BOT):
                person.bot = heard.text
            case "QUIT" if heard.nick.startswith(BOT):
                self._lose_bot(person)
            case "KICK":
                self._lose_bot(person)

    def _hear(self, heard: Heard) -> None:
        """Something was said in the channel."""
        if heard.nick in self.people:
            asked = self.people[heard.nick].said.popleft()
            assert asked.line == heard.text
            self.heard.append(asked)
            self._awaited.append(asked)
            if not self.ear.bot:
                settle_all(self._awaited)
        elif _UNASKED.match(heard.text):
            self.unasked.append(heard.text)
        elif self._status.waits:
            self._hear_late(heard.text)
        else:
            assert self._awaited, f"nobody asked for: {heard.text}; before: {[*map(vars, self.heard[-4:])]}"
            self._awaited.popleft().settle(heard.text)

    def _hear_late(self, text: str) -> None:
        if _STATUS.match(text):
            self._status.settle(text)
        else:
            self.late.append(text)

    def _lose_bot(self, person: Person) -> None:
        person.give_up()
        if person is self.ear:
            settle_all(self._awaited)


def settle_all(awaited: deque[Asked]) -> None:
    """Nothing of this is answered any more."""
    while awaited:
        awaited.popleft().settle(None)
