"""A server that says exactly what a test wants, as no real one would; with TLS if need be."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

import pytest

from tests.waiting import HANGS

SECONDS = HANGS
CHANNEL = "#ops"
ALICE = ":alice!al@host.example"
WELCOME = (
    ":irc.test 001 irscribe :Welcome",
    ":irc.test 005 irscribe NETWORK=Test CASEMAPPING=rfc1459 :are supported by this server",
    ":irc.test 376 irscribe :End of /MOTD command.",
    f":irscribe!i@bot.example JOIN {CHANNEL}",
    f":irc.test 353 irscribe = {CHANNEL} :irscribe alice",
    f"{ALICE} JOIN {CHANNEL}",
)
SIGN = "ca -config ca.cnf -selfsign -batch -notext"
"""``openssl x509`` takes dates only since OpenSSL 3.4, and a negative ``-days`` only before 3.5: ``ca`` takes both."""
CA = """
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
copy_extensions = copyall
[any]
commonName = supplied
"""
DATE = "%Y%m%d%H%M%SZ"


class Connection:
    """One connection of the bot, as its server sees it; every wait ends with an error."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(SECONDS)
        self._socket = connection
        self._rest = b""

    def let_in(self) -> Self:
        """Take whatever nick it wants, and put it into its channel beside alice."""
        self.until("USER ")
        self.send(*WELCOME)
        for mark in ("heard:*", f"heard:{CHANNEL}"):
            self.until(f"PING :?{re.escape(mark)}")
            self.send(f":irc.test PONG irc.test :{mark}")
        return self

    def send(self, *lines: str | bytes) -> None:
        """Say lines."""
        data = (line if isinstance(line, bytes) else line.encode() for line in lines)
        self._socket.sendall(b"".join(line + b"\r\n" for line in data))

    def says(self, text: str, *, tags: str = "") -> None:
        """Let alice say a line in the channel."""
        self.send(f"{tags}{ALICE} PRIVMSG {CHANNEL} :{text}")

    def until(self, part: str) -> str:
        """The next line of the bot that this pattern is found in; what it asks before is let pass."""
        while True:
            line = self._line()
            if re.search(part, line):
                return line

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _line(self) -> str:
        while b"\r\n" not in self._rest:
            data = self._socket.recv(65536)
            if not data:
                raise EOFError(self._rest)
            self._rest += data
        line, self._rest = self._rest.split(b"\r\n", 1)
        return line.decode()


class ScriptedServer:
    """A port the bot calls; ``certificate`` is a file with a key and a certificate, to be changed at will."""

    def __init__(self, certificate: Path | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(SECONDS)
        self.connections: list[Connection] = []
        self.port = int(self._listener.getsockname()[1])
        self.certificate = certificate

    def accept(self) -> Connection:
        """The bot's next call."""
        raw, _ = self._listener.accept()
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            raw = context.wrap_socket(raw, server_side=True)
        self.connections.append(Connection(raw))
        return self.connections[-1]

    def refuse(self) -> None:
        """Let the bot's next call see a certificate it does not take."""
        with pytest.raises(ssl.SSLError):
            self.accept()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self.connections:
            connection.close()
        self._listener.close()


class DrippingServer:
    """Takes every call, and says to each one a byte of no line now and then, without end.

    ``called`` is set once so many calls have been taken.
    """

    def __init__(self, *, every: float, calls: int = 1) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.called = Event()
        self._every, self._calls, self._ended = every, calls, Event()
        self._threads = [Thread(target=self._take_calls)]

    def _take_calls(self) -> None:
        for number in count(1):
            connection, _ = self._listener.accept()
            if self._ended.is_set():
                connection.close()
                return
            self._threads.append(Thread(target=self._drip, args=(connection,)))
            self._threads[-1].start()
            if number == self._calls:
                self.called.set()

    def _drip(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while not self._ended.wait(self._every):
                connection.sendall(b"x")

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        socket.create_connection(("127.0.0.1", self.port)).close()
        for thread in self._threads:
            thread.join()
        self._listener.close()


def make_certificate(folder: Path, name: str, *, host: str = "localhost", expired: bool = False) -> Path:
    """A key and a certificate in one file, signed by itself; it is valid for a day, today's or the last one."""
    key, request, signed, both = (folder / f"{name}.{ending}" for ending in ("key", "csr", "crt", "pem"))
    kind = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    names = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-keyout", str(key), "-out", str(request)]
    _openssl(folder, *kind.split(), *names)
    (folder / "ca.cnf").write_text(CA)
    (folder / "index.txt").write_text("")
    begin = datetime.now(UTC) - timedelta(days=2 if expired else 0, hours=1)
    dates = ["-startdate", f"{begin:{DATE}}", "-enddate", f"{begin + timedelta(days=1):{DATE}}"]
    _openssl(folder, *SIGN.split(), *dates, "-keyfile", str(key), "-in", str(request), "-out", str(signed))
    both.write_text(key.read_text() + signed.read_text())
    return both


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
