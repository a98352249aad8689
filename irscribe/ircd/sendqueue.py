"""The lines that wait to be written to one client, and the thread that writes them: a stuck client delays no other."""

from __future__ import annotations

import socket
import threading

MAX_WAITING_BYTES = 1 << 20
"""A client that lets more than this wait is stuck."""


class SendQueue:
    """Lines for one socket; ``put`` never blocks."""

    def __init__(self, client: socket.socket, *, max_bytes: int = MAX_WAITING_BYTES) -> None:
        self.exceeded = False
        self._client = client
        self._max_bytes = max_bytes
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()
        self._writer = threading.Thread(target=self._write, name="ircd-writer", daemon=True)
        self._writer.start()

    def put(self, line: bytes) -> None:
        """Appends a line. If it is one too many, the connection is shut, and its reader sees the end."""
        with self._changed:
            if self._closed:
                return
            self._waiting.append(line)
            self._bytes += len(line)
            if self._bytes > self._max_bytes:
                self.exceeded = self._closed = True
                self._waiting.clear()
                _shut(self._client)
            self._changed.notify()

    def close(self) -> None:
        """Takes no more lines; the connection is shut once the waiting ones are written."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def join(self, seconds: float) -> None:
        """Waits, after ``close``, until the waiting lines are written, but no longer than ``seconds``."""
        self._writer.join(seconds)

    def _write(self) -> None:
        try:
            while batch := self._take():
                self._client.sendall(batch)
                self._forget(len(batch))
        except OSError:
            self.close()
        _shut(self._client)

    def _take(self) -> bytes:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            batch = b"".join(self._waiting)
            self._waiting.clear()
            return batch

    def _forget(self, size: int) -> None:
        with self._changed:
            self._bytes -= size


def _shut(client: socket.socket) -> None:
    try:
        client.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was faster
