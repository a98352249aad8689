"""An IRC client for the demo and the tests; a refusal of the server is an error."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Any, Self

from irc.client import Reactor, ServerConnection, ServerConnectionError, ServerNotConnectedError
from irc.events import codes
from jaraco.stream.buffer import LenientDecodingLineBuffer

from irscribe.demo.roster import Roster
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.errors import IrscribeError

ANSWER_SECONDS = 30.0
"""Seconds for which the client waits for an answer by default."""

POLL_SECONDS = 0.2

_SAID = {
    "pubmsg": "<{}> {}",
    "privmsg": "<{}> {}",
    "pubnotice": "-{}- {}",
    "privnotice": "-{}- {}",
    "action": "* {} {}",
}
_ACTS = frozenset({"join", "part", "kick", "mode", "nick", "quit", "topic", "invite"})
_SASL_FAULTS = frozenset({"saslfail", "login_failed"})


class ClientError(IrscribeError):
    """The server refused something, or an expected answer did not come."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message that reached a client: a line, an act such as ``join``, or a refusal of the server.

    As text: ``#incidents <bob> hello``, ``private <bob> hello``, ``#incidents -bob- a notice``, ``#incidents * bob
    waves``, ``#incidents ! bob join``, ``private ! irc.irscribe nosuchnick zed No such nick/channel``.
    """

    kind: str
    speaker: str
    target: str
    text: str

    @property
    def in_private(self) -> bool:
        """True if it came to this client and not to a channel."""
        return not self.target.startswith("#")

    @property
    def is_fault(self) -> bool:
        """True if it is a refusal of the server; a missing MOTD does not count."""
        number = codes.get(self.kind, self.kind)
        return (number[0] in "45" and self.kind != "nomotd") or self.kind in _SASL_FAULTS

    def __str__(self) -> str:
        place = "private" if self.in_private else self.target
        form = _SAID.get(self.kind, f"! {{}} {self.kind} {{}}")
        return f"{place} {form.format(self.speaker, self.text).rstrip()}"


class _Connection(ServerConnection):  # type: ignore[misc]  # jaraco's irc has no types
    buffer_class = LenientDecodingLineBuffer


class _Reactor(Reactor):  # type: ignore[misc]  # jaraco's irc has no types
    connection_class = _Connection


class Client:
    """A registered client of jaraco's `irc`, with its own reader thread; quits at the end of a ``with``.

    ``account`` logs in by SASL with the account's name as its password, as the inner server demands. ``hear`` is
    called in the reader thread with each message.

    Raises:
        ClientError: no server answers, the nick is taken, or the account was refused.
    """

    def __init__(
        self,
        nick: str,
        address: tuple[str, int],
        *,
        account: str | None = None,
        hear: Callable[[Heard], None] | None = None,
    ) -> None:
        self.nick = nick
        self._hear = hear
        self._heard: list[Heard] = []
        self._read = 0
        self._judged = 0
        self._events: set[tuple[str, str]] = set()
        self._roster = Roster()
        self._tokens = count(1)
        self._changed = threading.Condition()
        self._reactor = _Reactor()
        self._reactor.add_global_handler("all_events", self._take)
        self._connection = self._connect(address, account)
        self._reader = threading.Thread(target=self._run, name=f"client-{nick}", daemon=True)
        self._reader.start()
        self._register()

    @property
    def heard(self) -> tuple[Heard, ...]:
        """All messages so far, in order."""
        with self._changed:
            return tuple(self._heard)

    @property
    def lines(self) -> tuple[str, ...]:
        """All messages so far, as texts."""
        return tuple(map(str, self.heard))

    def join(self, channel: str) -> None:
        """Joins a channel; returns when the server has listed its members."""
        self._connection.join(channel)
        self._await("endofnames", CaseMapping.ASCII.fold(channel))

    def part(self, channel: str, reason: str = "") -> None:
        """Leaves a channel."""
        self._connection.part([channel], reason)
        self.settle()

    def rename(self, nick: str) -> None:
        """Takes another nick."""
        self._connection.nick(nick)
        self.settle()
        self.nick = nick

    def say(self, target: str, text: str) -> None:
        """Says a line; returns when the server has taken it.

        Raises:
            ClientError: the server refused it.
        """
        self._connection.privmsg(target, text)
        self.settle()

    def send(self, line: str) -> None:
        """Sends a raw line and waits for nothing."""
        self._connection.send_raw(line)

    def settle(self) -> None:
        """Waits until the server has handled everything sent so far, by a PING with a new token.

        Raises:
            ClientError: the server refused something, or is silent.
        """
        token = f"settle-{next(self._tokens)}"
        self._connection.ping(token)
        self._await("pong", token)

    def expect(self, pattern: str, timeout: float = ANSWER_SECONDS) -> Heard:
        """Waits for the next message, after the last one expected, that matches the pattern.

        Raises:
            ClientError: none came within ``timeout`` seconds.
        """
        with self._changed:
            found = self._changed.wait_for(lambda: self._search(pattern), timeout)
            since = "; ".join(map(str, self._heard[self._read :])) or "nothing"
        if found:
            return found
        raise ClientError(f"{self.nick} waited {timeout:g} s for “{pattern}” and heard: {since}.")

    def expect_presence(self, nick: str, channel: str, timeout: float = ANSWER_SECONDS) -> None:
        """Waits until somebody is in a channel this client has joined.

        Raises:
            ClientError: not within ``timeout`` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._roster.has(nick, channel), timeout):
                raise ClientError(f"{nick} is not in {channel}: {self.nick} waited {timeout:g} s.")

    def quit(self, reason: str = "") -> None:
        """Leaves the network; does nothing after the first call."""
        try:
            self._connection.quit(reason)
        except ServerNotConnectedError:
            return
        self._reader.join(ANSWER_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.quit()

    def _connect(self, address: tuple[str, int], account: str | None) -> ServerConnection:
        try:
            return self._reactor.server().connect(
                *address, self.nick, password=account, sasl_login=account, connect_factory=socket.create_connection
            )
        except ServerConnectionError as error:
            raise ClientError(f"No IRC server answers on {address[0]}:{address[1]} ({error}).") from error

    def _register(self) -> None:
        try:
            self._await("welcome")
        except ClientError:
            self.quit()
            raise

    def _run(self) -> None:
        while self._connection.is_connected():
            self._reactor.process_once(POLL_SECONDS)

    def _take(self, _: ServerConnection, event: Any) -> None:
        heard = _as_heard(event)
        with self._changed:
            self._note(event)
            if heard:
                self._heard.append(heard)
            self._changed.notify_all()
        if heard and self._hear:
            self._hear(heard)

    def _note(self, event: Any) -> None:
        words = event.arguments or [""]
        self._events |= {(event.type, ""), (event.type, CaseMapping.ASCII.fold(words[0]))}
        self._roster.note(event)

    def _await(self, event: str, word: str = "") -> None:
        wanted = (event, word)
        with self._changed:
            self._changed.wait_for(lambda: wanted in self._events or self._fault(), ANSWER_SECONDS)
            fault, answered = self._fault(), wanted in self._events
            self._judged = len(self._heard)
            self._events.clear()
        if fault:
            raise ClientError(f"The server refused {self.nick}: {fault.text}.")
        if not answered:
            raise ClientError(f"The server did not answer {self.nick} within {ANSWER_SECONDS:g} s ({event} {word}).")

    def _fault(self) -> Heard | None:
        return next((heard for heard in self._heard[self._judged :] if heard.is_fault), None)

    def _search(self, pattern: str) -> Heard | None:
        for index, heard in enumerate(self._heard[self._read :], self._read + 1):
            if re.search(pattern, str(heard)):
                self._read = index
                return heard
        return None


def _as_heard(event: Any) -> Heard | None:
    speaker = getattr(event.source, "nick", None) or str(event.source or "")
    # The library puts the arguments of its own "login_failed" event into the target.
    target, words = ("", event.target) if isinstance(event.target, list) else (event.target, event.arguments)
    heard = Heard(event.type, speaker, str(target or ""), " ".join(words))
    return heard if event.type in _SAID or event.type in _ACTS or heard.is_fault else None
