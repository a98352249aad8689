"""The server: its clients and channels, and the one lock over both."""

from __future__ import annotations

import errno
import logging
import secrets
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain, count
from socketserver import ThreadingTCPServer

from irscribe.domain.errors import IrscribeError
from irscribe.ircd import about, accounts, membership, modes, people, registration, speech
from irscribe.ircd.channel import Channel
from irscribe.ircd.names import fold
from irscribe.ircd.session import Command, Session

# Sopel silences every logger outside its own tree when it starts in the same process.
log = logging.getLogger(__name__)

OTHERS = (6668, 6669)
"""Ports to propose where one cannot be had."""
ACCEPT_POLL_SECONDS = 0.05
STOP_SECONDS = 3.0
SILENCE_SECONDS = 90.0


class PortError(IrscribeError):
    """The inner server cannot listen where it should."""


class Server(ThreadingTCPServer):
    """A running server. Who holds ``lock`` may read and change everything here and in every session."""

    name = "irc.irscribe"
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    commands: Mapping[str, Command] = {
        **about.COMMANDS,
        **accounts.COMMANDS,
        **membership.COMMANDS,
        **modes.COMMANDS,
        **people.COMMANDS,
        **registration.COMMANDS,
        **speech.COMMANDS,
    }

    def __init__(self, address: tuple[str, int], *, bot_nick: str, silence_seconds: float) -> None:
        self.lock = threading.RLock()
        self.bot_nick = bot_nick
        self.silence_seconds = silence_seconds
        self.channels: dict[str, Channel] = {}
        self.clients: dict[str, Session] = {}
        self.created = datetime.now(UTC)
        self.most_clients = 0
        self._sessions: set[Session] = set()
        self._emptied = threading.Condition(self.lock)
        self._run = secrets.token_hex(6)
        self._numbers = count(1)
        super().__init__(address, Session)
        self._acceptor = threading.Thread(
            target=self.serve_forever, args=(ACCEPT_POLL_SECONDS,), name="ircd", daemon=True
        )

    @property
    def address(self) -> tuple[str, int]:
        """Where clients connect: host and port."""
        host, port = self.server_address[:2]
        return str(host), int(port)

    @property
    def registered(self) -> list[Session]:
        """The clients that are through with their registration."""
        return [session for session in self.clients.values() if session.registered]

    @property
    def unregistered(self) -> int:
        """How many connections have not said who they are."""
        return len(self._sessions) - len(self.registered)

    def listen(self) -> None:
        """Begins to accept clients, in a daemon thread."""
        self._acceptor.start()

    def stop(self) -> None:
        """Stops accepting, hangs up on everybody and waits a little for the last lines to be written."""
        self.shutdown()
        self.server_close()
        with self.lock:
            for session in list(self._sessions):
                session.hang_up("Server shutting down")
            self._emptied.wait_for(lambda: not self._sessions, STOP_SECONDS)

    def next_msgid(self) -> str:
        """An id that no message of this or of another run has."""
        return f"{self._run}-{next(self._numbers)}"

    def find(self, nick: str) -> Session | None:
        """The registered client of that nick, in any spelling."""
        session = self.clients.get(fold(nick))
        return session if session and session.registered else None

    def neighbours(self, session: Session) -> set[Session]:
        """Everybody who shares a channel with a client, and the client."""
        return {session, *chain.from_iterable(channel.members for channel in session.channels.values())}

    def open_channel(self, name: str) -> Channel:
        """The channel of that name, made if there is none."""
        return self.channels.setdefault(fold(name), Channel(name, datetime.now(UTC)))

    def admit(self, session: Session) -> None:
        """Counts a new connection."""
        with self.lock:
            self._sessions.add(session)
            self.most_clients = max(self.most_clients, len(self._sessions))

    def dismiss(self, session: Session) -> None:
        """Counts a connection no more."""
        self._sessions.discard(session)
        self._emptied.notify_all()

    def rename(self, session: Session, nick: str) -> None:
        """Gives a client another nick, or its first."""
        if session.nick is not None:
            self.clients.pop(fold(session.nick), None)
        session.nick = nick
        self.clients[fold(nick)] = session

    def forget(self, session: Session) -> None:
        """Takes a client off every list."""
        for channel in list(session.channels.values()):
            self.remove(session, channel)
        if session.nick is not None and self.clients.get(fold(session.nick)) is session:
            del self.clients[fold(session.nick)]

    def remove(self, session: Session, channel: Channel) -> None:
        """Takes a client out of a channel; an empty channel is no more."""
        del channel.members[session]
        del session.channels[fold(channel.name)]
        if not channel.members:
            del self.channels[fold(channel.name)]

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - socketserver's
        """Logs what went wrong in a session, which has ended by then; the standard library prints it."""
        log.exception("the inner IRC server dropped %s", client_address)  # noqa: LOG004 - called in an except clause


def start(host: str, port: int, *, bot_nick: str, silence_seconds: float = SILENCE_SECONDS) -> Server:
    """A server that listens, in daemon threads; port 0 takes a free one.

    ``bot_nick`` does not become an operator by being the first in a channel. A client silent for ``silence_seconds``
    is asked for a sign of life, and given up after as many again.

    Raises:
        PortError: the port is taken, reserved or none.
    """
    try:
        server = Server((host, port), bot_nick=bot_nick, silence_seconds=silence_seconds)
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
    other = next(each for each in OTHERS if each != port)
    return f"Port {port} {reason}. Choose another one with --port, such as --port {other}."
