"""The socket: Sopel's asyncio backend with bounded waits and its own buffer of unsent lines."""

from __future__ import annotations

import asyncio
import logging
import signal
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from math import inf
from threading import Lock, Thread
from typing import Any, Self

from sopel.irc.backends import AsyncioBackend

from irscribe.domain.errors import ConfigError
from irscribe.runtime.reader import Reader, acknowledge_soon

CONNECT_TIMEOUT = 15.0
DOUBT_AFTER = 5.0
"""Seconds without a line from the server after which ``use_ssl`` may be wrong for the port."""
REGISTRATION_TIMEOUT = 60.0
TIMER_SLACK = 0.25
"""Seconds by which a timeout of the server may come too early, so that not every line sets new timers."""
QUIT_GRACE = 3.0
"""Seconds that the server has to answer a QUIT before the bot closes the socket."""

log = logging.getLogger(__name__)


class Backend(AsyncioBackend):  # type: ignore[misc]  # Sopel has no types
    """The socket of one connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._attempt: asyncio.Future[Any] | None = None
        self._question: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[str | None] | None = None
        self._unsent: list[bytes] = []
        self._unsent_lock = Lock()

    @classmethod
    def of(cls, bot: Any, core: Any, *, host: str, port: int, source: tuple[str, int] | None = None) -> Self:
        """Make the backend that ``[core]`` describes, as Sopel makes its own; it opens no connection yet."""
        return cls(
            bot,
            host=host,
            port=port,
            source_address=source,
            server_timeout=core.timeout,
            ping_interval=core.timeout_ping_interval,
            use_ssl=core.use_ssl,
            certfile=core.client_cert_file,
            keyfile=core.client_cert_file,
            verify_ssl=core.verify_ssl,
            ca_certs=core.ca_certs,
            ssl_ciphers=core.ssl_ciphers,
            ssl_minimum_version=core.ssl_minimum_version,
        )

    def irc_send(self, data: bytes) -> None:
        """Queue one line, from any thread; lines that wait together are sent in one write.

        Raises:
            ConnectionError: there is no connection.

        """
        loop = self._loop
        if loop is None or not self._connected:
            raise ConnectionError("not connected")
        with self._unsent_lock:
            self._unsent.append(data)
            first = len(self._unsent) == 1
        if first:
            self._soon(loop, self._flush)

    def send_command(self, *args: str, text: str | None = None) -> None:
        """Send what keeps the connection in use, such as JOIN and WHO; without a connection nothing of that is needed.

        A process that was stopped and goes on runs the jobs that are due before it learns that the server hung up.
        """
        try:
            super().send_command(*args, text=text)
        except ConnectionError:
            log.debug("not sent, as there is no connection: %s", args[0])

    def leave(self, farewell: str) -> None:
        """Send QUIT and end soon, whatever the server does; from any thread and from a signal handler."""
        if self._loop is not None:
            with suppress(ConnectionError):
                self._soon(self._loop, partial(self._leave, farewell))

    def abort_soon(self) -> None:
        """Close the socket after ``QUIT_GRACE`` seconds unless the server closes it first."""
        if self._loop is not None:
            self._soon(self._loop, lambda: asyncio.get_running_loop().call_later(QUIT_GRACE, self._abort))

    def get_connection_kwargs(self) -> dict[str, Any]:
        """Give the arguments for ``asyncio.open_connection``.

        Raises:
            ConfigError: a certificate file cannot be used.

        """
        try:
            return dict(super().get_connection_kwargs())
        except OSError as error:
            raise ConfigError(f"[core] ca_certs or client_cert_file cannot be used: {error}.") from None

    def decode_line(self, line: bytes) -> str:
        """Decode a line without losing any, where Sopel drops one that is neither UTF-8 nor Windows-1252.

        NUL is not allowed in a line (RFC 1459, 2.3.1), nor in a text of PostgreSQL, so it is removed.

        Raises:
            ValueError: the line has no end, as the server died in the middle of it; Sopel skips it then.

        """
        if not line.endswith(b"\r\n"):
            raise ValueError("cut off")
        line = line.replace(b"\0", b"")
        try:
            return str(super().decode_line(line))
        except ValueError:
            return line.decode("utf-8", "replace")

    def log_exception(self) -> None:
        """Log a lost connection in one line without a traceback, as it is no error of this program."""
        log.debug("The connection ended with an error.")

    @staticmethod
    def _soon(loop: asyncio.AbstractEventLoop, what: Any) -> None:
        try:
            loop.call_soon_threadsafe(what)
        except RuntimeError:
            raise ConnectionError("the connection has just ended") from None

    def _flush(self) -> None:
        with self._unsent_lock:
            data, self._unsent = b"".join(self._unsent), []
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)

    def _leave(self, farewell: str) -> None:
        if self._attempt is not None:
            self._attempt.cancel()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)
        # Sopel reports the server's goodbye as three failures.
        logging.getLogger("sopel.irc").setLevel(logging.CRITICAL)
        self.bot.quit(farewell)

    def _abort(self) -> None:
        if self._read_task is not None:
            self._read_task.cancel()
        if self._writer is not None:
            self._writer.transport.abort()

    def _abort_unregistered(self) -> None:
        # Sopel starts its timeouts with the first line; without this, a server that sends none would block the bot.
        if not self.bot.connection_registered:
            log.warning("The server did not let the bot in within %d s.", REGISTRATION_TIMEOUT)
            self._abort()

    def _reset_timeout_tasks(self) -> None:
        # Sopel sets two new timers for every line, even when a thousand lines come at once.
        end = self._timeout_task.when() if self._timeout_task is not None else -inf
        if end - asyncio.get_running_loop().time() < self._server_timeout - TIMER_SLACK:
            super()._reset_timeout_tasks()

    def _timeout_callback(self) -> None:
        # After this Sopel waits for a clean close: 30 s with TLS, for ever with unsent data.
        super()._timeout_callback()
        self._abort()

    async def _run_forever(self) -> None:
        # asyncio wakes its loop for signals only once a signal handler is installed. Without one, a signal that comes
        # just before the loop waits would be handled after the server's next line. Nobody sends SIGURG.
        asyncio.get_running_loop().add_signal_handler(signal.SIGURG, lambda: None)
        await super()._run_forever()
        if isinstance(self._reader, Reader) and not self._reader.has_spoken:
            await self._doubt()

    async def _connect_to_server(self, **where: Any) -> tuple[Reader, asyncio.StreamWriter] | tuple[None, None]:
        """Open the connection, or give None twice; Sopel's own method would give up for good after any failure."""
        if self.bot.leaving:
            return None, None
        self._attempt = asyncio.ensure_future(self._open(where))
        try:
            stream, writer = await self._attempt
        except asyncio.CancelledError:
            return None, None
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message.rstrip(".")
            remedy = "[core] ca_certs names those to trust"
            self.bot.refusal = f"The server's certificate is not trusted: {why}; {remedy}."
        except (OSError, TimeoutError) as error:
            if isinstance(error, ssl.SSLError):
                await self._doubt()
            if self.bot.refusal is None:
                log.warning("No connection to %s:%s: %s", self._host, self._port, str(error) or "no answer")
        else:
            reader = Reader(stream, partial(acknowledge_soon, writer.get_extra_info("socket")))
            asyncio.get_running_loop().call_later(REGISTRATION_TIMEOUT, self._abort_unregistered)
            asyncio.get_running_loop().call_later(DOUBT_AFTER, self._doubt_silence, reader)
            return reader, writer
        finally:
            self._attempt = None
        return None, None

    async def _open(self, where: Mapping[str, Any]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open the connection; give up a slow TLS handshake if the port turns out to have no TLS."""
        opening = asyncio.ensure_future(asyncio.wait_for(asyncio.open_connection(**where), CONNECT_TIMEOUT))
        try:
            await asyncio.wait({opening}, timeout=DOUBT_AFTER)
            if not opening.done():
                await self._doubt()
            if self.bot.refusal is not None:
                raise ConnectionError(self.bot.refusal)
            return await opening
        finally:
            opening.cancel()

    def _doubt_silence(self, reader: Reader) -> None:
        if self._connected and not reader.has_spoken:
            self._question = asyncio.get_running_loop().create_task(self._ask_and_leave())

    async def _ask_and_leave(self) -> None:
        await self._doubt()
        if self.bot.refusal is not None:
            self._abort()

    async def _doubt(self) -> None:
        """Ask whether ``use_ssl`` is wrong for the port, unless the bot has been on this network before."""
        if self.bot.doubt is not None and not self.bot.leaving:
            doubt, self.bot.doubt = self.bot.doubt, None
            self._answer = asyncio.get_running_loop().create_future()
            # A daemon thread, because the end of the loop, and of the bot, waits for the threads of asyncio.
            Thread(target=_find_out, args=(doubt, self._answer), daemon=True).start()
            contradiction = await self._answer
            if contradiction is not None:
                self.bot.turn_away(contradiction)


def _find_out(doubt: Callable[[], str | None], answer: asyncio.Future[str | None]) -> None:
    """Ask in a thread, and give the answer to the loop if it still waits for it."""
    contradiction = None

    def tell() -> None:
        if not answer.done():
            answer.set_result(contradiction)

    try:
        contradiction = doubt()
    finally:
        with suppress(RuntimeError):  # the loop has ended meanwhile
            answer.get_loop().call_soon_threadsafe(tell)
