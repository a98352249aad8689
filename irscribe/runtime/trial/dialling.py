"""Connects to the server for the trial, with the TLS of the settings, and explains a failure."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from irscribe.runtime.backend import Backend
from irscribe.runtime.encryption import find_contradiction
from irscribe.runtime.trial.greeting import Greeting
from irscribe.runtime.trial.wire import Wire
from irscribe.services.filing.inspection import Point, Verdict

TRIAL_TIMEOUT = 7.0
"""Seconds for the whole trial."""
CONNECT_TIMEOUT = 3.0
"""Seconds for the connection, and again for the TLS handshake."""


def try_network(settings: Any, budget: float = TRIAL_TIMEOUT) -> Iterator[Point]:
    """Give the network's answers to the settings of ``build_settings``, one by one, within ``budget`` seconds.

    If the nick is taken, the trial goes on with another one.
    """
    points: SimpleQueue[Point | None] = SimpleQueue()
    end = monotonic() + budget
    # A thread of its own, because the resolution of a name cannot be interrupted.
    Thread(target=_try, args=(settings, end, points), daemon=True).start()
    try:
        while (point := points.get(timeout=max(0.0, end - monotonic()) + 0.2)) is not None:
            yield point
    except Empty:
        yield Point(Verdict.PASSING, f"{_place(settings.core)} has not answered within {budget:.0f} s")


def _try(settings: Any, end: float, points: SimpleQueue[Point | None]) -> None:
    core = settings.core
    try:
        with _dial(core, end) as connection:
            for point in Greeting(core, Wire(connection, end)).points():
                points.put(point)
    except (OSError, EOFError) as error:
        points.put(_explain(error, core))
    points.put(None)


def _dial(core: Any, end: float) -> socket.socket:
    """Open a connection as the bot does, with the same certificates.

    Raises OSError if that fails.
    """
    how = Backend.of(None, core, host=core.host, port=core.port).get_connection_kwargs()
    source = (core.bind_host, 0) if core.bind_host else None
    patience = min(CONNECT_TIMEOUT, end - monotonic())
    connection = socket.create_connection((core.host, core.port), patience, source_address=source)
    if how["ssl"] is None:
        return connection
    return how["ssl"].wrap_socket(connection, server_hostname=core.host)  # type: ignore[no-any-return]


def _explain(error: Exception, core: Any) -> Point:
    """Explain the failure of a trial."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Point(Verdict.WRONG, _distrust(error, core))
    contradiction = None
    if isinstance(error, (ssl.SSLError, TimeoutError, EOFError, ConnectionResetError)):
        contradiction = find_contradiction(core.host, core.port, use_ssl=core.use_ssl)
    if contradiction is not None:
        return Point(Verdict.WRONG, f"{core.host}: {contradiction}")
    if isinstance(error, socket.gaierror):
        text = f"the name {core.host} leads nowhere now ({error.strerror}); is [core] host right?"
        return Point(Verdict.PASSING, text)
    return Point(Verdict.PASSING, f"{_place(core)} does not take the bot now: {_reason(error)}")


def _distrust(error: ssl.SSLCertVerificationError, core: Any) -> str:
    remedy = (
        "name the certificates to trust in [core] ca_certs"
        if core.ca_certs is None
        else "it is none of those that [core] ca_certs names"
    )
    return f"{core.host}: its certificate is not trusted ({error.verify_message.rstrip('.')}); {remedy}"


def _place(core: Any) -> str:
    return f"{core.host}, port {core.port},"


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer; are [core] host and port right?"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused; are [core] host and port right?"
    if isinstance(error, EOFError):
        return "it hangs up without a word"
    return str(error)
