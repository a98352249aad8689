"""A way to a server that can be cut, in the manner of networks: silently, or with one answer lost."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

LARGEST = 65536


class Proxy:
    """Passes on what clients and a server say, on a port of its own."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._listener]
        self._passes = Event()
        self._passes.set()
        self._fatal = self._reaches = b""
        self.address = self._listener.getsockname()
        self._start(self._accept)

    def cut(self) -> None:
        """From now on nothing arrives anywhere, and nobody is told."""
        self._passes.clear()

    def mend(self) -> None:
        """Let pass what comes now; who was connected meanwhile is hung up on."""
        for each in self._sockets[1:]:
            _close(each)
        self._passes.set()

    def hang_up_at(self, word: bytes, *, reaches: bool) -> None:
        """Close the connection of the next client that says this word, which reaches the server or does not."""
        self._fatal, self._reaches = word, word if reaches else b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up, and let nobody connect any more."""
        self._passes.set()
        for each in self._sockets:
            _close(each)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._sockets.append(client)
                self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        self._passes.wait()
        server = socket.create_connection(self._server)
        self._sockets.append(server)
        self._start(self._pass_on, server, client)
        self._pass_on(client, server)

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(LARGEST):
                self._passes.wait()
                if self._fatal and self._fatal in data:
                    self._lose(data, source, target)
                target.sendall(data)
        _close(source)
        _close(target)

    def _lose(self, data: bytes, client: socket.socket, server: socket.socket) -> None:
        reaches, self._fatal = bool(self._reaches), b""
        client.shutdown(socket.SHUT_RDWR)
        if reaches:
            server.sendall(data)
            server.shutdown(socket.SHUT_WR)
            while server.recv(LARGEST):
                pass
        raise ConnectionError

    @staticmethod
    def _start(work, *arguments: socket.socket) -> None:
        Thread(target=work, args=arguments, daemon=True).start()


def _close(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
