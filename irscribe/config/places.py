"""Functions that read addresses of this machine; as in ``reading``, a ValueError says what is allowed."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

from irscribe.config.values import Listen

HIGHEST_PORT = 65535


def read_listen(text: str, _base: Path) -> Listen:
    """Read an address and a port: ``127.0.0.1:9099``."""
    host, _, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (port.isascii() and port.isdecimal() and int(port) <= HIGHEST_PORT and is_address(host)):
        raise ValueError(f"{text!r} is no address to listen on; write one such as 127.0.0.1:9099")
    return Listen(host, int(port))


def is_address(text: str) -> bool:
    """True for an IP address of either kind."""
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
