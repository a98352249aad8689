"""A client's connection: a thread reads its lines until it ends, and asks a silent client for a sign of life."""

from __future__ import annotations

import socket

from irscribe.ircd.dispatch import carry_out
from irscribe.ircd.names import SERVER
from irscribe.ircd.network import Network
from irscribe.ircd.sendqueue import SendQueue
from irscribe.ircd.session import Session
from irscribe.ircd.wire import LineSplitter

MAX_READ_BYTES = 1 << 16

MAX_FLUSH_SECONDS = 2.0
"""The time that a client has, when its connection ends, to read the lines that were written to it."""


class Connection:
    """One client's socket, and its session in the network while ``serve`` runs."""

    def __init__(self, client: socket.socket, network: Network, *, host: str, silence_seconds: float) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.settimeout(silence_seconds)
        self._client = client
        self._network = network
        self._queue = SendQueue(client)
        self._session = Session(host, self._queue)
        self._lines = LineSplitter()
        self._pinged = False

    def serve(self) -> None:
        """Carries out the client's lines; returns when the connection has ended."""
        with self._network.lock:
            self._network.sessions.add(self._session)
        try:
            while self._read():
                pass
        finally:
            self._end()

    def disconnect(self, reason: str) -> None:
        """Ends the connection from the server's side."""
        with self._network.lock:
            self._network.disconnect(self._session, reason)

    def _read(self) -> bool:
        try:
            data = self._client.recv(MAX_READ_BYTES)
        except TimeoutError:
            self._ask_for_life()
            return True
        except OSError:
            return False
        self._pinged = False
        for line in self._lines.feed(data):
            self._take(line)
        return bool(data)

    def _take(self, line: bytes) -> None:
        with self._network.lock:
            if self._session in self._network.sessions:
                carry_out(self._network, self._session, line)

    def _ask_for_life(self) -> None:
        with self._network.lock:
            registered = self._session.registered
        if not registered:
            self.disconnect("Registration timed out")
        elif self._pinged:
            self.disconnect("Ping timeout")
        else:
            self._pinged = True
            self._session.send_bare(f"PING :{SERVER}")

    def _end(self) -> None:
        reason = "SendQ exceeded" if self._queue.exceeded else "Connection closed"
        with self._network.lock:
            self._network.remove(self._session, reason)
        self._queue.close()
        self._queue.join(MAX_FLUSH_SECONDS)
