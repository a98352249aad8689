"""Finds out if a port has TLS, for the case that ``use_ssl`` does not fit the server."""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import suppress
from time import monotonic

QUESTION_TIMEOUT = 2.0
"""Seconds for the whole question, without the resolution of the name."""
QUESTION = b"CAP LS 302\r\nPING :irscribe\r\n"
"""Commands that every IRC server answers before registration, even if with an error; they hold no secret."""
ANSWER = re.compile(rb"(?::\S+ )?(?:[A-Z]+|[0-9]{3}) .*\n")
ANSWER_BYTES_READ = 512
"""Bytes of the answer that are read: one line."""


def find_contradiction(host: str, port: int, *, use_ssl: bool) -> str | None:
    """Say that ``use_ssl`` is wrong for a port, as the end of a sentence; None if the port does not prove that.

    Blocks for ``QUESTION_TIMEOUT`` at most, without the resolution of the name.
    """
    with suppress(OSError):
        if use_ssl and speaks_plainly(host, port):
            return f"port {port} speaks without TLS; name the port with TLS in [core] port, or set use_ssl = false"
        if not use_ssl and speaks_tls(host, port):
            return f"port {port} speaks with TLS only; set [core] use_ssl = true"
    return None


def speaks_plainly(host: str, port: int) -> bool:
    """True if an IRC server answers at a port without TLS.

    Raises OSError if there is no answer in time.
    """
    connection, end = _call(host, port)
    with connection:
        connection.sendall(QUESTION)
        heard = b""
        while b"\n" not in heard and len(heard) < ANSWER_BYTES_READ:
            connection.settimeout(_left(end))
            data = connection.recv(ANSWER_BYTES_READ)
            if not data:
                break
            heard += data
        return ANSWER.match(heard) is not None


def speaks_tls(host: str, port: int) -> bool:
    """True if a TLS handshake succeeds at a port, with any certificate: nothing is sent after it.

    Raises OSError if there is no answer in time.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection, end = _call(host, port)
    with connection:
        connection.settimeout(_left(end))  # for the whole handshake
        context.wrap_socket(connection, server_hostname=host).close()
    return True


def _call(host: str, port: int) -> tuple[socket.socket, float]:
    """Connect to the first address that accepts; give the monotonic time at which the question ends, too."""
    places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    end = monotonic() + QUESTION_TIMEOUT
    failure = OSError("no address")
    for *_, (address, number, *_) in places:
        try:
            return socket.create_connection((str(address), number), _left(end)), end
        except OSError as error:
            failure = error
    raise failure


def _left(end: float) -> float:
    """The seconds that are left.

    Raises TimeoutError if none are.
    """
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
