"""Lines to and from an IRC server over a socket that blocks, until a moment."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from math import inf
from time import monotonic

LONGEST = 16_384
"""Bytes of a line, tags and all, that are waited for."""
AT_ONCE = 4096
MOST = 512 * 1024
"""Bytes that are read in all: a greeting with a long message of the day has some ten thousand."""
BRIEFLY = 0.1
"""Seconds for which a server that takes nothing is waited for, where there is no time left."""


class EndlessError(OSError):
    """The server has said far more than any greeting."""


@dataclass(frozen=True)
class Line:
    """One line of the server: its source's nick, its command in upper case, its parameters."""

    source: str
    command: str
    params: tuple[str, ...]

    @property
    def text(self) -> str:
        """The last parameter, which is prose in most answers."""
        return self.params[-1] if self.params else ""


class Wire:
    """A connection; ``end`` is the monotonic moment after which nothing is waited for."""

    def __init__(self, connection: socket.socket, end: float) -> None:
        self.end = end
        self._socket = connection
        self._rest = b""
        self._read = 0

    def send(self, *lines: str) -> None:
        """Send lines.

        Raises OSError where the server takes none.
        """
        self._socket.settimeout(max(BRIEFLY, self.end - monotonic()))
        self._socket.sendall(b"".join(f"{line}\r\n".encode() for line in lines))

    def line(self, within: float = inf) -> Line:
        """The next line of the server, within so many seconds; its PINGs are answered here.

        Raises TimeoutError at the end, EOFError where the server hangs up, EndlessError where it does not come to an
        end, OSError where the connection breaks.
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
            data = self._socket.recv(AT_ONCE)
            if not data:
                raise EOFError("the server hangs up")
            self._rest += data
            self._read += len(data)
            if len(self._rest) > LONGEST or self._read > MOST:
                raise EndlessError("it talks without end, as no IRC server does")
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode("utf-8", "replace").strip("\r\0 ")


def parse(text: str) -> Line:
    """A line's parts (modern.ircdocs.horse, message format); one without a command has an empty one."""
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
