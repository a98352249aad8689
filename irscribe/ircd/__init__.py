"""The inner IRC server: a network on loopback for ordinary IRC clients, with a few daemon threads per client.

`server` accepts clients, a `connection` reads each one's lines, `dispatch` finds the command that carries a line out,
and the commands change the `network`. Numerics and their wording follow modern.ircdocs.horse and RFC 2812; tags and
capabilities follow ircv3.net.
"""

from __future__ import annotations

from irscribe.ircd.server import PortError, Server, start

__all__ = ["PortError", "Server", "start"]
