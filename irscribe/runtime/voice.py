"""Saying one line, without Sopel's own limiter, loop detection and echo."""

from __future__ import annotations

from sopel.bot import Sopel


class Voice:
    """What the app speaks through while a connection lasts; callable from any thread."""

    def __init__(self, bot: Sopel) -> None:
        self._bot = bot

    def __call__(self, target: str, text: str) -> None:
        """Put one PRIVMSG on the wire.

        Raises:
            ConnectionError: there is no connection, or the server has not let the bot in.

        """
        if not self._bot.connection_registered:
            raise ConnectionError("not connected")
        backend = self._bot.backend
        backend.irc_send(backend.prepare_command("PRIVMSG", target, text=text).encode())

    def line_limit(self, target: str) -> int:
        """Bytes of text that reach ``target`` uncut in one line."""
        return int(self._bot.safe_text_length(target))
