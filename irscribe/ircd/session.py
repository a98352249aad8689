"""One client's connection: its lines in, its replies out, its leaving."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from socketserver import BaseRequestHandler
from typing import TYPE_CHECKING

from irscribe.ircd.channel import Channel
from irscribe.ircd.names import fold
from irscribe.ircd.numerics import Fault, Reply
from irscribe.ircd.sendqueue import SendQueue
from irscribe.ircd.wire import BODY_BYTES, Capability, LineSplitter, Received, Sent, TagsTooLongError, cut, parse

if TYPE_CHECKING:
    from irscribe.ircd.server import Server

FLUSH_SECONDS = 2.0
"""How long a departing client has to take what was written to it before."""

LOST = "Connection closed"
"""Why somebody left who did not say it."""


@dataclass(frozen=True, slots=True)
class Command:
    """What a command does, how many parameters it needs, and whether it is open to the unregistered."""

    run: Callable[[Session, Received], None]
    needs: int = 0
    early: bool = False


class Session(BaseRequestHandler):
    """A client as the server sees it. Everything but reading happens under the server's lock.

    Its thread blocks on reading, and a `SendQueue` does the writing.
    """

    server: Server
    request: socket.socket

    def setup(self) -> None:
        """Prepares a connection before its first line."""
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request.settimeout(self.server.silence_seconds)
        self.address = str(self.client_address[0])
        self.nick: str | None = None
        self.user: str | None = None
        self.realname = ""
        self.channels: dict[str, Channel] = {}
        self.capabilities: set[Capability] = set()
        self.negotiating = self.registered = self.left = False
        self.account: str | None = None
        self.sasl: str | None = None
        self.away: str | None = None
        self.modes: set[str] = set()
        self.signed_on = datetime.now(UTC)
        self.last_spoke = time.monotonic()
        self._asked_for_life = False
        self._incoming = LineSplitter()
        self._queue = SendQueue(self.request)
        self.server.admit(self)

    def handle(self) -> None:
        """Obeys the client until its connection ends."""
        while self._read():
            pass

    def client_ident(self) -> str:
        """The source of this client's lines: ``nick!user@host``."""
        return f"{self.nick or '*'}!{self.user or '*'}@{self.address}"

    def has(self, capability: Capability) -> bool:
        """Whether the client asked for that."""
        return capability in self.capabilities

    def send(self, line: Sent) -> None:
        """Queues a line, in the form this client asked for."""
        self._queue.put(line.encode(self.capabilities))

    def line(
        self, command: str, *params: str, text: str | None = None, msgid: str | None = None, tags: tuple[str, ...] = ()
    ) -> Sent:
        """A line of which this client is the source; ``tags`` are client-only ones."""
        return Sent(
            source=self.client_ident(),
            command=command,
            params=params,
            text=text,
            at=datetime.now(UTC),
            account=self.account,
            msgid=msgid,
            client_tags=tags,
        )

    def notify(self, command: str, *params: str, text: str | None = None) -> None:
        """Sends a line of the server that is no numeric."""
        source = self.server.name
        self.send(Sent(source=source, command=command, params=params, text=text, at=datetime.now(UTC)))

    def send_plainly(self, line: str) -> None:
        """Sends a line that has no source and no tags."""
        self._queue.put(f"{line}\r\n".encode())

    def reply(self, number: Reply, *params: str, text: str | None = None) -> None:
        """Sends a numeric."""
        self.notify(number.value, self.nick or "*", *params, text=text)

    def refuse(self, fault: Fault, *params: str, text: str | None = None) -> None:
        """Sends the numeric of a fault, in its own words unless others are given."""
        self.notify(fault.code, self.nick or "*", *params, text=text or fault.text)

    def hang_up(self, reason: str) -> None:
        """Says goodbye to everybody and ends the connection once the client has its ERROR."""
        self.leave(reason)
        self.send_plainly(cut(f"ERROR :Closing Link: {self.address} ({reason})", BODY_BYTES))
        self._queue.close()

    def leave(self, reason: str) -> None:
        """Takes the client off every list and tells those who could see it; once."""
        if self.left:
            return
        self.left = True
        neighbours = self.server.neighbours(self) - {self}
        quitting = self.line("QUIT", text=reason)
        for neighbour in neighbours if self.registered else ():
            neighbour.send(quitting)
        self.server.forget(self)

    def finish(self) -> None:
        """Cleans up behind a connection that is gone, whatever ended it."""
        with self.server.lock:
            self.leave(LOST)
            self.server.dismiss(self)

    def _read(self) -> bool:
        """Takes what comes next; whether anything may follow."""
        try:
            data = self.request.recv(1 << 16)
        except TimeoutError:
            self._ask_for_life()
            return True
        except OSError:
            data = b""
        if not data:
            self._end()
            return False
        self._asked_for_life = False
        for line in self._incoming.feed(data):
            self._take(line)
        return True

    def _take(self, line: bytes) -> None:
        with self.server.lock:
            if self.left:
                return
            try:
                received = parse(line)
            except TagsTooLongError:
                self.refuse(Fault.INPUT_TOO_LONG)
            else:
                self._obey(received)

    def _obey(self, received: Received) -> None:
        command = self.server.commands.get(received.command)
        if not received.command:
            return
        if command is None:
            self.refuse(Fault.UNKNOWN_COMMAND, received.command)
        elif not (self.registered or command.early):
            self.refuse(Fault.NOT_REGISTERED)
        elif len(received.params) < command.needs:
            self.refuse(Fault.NEED_MORE_PARAMS, received.command)
        else:
            command.run(self, received)

    def _ask_for_life(self) -> None:
        with self.server.lock:
            if not self.registered:
                self.hang_up("Registration timed out")
            elif self._asked_for_life:
                self.hang_up("Ping timeout")
            else:
                self._asked_for_life = True
                self.send_plainly(f"PING :{self.server.name}")

    def _end(self) -> None:
        with self.server.lock:
            self.leave("SendQ exceeded" if self._queue.exceeded else LOST)
        self._queue.close()
        self._queue.join(FLUSH_SECONDS)


def is_same_nick(session: Session, nick: str) -> bool:
    """Whether the nick is this client's, in any spelling."""
    return session.nick is not None and fold(session.nick) == fold(nick)
