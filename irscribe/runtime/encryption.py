"""Whether a port speaks TLS, where ``use_ssl`` and the server do not agree."""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import suppress

PATIENCE = 2.0
"""Seconds for each step of the question."""
QUESTION = b"CAP LS 302\r\nPING :irscribe\r\n"
"""What every IRC server answers before it lets anybody in, be it with an error; no secret is in it."""
ANSWER = re.compile(rb"(?::\S+ )?(?:[A-Z]+|[0-9]{3}) .*\n")
LONGEST = 4096


def find_contradiction(host: str, port: int, *, use_ssl: bool) -> str | None:
    """What ``use_ssl`` says wrongly of a port, as the end of a sentence; None where the port does not prove it.

    Blocks for a few seconds at most, but for the resolution of the name.
    """
    with suppress(OSError):
        if use_ssl and speaks_plainly(host, port):
            return f"port {port} speaks without TLS; name the port with TLS in [core] port, or set use_ssl = false"
        if not use_ssl and speaks_tls(host, port):
            return f"port {port} speaks with TLS only; set [core] use_ssl = true"
    return None


def speaks_plainly(host: str, port: int) -> bool:
    """Whether an IRC server answers there without TLS.

    Raises OSError where nobody answers.
    """
    with socket.create_connection((host, port), PATIENCE) as connection:
        connection.sendall(QUESTION)
        heard = b""
        while b"\n" not in heard and len(heard) < LONGEST and (data := connection.recv(LONGEST)):
            heard += data
        return ANSWER.match(heard) is not None


def speaks_tls(host: str, port: int) -> bool:
    """Whether a TLS handshake comes about there, whatever the certificate: nothing is said behind it.

    Raises OSError where nobody answers.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection((host, port), PATIENCE) as connection:
        context.wrap_socket(connection, server_hostname=host).close()
    return True
