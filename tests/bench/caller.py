"""Somebody in the channel who says a line, waits for the bot's answer and knows how long that took."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, perf_counter, sleep
from types import TracebackType
from typing import Self

ANSWER_SECONDS = 60.0
"""Seconds to wait for anything."""
AGAIN = 0.002
"""Seconds between attempts to reach a server that is not up yet."""


class SilentError(Exception):
    """An expected answer did not come."""


@dataclass(frozen=True)
class Answered:
    """The bot's answer in the channel, and the seconds from the line to the end of the answer."""

    seconds: float
    texts: tuple[str, ...]


class Caller:
    """A connection that is in a channel; hangs up at the end of a ``with``."""

    def __init__(self, address: tuple[str, int], *, nick: str, channel: str, bot: str) -> None:
        """Connect, as soon as the server takes calls, and join."""
        self.channel = channel
        self._bot = bot
        self.socket = _connect(address)
        self._rest = b""
        self.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}", f"JOIN {channel}")
        self._names: set[str] = set()
        for line in self._lines():
            if f" 353 {nick} " in line:
                self._names.update(name.lstrip("@+") for name in line.rpartition(" :")[2].split())
            if f" 366 {nick} {channel} " in line:
                return

    def await_bot(self) -> None:
        """Wait until the bot is in the channel."""
        if self._bot not in self._names:
            self._await(rf":{re.escape(self._bot)}!\S+ JOIN :?{re.escape(self.channel)}( |$)")
            self._names.add(self._bot)

    def ask(self, text: str, *, until: str = "", times: int = 1) -> Answered:
        """Say something, and wait until so many lines of the bot match a pattern; others are let pass."""
        begun = perf_counter()
        self.socket.sendall(f"PRIVMSG {self.channel} :{text}\r\n".encode())
        said: list[str] = []
        try:
            for answer in self._answers():
                said.append(answer)
                times -= bool(re.search(until, answer))
                if not times:
                    break
        except SilentError as error:
            raise SilentError(f"{text!r} was answered by {said}, then {error}") from None
        return Answered(perf_counter() - begun, tuple(said))

    def say(self, *lines: str) -> None:
        """Send lines to the server as they are."""
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def _await(self, pattern: str) -> None:
        next(line for line in self._lines() if re.match(pattern, line))

    def _answers(self) -> Iterator[str]:
        said = f" PRIVMSG {self.channel} :"
        for line in self._lines():
            source, found, text = line.partition(said)
            if found and source.startswith(f":{self._bot}!"):
                yield text

    def _lines(self) -> Iterator[str]:
        """Lines as they come; endless but for SilentError."""
        while True:
            while b"\n" not in self._rest:
                self._rest += self._receive()
            line, _, self._rest = self._rest.partition(b"\n")
            text = line.decode("utf-8", "replace").rstrip("\r")
            if text.startswith("PING"):
                self.say(text.replace("PING", "PONG", 1))
            yield text

    def _receive(self) -> bytes:
        try:
            data = self.socket.recv(1 << 16)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        except TimeoutError:
            raise SilentError(f"nothing was said for {ANSWER_SECONDS:.0f} s") from None
        if not data:
            raise SilentError("the server has hung up")
        return data


def _connect(address: tuple[str, int]) -> socket.socket:
    end = monotonic() + ANSWER_SECONDS
    while monotonic() < end:
        try:
            connection = socket.create_connection(address, timeout=ANSWER_SECONDS)
        except ConnectionRefusedError:
            sleep(AGAIN)
        else:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
    raise SilentError(f"nobody takes calls at {address}")
