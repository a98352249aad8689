"""What waits to be written to one client: bounded, with a writer of its own, so that a stuck reader delays nobody."""

from __future__ import annotations

import socket
import threading

LIMIT_BYTES = 1 << 20
"""What may wait for one client before it is taken for stuck."""


class SendQueue:
    """Lines on their way to one socket; ``put`` never blocks."""

    def __init__(self, connection: socket.socket, *, limit: int = LIMIT_BYTES) -> None:
        self.exceeded = False
        self._connection = connection
        self._limit = limit
        self._waiting: list[bytes] = []
        self._size = 0
        self._closed = False
        self._changed = threading.Condition()
        self._writer = threading.Thread(target=self._write, name="ircd-writer", daemon=True)
        self._writer.start()

    def put(self, line: bytes) -> None:
        """Appends a line; one too many ends the connection, which its reader then notices."""
        with self._changed:
            if self._closed:
                return
            self._waiting.append(line)
            self._size += len(line)
            if self._size > self._limit:
                self.exceeded = self._closed = True
                self._waiting.clear()
                _shut(self._connection)
            self._changed.notify()

    def close(self) -> None:
        """Takes no more lines; the connection ends when those that wait are written."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def join(self, seconds: float) -> None:
        """Waits for the writer to be through with what was put before ``close``, at most so long."""
        self._writer.join(seconds)

    def _write(self) -> None:
        try:
            while batch := self._take():
                self._connection.sendall(batch)
                self._forget(len(batch))
        except OSError:
            self.close()
        _shut(self._connection)

    def _take(self) -> bytes:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            batch = b"".join(self._waiting)
            self._waiting.clear()
            return batch

    def _forget(self, size: int) -> None:
        with self._changed:
            self._size -= size


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster
