"""The inner IRC server: a loopback network good enough for ordinary clients, in daemon threads.

A thread of the standard library's `socketserver` for each client. Numerics and their wording follow
modern.ircdocs.horse and RFC 2812; tags and capabilities follow ircv3.net.
"""

from __future__ import annotations

from irscribe.ircd.server import PortError, Server, start

__all__ = ["PortError", "Server", "start"]
