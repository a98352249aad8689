"""Reading back: a network or a bouncer delivers what it kept for the bot once the bot is in a channel again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

from sopel.bot import Sopel
from sopel.tools.target import Channel
from sopel.trigger import PreTrigger, Trigger

LIMIT = 30.0
"""Seconds after which the reading back counts as done although the server has not answered."""
PING_PREFIX = "heard:"
"""Begins the token of a PING that marks the end of the reading back: its answer comes after all kept lines."""
CHATHISTORY_CAPABILITY = "draft/chathistory"
HISTORY_LINES = 500
"""Most lines to ask for; the server may give fewer (ircv3.net/specs/extensions/chathistory)."""
PRIVATE = "*"
"""Stands for private messages where channels are named; no channel has this name."""


class ReadBack:
    """The reading back of one connection: of each channel by itself, and of private messages.

    Lines from before the bot came are read back until the server answers a PING, or ``LIMIT`` is over. After that no
    line counts as one from before, whatever its time is: a server's clock may be set back.
    """

    def __init__(self, bot: Sopel) -> None:
        """Begin with nothing to read back."""
        self._bot = bot
        self._registered_at: datetime | None = None
        self._ends: dict[str, float] = {}
        self._dispatches_kept_line = False

    def begin_in_private(self, registered_at: datetime) -> None:
        """Begin with private messages said before the registration, in the server's time."""
        self._registered_at = registered_at
        self.begin(PRIVATE)

    def begin(self, channel: str) -> None:
        """Begin with a channel that the bot has joined."""
        self._ends[self._bot.fold(channel)] = monotonic() + LIMIT
        self._bot.write(("PING", f"{PING_PREFIX}{channel}"))

    def ask_for_history(self, channel: str) -> None:
        """Ask the server for the last lines of a channel, if it keeps them; to be called before ``begin``."""
        if self._bot.capabilities.is_enabled(CHATHISTORY_CAPABILITY):
            told = str(self._bot.isupport.get("CHATHISTORY"))
            most = int(told) if told.isdecimal() and int(told) > 0 else HISTORY_LINES
            self._bot.write(("CHATHISTORY", "LATEST", channel, "*", str(min(most, HISTORY_LINES))))

    def drop(self, channel: str) -> None:
        """Read back no more of a channel, as the bot has left it."""
        self._ends.pop(self._bot.fold(channel), None)

    def answered(self, token: str) -> None:
        """Handle the answer to a PING: if it is ours, all kept lines of a channel are here."""
        if token.startswith(PING_PREFIX):
            self._end(token.removeprefix(PING_PREFIX))

    def end_overdue(self, now: float) -> None:
        """End what the server has not answered in time; ``now`` is in monotonic seconds."""
        for channel in [name for name, end in tuple(self._ends.items()) if now >= end]:
            self._end(channel)

    def includes(self, trigger: Trigger) -> bool:
        """True if a line was said before the bot came, and is read back."""
        if not trigger.is_privmsg:
            return self._dispatches_kept_line
        return "time" in trigger.tags and PRIVATE in self._ends and bool(trigger.time < self._registered_at)

    @contextmanager
    def watch(self, line: PreTrigger) -> Iterator[None]:
        """Let Sopel dispatch a line even if it was said before the bot joined its channel, where Sopel drops it."""
        channel = self._bot.channels.get(line.sender) if "time" in line.tags else None
        if channel is not None and self._bot.fold(line.sender) not in self._ends:
            channel.join_time = None
        if line.event != "PRIVMSG" or channel is None or not _is_older(line, channel):
            yield
            return
        joined_at, channel.join_time = channel.join_time, None
        self._dispatches_kept_line = True
        try:
            yield
        finally:
            self._dispatches_kept_line = False
            channel.join_time = joined_at

    def _end(self, channel: str) -> None:
        if self._ends.pop(self._bot.fold(channel), None) is not None:
            self._bot.memory["app"].coverage.end_read_back(channel)


def _is_older(line: PreTrigger, channel: Channel) -> bool:
    return channel.join_time is not None and bool(line.time < channel.join_time)
