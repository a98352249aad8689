"""Sends and reads lines of IRC over a blocking socket, with an end in time."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from math import inf
from time import monotonic

LONGEST_LINE = 16_384
"""The most bytes of a line, with its tags."""
BYTES_PER_READ = 4096
MOST_BYTES_READ = 512 * 1024
"""The most bytes of a whole greeting: one with a long message of the day has some ten thousand."""
SHORTEST_SEND_TIMEOUT = 0.1
"""Seconds for sending, even if there is no time left."""


class EndlessError(OSError):
    """The server has sent far more than any greeting."""


@dataclass(frozen=True)
class Line:
    """One line of the server: the nick of its source, its command in upper case, its parameters."""

    source: str
    command: str
    params: tuple[str, ...]

    @property
    def text(self) -> str:
        """The last parameter, which is prose in most answers."""
        return self.params[-1] if self.params else ""


class Wire:
    """A connection; ``end`` is the monotonic time at which all waiting ends."""

    def __init__(self, connection: socket.socket, end: float) -> None:
        self.end = end
        self._socket = connection
        self._rest = b""
        self._read = 0

    def send(self, *lines: str) -> None:
        """Send lines.

        Raises OSError if the server accepts none.
        """
        self._socket.settimeout(max(SHORTEST_SEND_TIMEOUT, self.end - monotonic()))
        self._socket.sendall(b"".join(f"{line}\r\n".encode() for line in lines))

    def line(self, within: float = inf) -> Line:
        """Give the next line of the server, ``within`` seconds; its PINGs are answered here.

        Raises TimeoutError at the end of the time, EOFError if the server closes the connection, EndlessError if it
        sends too much, OSError if the connection breaks.
        """
        end = min(monotonic() + within, self.end)
        while True:
            line = parse(self._next(end))
            if line.command == "PING":
                self.send(f"PONG :{line.text}")
            elif line.command:
                return line

    def _next(self, end: float) -> str:
        while b"\n" not in self._rest:
            left = end - monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            data = self._socket.recv(BYTES_PER_READ)
            if not data:
                raise EOFError("the server hangs up")
            self._rest += data
            self._read += len(data)
            if len(self._rest) > LONGEST_LINE or self._read > MOST_BYTES_READ:
                raise EndlessError("it talks without end, as no IRC server does")
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode("utf-8", "replace").strip("\r\0 ")


def parse(text: str) -> Line:
    """Parse a line (modern.ircdocs.horse, message format); the command of an empty line is empty."""
    if text.startswith("@"):
        text = text.partition(" ")[2].lstrip()
    source = ""
    if text.startswith(":"):
        mask, _, text = text[1:].partition(" ")
        source = mask.partition("!")[0]
    middle, colon, trailing = f" {text}".partition(" :")
    words = middle.split()
    params = (*words[1:], trailing) if colon else tuple(words[1:])
    return Line(source, words[0].upper() if words else "", params)
