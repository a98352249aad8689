"""Being there: introduced to the app, back in every channel, under its own nick."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import inf
from time import monotonic

from sopel.bot import Sopel

from irscribe.config import Config
from irscribe.domain.coverage import NamesakeJoined
from irscribe.domain.request import fold
from irscribe.runtime.app import App
from irscribe.runtime.hearing import PRIVATE, network_of
from irscribe.runtime.nicks import is_namesake

FIRST_REJOIN = 2.0
LONGEST_REJOIN = 300.0
"""Seconds between two attempts to join: doubled each time, so as not to fight the channel's operators."""
JOIN_PATIENCE = 15.0
"""Seconds the server has for the joins of a new connection."""
NICK_INTERVAL = 5.0
"""Seconds between two looks whether the bot's nick is free again."""
WHO_INTERVAL = 30.0
"""Seconds between two questions who the people of the channels are."""
READ_BACK_PATIENCE = 30.0
"""Seconds after which what was missed counts as read back although the server has not answered."""
MARK = "heard:"
"""What a PING begins with whose answer comes behind everything the server had kept for the bot."""
HISTORY = "draft/chathistory"
HISTORY_LINES = 500
"""Lines asked for at most; the server may give fewer (ircv3.net/specs/extensions/chathistory)."""

log = logging.getLogger(__name__)


@dataclass
class Absence:
    """When to ask for one channel again. Times are monotonic seconds."""

    channel: str
    due: float
    key: str | None = None
    wait: float = FIRST_REJOIN
    asked: float = -inf

    def is_due(self, now: float) -> bool:
        """Whether to ask now; each time makes the next wait twice as long."""
        if now < self.due:
            return False
        self.asked = now
        self.wait = min(LONGEST_REJOIN, self.wait * 2)
        self.due = now + self.wait
        return True

    def over(self, now: float) -> None:
        """The bot is in; a stay that lasted makes up for the kicks before it."""
        if now - self.asked > LONGEST_REJOIN:
            self.wait = FIRST_REJOIN
        self.due = now + self.wait


class Presence:
    """One connection's bot among others; ``ready`` is called at the first own join of the first channel."""

    def __init__(self, bot: Sopel, *, app: App, ready: Callable[[], None]) -> None:
        self._bot, self._app, self._ready = bot, app, ready
        self._config: Config = bot.settings.irscribe
        self._nick_due = self._who_due = 0.0
        self._absences: dict[str, Absence] = {}

    def registered(self, at: datetime) -> None:
        """The server has let the bot in at this moment of its clock; Sopel asks for the channels now."""
        if self._bot.refusal is not None:
            return  # services refused the account, and the server's welcome crossed the bot's QUIT
        now = monotonic()
        self._bot.registered_at, self._bot.let_in_at = now, at
        entries = (entry.partition(" ") for entry in self._bot.settings.core.channels)
        self._absences = {fold(name): Absence(name, now + JOIN_PATIENCE, key or None) for name, _, key in entries}
        self._app.ear.open(network_of(self._bot), lambda: self._bot.last_word)
        self._app.attach(self._bot.voice)
        self._await_past(PRIVATE)

    def joined(self, nick: str, channel: str, at: datetime) -> None:
        """Somebody joined, at this moment of the server's clock."""
        if fold(nick) != fold(self._bot.nick):
            self._suspect(nick, channel)
            return
        self._bot.voice.inside.add(fold(channel))
        if fold(channel) in self._absences:
            self._absences[fold(channel)].over(monotonic())
            self._app.ear.enter(channel, said_before=at)
            self._ask_for_history(channel)
        self._await_past(channel)
        if fold(channel) == fold(self._config.channels[0]):
            self._ready()

    def _suspect(self, nick: str, channel: str) -> None:
        """Another bot of the same settings is called as this one would be."""
        if fold(channel) in self._absences and is_namesake(nick, self._config.names.nick):
            self._app.submit(NamesakeJoined())

    def left(self, nick: str, channel: str) -> None:
        """Somebody left a channel, or was sent away."""
        if fold(nick) == fold(self._bot.nick):
            self._bot.voice.inside.discard(fold(channel))
            self._bot.reading_back.pop(fold(channel), None)
            self._bot.listed_channels.discard(fold(channel))
            self._app.ear.leave(channel)

    def listed(self, channel: str) -> None:
        """The server has named everybody who is in a channel; Sopel keeps count of those who come and go."""
        if self._is_in(channel):
            self._bot.listed_channels.add(fold(channel))

    def invited(self, nick: str, channel: str) -> None:
        """Somebody lets the bot into a channel: it goes where it serves, without waiting for its turn."""
        if fold(nick) == fold(self._bot.nick) and fold(channel) in self._absences:
            self._absences[fold(channel)].due = 0.0

    def answered(self, token: str) -> None:
        """The server has answered a PING: what it had kept until then has come."""
        if token.startswith(MARK):
            self._caught_up(token.removeprefix(MARK))

    def kept_out(self, channel: str, reason: str) -> None:
        """The server does not let the bot into a channel."""
        if fold(channel) in self._absences and not self._is_in(channel):
            log.warning("%s is closed to the bot (%s): its operators have to open it; asking again.", channel, reason)

    def heal(self, now: float) -> None:
        """Join again where the bot is not, and ask for its nick; ``now`` is monotonic."""
        if self._bot.connection_registered and self._absences:
            self._rejoin(now)
            self._ask_nick(now)
            self._ask_who(now)
            for channel in [name for name, due in tuple(self._bot.reading_back.items()) if now >= due]:
                self._caught_up(channel)

    def take_nick(self, online: str) -> None:
        """The answer to whether the bot's nick is taken: take it if not."""
        wanted = self._config.names.nick
        if fold(self._bot.nick) != fold(wanted) and fold(wanted) not in map(fold, online.split()):
            self._bot.write(("NICK", wanted))

    def _ask_for_history(self, channel: str) -> None:
        if self._bot.capabilities.is_enabled(HISTORY):
            told = str(self._bot.isupport.get("CHATHISTORY"))
            most = int(told) if told.isdecimal() and int(told) > 0 else HISTORY_LINES
            self._bot.write(("CHATHISTORY", "LATEST", channel, "*", str(min(most, HISTORY_LINES))))

    def _await_past(self, channel: str) -> None:
        self._bot.reading_back[fold(channel)] = monotonic() + READ_BACK_PATIENCE
        self._bot.write(("PING", f"{MARK}{channel}"))

    def _caught_up(self, channel: str) -> None:
        if self._bot.reading_back.pop(fold(channel), None) is not None:
            self._app.ear.catch_up(channel)

    def _rejoin(self, now: float) -> None:
        for absence in self._absences.values():
            if self._is_in(absence.channel):
                absence.over(now)
            elif absence.is_due(now):
                log.warning("Not in %s; asking to join.", absence.channel)
                self._bot.join(absence.channel, absence.key)

    def _is_in(self, name: str) -> bool:
        # Not what Sopel believes: a WHO reply that comes after a kick gives it the channel back.
        return fold(name) in self._bot.voice.inside

    def _ask_who(self, now: float) -> None:
        if self._bot.newcomer_question and now >= self._who_due:
            self._who_due = now + WHO_INTERVAL
            question, self._bot.newcomer_question = self._bot.newcomer_question, ()
            for absence in self._absences.values():
                if self._is_in(absence.channel):
                    self._bot.write(("WHO", absence.channel, *question))

    def _ask_nick(self, now: float) -> None:
        if fold(self._bot.nick) != fold(self._config.names.nick) and now >= self._nick_due:
            self._nick_due = now + NICK_INTERVAL
            self._bot.write(("ISON", self._config.names.nick))
