"""A client that says exactly what a test types and returns exactly what came back."""

from __future__ import annotations

import base64
import socket
from contextlib import ExitStack, closing
from itertools import count

from irscribe.ircd import Server, start
from tests.waiting import HANGS

ANSWER_SECONDS = HANGS
TOKENS = count(1)


class RawClient:
    """A socket and its lines; every wait ends with an error after five seconds."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection(server.address, timeout=ANSWER_SECONDS)
        self._rest = b""

    def log_in(self, account: str, password: str) -> None:
        response = f"\0{account}\0{password}".encode()
        self.send("AUTHENTICATE PLAIN", f"AUTHENTICATE {base64_of(response)}")

    def send(self, *lines: str) -> None:
        self.send_bytes(*(line.encode() for line in lines))

    def send_bytes(self, *lines: bytes) -> None:
        self.socket.sendall(b"".join(line + b"\r\n" for line in lines))

    def line(self) -> bytes:
        while b"\n" not in self._rest:
            data = self.socket.recv(65536)
            if not data:
                raise EOFError(self._rest)
            self._rest += data
        line, self._rest = self._rest.split(b"\n", 1)
        assert line.endswith(b"\r")
        return line[:-1]

    def until(self, part: str) -> list[str]:
        lines: list[str] = []
        while not lines or part not in lines[-1]:
            lines.append(self.line().decode())
        return lines

    def settle(self) -> list[str]:
        """The lines that came before the server had worked off everything this client sent."""
        token = f"token{next(TOKENS)}"
        self.send(f"PING {token}")
        return self.until(f"PONG irc.irscribe :{token}")[:-1]

    def ask(self, *lines: str) -> list[str]:
        self.send(*lines)
        return self.settle()

    def rest(self) -> list[str]:
        """The lines that come until the server closes the connection."""
        lines: list[str] = []
        try:
            while True:
                lines.append(self.line().decode())
        except EOFError:
            return lines

    def close(self) -> None:
        self.socket.close()


class Network:
    """A server and the clients a test connects to it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._clients = ExitStack()

    def connect(self) -> RawClient:
        return self._clients.enter_context(closing(RawClient(self.server)))

    def register(self, nick: str, *, capabilities: str = "", account: str = "") -> RawClient:
        client = self.connect()
        if capabilities or account:
            client.send("CAP LS 302", f"CAP REQ :{capabilities} {'sasl' if account else ''}")
        client.send(f"NICK {nick}", f"USER {nick} 0 * :{nick} the tester")
        if account:
            client.log_in(account, account)
        client.send("CAP END")
        client.until(" 376 ")
        client.settle()
        return client

    def close(self) -> None:
        self._clients.close()
        self.server.stop()


def running_network(*, silence_seconds: float = 90.0) -> closing[Network]:
    """A network in a ``with``: stopped, and its clients closed, at the end."""
    return closing(Network(start("127.0.0.1", 0, bot_nick="irscribe", silence_seconds=silence_seconds)))


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def numerics(lines: list[str]) -> list[str]:
    """The numerics among the lines, without tags and source."""
    return [line.split(" ")[1] if not line.startswith("@") else line.split(" ")[2] for line in lines]
