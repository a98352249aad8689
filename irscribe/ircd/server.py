"""The server: a listening port, with a thread for each client that connects."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from socketserver import BaseRequestHandler, ThreadingTCPServer

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.errors import IrscribeError
from irscribe.ircd.connection import Connection
from irscribe.ircd.network import Network
from irscribe.ircd.session import Session

# Sopel silences every logger outside its own tree when it starts in the same process.
log = logging.getLogger(__name__)

PROPOSED_PORTS = (6668, 6669)
"""The ports to propose in place of one that cannot be used."""
ACCEPT_POLL_SECONDS = 0.05
MAX_STOP_SECONDS = 3.0
MAX_SILENCE_SECONDS = 90.0


class PortError(IrscribeError):
    """The inner server cannot listen on the port."""


class Server(ThreadingTCPServer):
    """A server that is bound to its address; ``listen`` begins to accept clients."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], *, bot_nick: str, casemapping: CaseMapping, silence_seconds: float
    ) -> None:
        self._network = Network(bot_nick, casemapping)
        self._silence_seconds = silence_seconds
        self._connections: set[Connection] = set()
        self._changed = threading.Condition()
        super().__init__(address, _Handler)
        self._acceptor = threading.Thread(
            target=self.serve_forever, args=(ACCEPT_POLL_SECONDS,), name="ircd", daemon=True
        )

    @property
    def address(self) -> tuple[str, int]:
        """The host and port that clients connect to."""
        host, port = self.server_address[:2]
        return str(host), int(port)

    def find(self, nick: str) -> Session | None:
        """The registered client with that nick, in any spelling."""
        with self._network.lock:
            return self._network.find(nick)

    def listen(self) -> None:
        """Begins to accept clients, in a daemon thread."""
        self._acceptor.start()

    def stop(self) -> None:
        """Accepts no more clients, disconnects all, and waits up to 3 s until their last lines are written."""
        self.shutdown()
        self.server_close()
        with self._changed:
            connections = list(self._connections)
        for connection in connections:
            connection.disconnect("Server shutting down")
        with self._changed:
            self._changed.wait_for(lambda: not self._connections, MAX_STOP_SECONDS)

    def serve(self, client: socket.socket, host: str) -> None:
        """Serves one client, in the calling thread, until its connection ends."""
        connection = Connection(client, self._network, host=host, silence_seconds=self._silence_seconds)
        with self._changed:
            self._connections.add(connection)
        try:
            connection.serve()
        finally:
            with self._changed:
                self._connections.discard(connection)
                self._changed.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - socketserver's
        """Logs an error that ended a connection; the standard library would print it."""
        log.exception("the inner IRC server dropped %s", client_address)  # noqa: LOG004 - called in an except clause


class _Handler(BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        self.server.serve(self.request, str(self.client_address[0]))


def start(
    host: str,
    port: int,
    *,
    bot_nick: str,
    casemapping: CaseMapping = CaseMapping.RFC1459,
    silence_seconds: float = MAX_SILENCE_SECONDS,
) -> Server:
    """A server that accepts clients, in daemon threads; port 0 takes a free one. It announces the case mapping.

    ``bot_nick`` does not become an operator by being the first in a channel. A client that is silent for
    ``silence_seconds`` gets a PING, and is disconnected after as long again.

    Raises:
        PortError: the port is in use, is reserved, or does not exist.
    """
    try:
        server = Server((host, port), bot_nick=bot_nick, casemapping=casemapping, silence_seconds=silence_seconds)
    except (OSError, OverflowError) as error:
        raise PortError(_explain(error, host=host, port=port)) from error
    server.listen()
    return server


def _explain(error: OSError | OverflowError, *, host: str, port: int) -> str:
    reason = f"cannot be listened on ({error})"
    if isinstance(error, OverflowError):
        reason = "does not exist: ports go from 1 to 65535"
    elif error.errno == errno.EADDRINUSE:
        reason = f"on {host} is taken by another program"
    elif error.errno == errno.EACCES:
        reason = f"on {host} is reserved for root"
    other = next(each for each in PROPOSED_PORTS if each != port)
    return f"Port {port} {reason}. Choose another one with --port, such as --port {other}."
