"""Being there: introduced to the app, back in every channel, under its own nick."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from sopel.bot import Sopel

from irscribe.config import Config
from irscribe.domain.request import fold
from irscribe.runtime.app import App
from irscribe.runtime.hearing import network_of
from irscribe.runtime.voice import Voice

FIRST_REJOIN = 2.0
LONGEST_REJOIN = 300.0
"""Seconds between two attempts to join: doubled each time, so as not to fight the channel's operators."""
JOIN_PATIENCE = 15.0
"""Seconds the server has for the joins of a new connection."""
NICK_INTERVAL = 30.0
"""Seconds between two looks whether the bot's nick is free again."""

log = logging.getLogger(__name__)


@dataclass
class Absence:
    """How long to wait before the next attempt to join one channel. Times are monotonic seconds."""

    due: float
    wait: float = FIRST_REJOIN

    def is_due(self, now: float) -> bool:
        """Whether to try now; each attempt makes the next one wait twice as long."""
        if now < self.due:
            return False
        self.wait = min(LONGEST_REJOIN, self.wait * 2)
        self.due = now + self.wait
        return True

    def over(self, now: float) -> None:
        """The bot is in; a channel that lets it stay for long owes it nothing, one that kicks again still does."""
        if now - self.due > LONGEST_REJOIN:
            self.wait = FIRST_REJOIN


class Presence:
    """One connection's bot among others; ``ready`` is called at the first own join of the first channel."""

    def __init__(self, bot: Sopel, *, app: App, ready: Callable[[], None]) -> None:
        self._bot, self._app, self._ready = bot, app, ready
        self._config: Config = bot.settings.irscribe
        self._nick_due = 0.0
        self._absences: dict[str, Absence] = {}

    def registered(self) -> None:
        """The server has let the bot in; Sopel has just asked for the channels."""
        now = monotonic()
        self._bot.registered_at = now
        self._absences = {name: Absence(now + JOIN_PATIENCE) for name in self._bot.settings.core.channels}
        self._app.attach(Voice(self._bot), network_of(self._bot))

    def joined(self, nick: str, channel: str) -> None:
        """Somebody joined."""
        if fold(nick) == fold(self._bot.nick) and fold(channel) == fold(self._config.channels[0]):
            self._ready()

    def heal(self, now: float) -> None:
        """Join again where the bot is not, and ask for its nick; ``now`` is monotonic."""
        if self._bot.connection_registered and self._absences:
            self._rejoin(now)
            self._ask_nick(now)

    def take_nick(self, online: str) -> None:
        """The answer to whether the bot's nick is taken: take it if not."""
        wanted = self._config.names.nick
        if fold(self._bot.nick) != fold(wanted) and fold(wanted) not in map(fold, online.split()):
            self._bot.change_current_nick(wanted)

    def _rejoin(self, now: float) -> None:
        for entry, absence in self._absences.items():
            name, _, key = entry.partition(" ")
            if self._bot.make_identifier(name) in self._bot.channels:
                absence.over(now)
            elif absence.is_due(now):
                log.warning("Not in %s; asking to join.", name)
                self._bot.join(name, key or None)

    def _ask_nick(self, now: float) -> None:
        if fold(self._bot.nick) != fold(self._config.names.nick) and now >= self._nick_due:
            self._nick_due = now + NICK_INTERVAL
            self._bot.write(("ISON", self._config.names.nick))
