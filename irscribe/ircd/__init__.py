"""The inner IRC server: a loopback network good enough for ordinary clients, in daemon threads.

It is `irc.server` with what that leaves out: registration, capabilities, modes, WHO, bounded send queues. Numerics
and their wording follow modern.ircdocs.horse and RFC 2812; tags and capabilities follow ircv3.net.
"""

from __future__ import annotations

from irscribe.ircd.server import PortError, Server, start

__all__ = ["PortError", "Server", "start"]
