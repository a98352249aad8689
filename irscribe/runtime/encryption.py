"""Whether a port speaks TLS, where ``use_ssl`` and the server do not agree."""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import suppress
from time import monotonic

PATIENCE = 2.0
"""Seconds for the whole question, but for the resolution of the name."""
QUESTION = b"CAP LS 302\r\nPING :irscribe\r\n"
"""What every IRC server answers before it lets anybody in, be it with an error; no secret is in it."""
ANSWER = re.compile(rb"(?::\S+ )?(?:[A-Z]+|[0-9]{3}) .*\n")
LONGEST = 512
"""Bytes of the answer that are read: one line."""


def find_contradiction(host: str, port: int, *, use_ssl: bool) -> str | None:
    """What ``use_ssl`` says wrongly of a port, as the end of a sentence; None where the port does not prove it.

    Blocks for ``PATIENCE`` at most, but for the resolution of the name.
    """
    with suppress(OSError):
        if use_ssl and speaks_plainly(host, port):
            return f"port {port} speaks without TLS; name the port with TLS in [core] port, or set use_ssl = false"
        if not use_ssl and speaks_tls(host, port):
            return f"port {port} speaks with TLS only; set [core] use_ssl = true"
    return None


def speaks_plainly(host: str, port: int) -> bool:
    """Whether an IRC server answers there without TLS.

    Raises OSError where nobody answers in time.
    """
    connection, end = _call(host, port)
    with connection:
        connection.sendall(QUESTION)
        heard = b""
        while b"\n" not in heard and len(heard) < LONGEST:
            connection.settimeout(_left(end))
            data = connection.recv(LONGEST)
            if not data:
                break
            heard += data
        return ANSWER.match(heard) is not None


def speaks_tls(host: str, port: int) -> bool:
    """Whether a TLS handshake comes about there, whatever the certificate: nothing is said behind it.

    Raises OSError where nobody answers in time.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection, end = _call(host, port)
    with connection:
        connection.settimeout(_left(end))  # of the whole handshake
        context.wrap_socket(connection, server_hostname=host).close()
    return True


def _call(host: str, port: int) -> tuple[socket.socket, float]:
    """A connection to the first address that takes one, and the monotonic moment at which the question ends."""
    places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    end = monotonic() + PATIENCE
    failure = OSError("no address")
    for *_, (address, number, *_) in places:
        try:
            return socket.create_connection((str(address), number), _left(end)), end
        except OSError as error:
            failure = error
    raise failure


def _left(end: float) -> float:
    """The seconds that are left.

    Raises TimeoutError where none are.
    """
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
