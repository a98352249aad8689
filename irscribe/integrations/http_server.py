"""A small HTTP server for what others send to the bot, and for what it shows them: waitress, in a thread of its own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from threading import Thread
from typing import TYPE_CHECKING, Any

from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

WsgiApplication = Callable[["WSGIEnvironment", "StartResponse"], Iterable[bytes]]
THREADS = 4
MOST_CONNECTIONS = 50
LONGEST_BODY, LONGEST_HEADER = 1 << 20, 16 << 10
"""In bytes; what is longer is refused by the server itself."""
SECONDS_WITHOUT_A_BYTE = 20
"""A client that neither sends nor takes anything for so long is cut off."""


class HttpServer:
    """Serves a WSGI application on an address until ``stop``."""

    def __init__(self, application: WsgiApplication, *, host: str, port: int) -> None:
        """Listen; on port 0 the system chooses one. Raises OSError if the port is taken."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        opened = socket.create_server((host, port), family=family)
        self.port = int(opened.getsockname()[1])
        self._server: Any = create_server(
            application,
            sockets=[opened],
            threads=THREADS,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=SECONDS_WITHOUT_A_BYTE,
            cleanup_interval=5,
            max_request_body_size=LONGEST_BODY,
            max_request_header_size=LONGEST_HEADER,
            inbuf_overflow=2 * LONGEST_BODY,  # a body is never written to a file
            ident=None,
        )
        self._thread = Thread(target=self._server.run, name="HTTP server", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """End, if that was not done before; wait at most ``timeout`` seconds for answers that are under way.

        The sockets are closed after that, as an answer that cannot be sent is lost.
        """
        if not self._server._map:  # noqa: SLF001 - it knows no other way to tell
            return
        self._server.task_dispatcher.shutdown(timeout=timeout)
        self._server.trigger.pull_trigger(self._close)
        self._thread.join(timeout)

    def _close(self) -> None:
        """Close every socket, in the thread that polls them: that ends it."""
        for each in [*self._server._map.values()]:  # noqa: SLF001 - the server itself has no way to end
            each.close()


def routed(paths: Mapping[str, WsgiApplication], *, otherwise: WsgiApplication | None = None) -> WsgiApplication:
    """Give one application that hands each path to its own, and all others to another one, so that one server does."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found = paths.get(environ["PATH_INFO"], otherwise)
        if found is None:
            return answer(environ, start_response, HTTPStatus.NOT_FOUND, "There is nothing here.")
        return found(environ, start_response)

    return application


def answer(
    environ: WSGIEnvironment,
    start_response: StartResponse,
    status: HTTPStatus,
    sentence: str,
    *headers: tuple[str, str],
) -> Iterable[bytes]:
    """Answer with a sentence in plain text."""
    body = f"{sentence}\n".encode()
    plain = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(f"{status.value} {status.phrase}", [*plain, *headers])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
