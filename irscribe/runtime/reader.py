"""Reads the lines of a server from its socket, and has the kernel acknowledge them at once."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress

log = logging.getLogger(__name__)


class Reader:
    """Reads the server's lines; skips a line longer than the buffer, where asyncio would give up."""

    def __init__(self, stream: asyncio.StreamReader, acknowledge: Callable[[], None]) -> None:
        self._stream = stream
        self._acknowledge = acknowledge
        self.has_spoken = False

    def at_eof(self) -> bool:
        """True if the server has closed the connection and all was read."""
        return self._stream.at_eof()

    async def readuntil(self, separator: bytes) -> bytes:
        """Give the next line with its separator; empty in place of a line that was skipped.

        A first line that is no IRC message is skipped too: a server that speaks TLS only sends something of that kind.
        """
        passed = 0
        while True:
            try:
                line = await self._stream.readuntil(separator)
                self._acknowledge()
                self.has_spoken = True
            except asyncio.LimitOverrunError as overrun:
                passed += len(await self._stream.readexactly(max(1, overrun.consumed)))
            except asyncio.IncompleteReadError:
                if self.has_spoken:
                    raise
                return b""
            else:
                break
        if passed:
            log.warning(
                "The server sent a line of %d bytes, which no line has; it was passed over.", passed + len(line)
            )
        return b"" if passed else line


def acknowledge_soon(connection: socket.socket) -> None:
    """Have the kernel acknowledge what has come at once, where it can be told to.

    Else it waits up to 40 ms for an answer to send the acknowledgement with. A line that is not for the bot has none,
    and a server that joins small segments (RFC 896) keeps the next one, which may be a note, until then.
    """
    if hasattr(socket, "TCP_QUICKACK"):
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
