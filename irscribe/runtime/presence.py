"""Presence on the network: keeps the bot in its channels, under its own nick, and tells the app so."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import inf
from time import monotonic

from sopel.bot import Sopel

from irscribe.config import Config
from irscribe.domain.attendance import Arrival
from irscribe.domain.events import NamesakeJoined
from irscribe.domain.naming import NetworkNamed
from irscribe.runtime.app import App
from irscribe.runtime.attendance import attendance
from irscribe.runtime.nicks import is_namesake
from irscribe.runtime.triggers import network_of

FIRST_REJOIN = 2.0
LONGEST_REJOIN = 300.0
"""Seconds between two attempts to join, doubled each time, so that the bot does not fight a channel's operators."""
JOIN_GRACE = 15.0
"""Seconds after registration before the bot asks again to join a channel."""
NICK_INTERVAL = 5.0
"""Seconds between two checks whether the bot's nick is free again."""
WHO_INTERVAL = 30.0
"""Seconds between two rounds of WHO for the channels."""

log = logging.getLogger(__name__)


@dataclass
class Absence:
    """The next attempt to join one channel; times are monotonic seconds."""

    channel: str
    due: float
    key: str | None = None
    wait: float = FIRST_REJOIN
    asked: float = -inf

    def is_due(self, now: float) -> bool:
        """True if an attempt is due now; each one doubles the wait for the next."""
        if now < self.due:
            return False
        self.asked = now
        self.wait = min(LONGEST_REJOIN, self.wait * 2)
        self.due = now + self.wait
        return True

    def over(self, now: float) -> None:
        """Note that the bot is in the channel; after a long stay the wait begins anew at ``FIRST_REJOIN``."""
        if now - self.asked > LONGEST_REJOIN:
            self.wait = FIRST_REJOIN
        self.due = now + self.wait


class Presence:
    """The presence of one connection's bot; calls ``ready`` when the bot joins the first channel."""

    def __init__(self, bot: Sopel, *, app: App, ready: Callable[[], None]) -> None:
        self._bot, self._app, self._ready = bot, app, ready
        self._config: Config = bot.settings.irscribe
        self._nick_due = self._who_due = 0.0
        self._absences: dict[str, Absence] = {}

    def registered(self, at: datetime) -> None:
        """Handle the end of registration, ``at`` by the server's clock; Sopel joins the channels now."""
        if self._bot.refusal is not None:
            return  # services refused the account, and the bot's QUIT is on its way
        now = monotonic()
        self._bot.registered_at = now
        self._bot.keep_casemapping()
        network, naming = network_of(self._bot), self._bot.naming
        self._app.meet_network(NetworkNamed(network=network, naming=naming))
        entries = (entry.partition(" ") for entry in self._bot.settings.core.channels)
        self._absences = {
            self._bot.fold(name): Absence(name, now + JOIN_GRACE, key or None) for name, _, key in entries
        }
        self._app.coverage.connect(network, naming.casemapping, lambda: self._bot.heard_until)
        self._app.attach(self._bot.voice)
        self._app.watch(partial(attendance, self._bot))
        self._bot.read_back.begin_in_private(at)

    def joined(self, nick: str, channel: str, at: datetime) -> None:
        """Handle a JOIN, ``at`` by the server's clock."""
        if not self._bot.is_called(nick):
            self._other_joined(nick, channel)
            return
        self._bot.voice.inside.add(self._bot.fold(channel))
        if self._bot.fold(channel) in self._absences:
            self._absences[self._bot.fold(channel)].over(monotonic())
            self._app.coverage.join(channel, said_before=at)
            self._bot.read_back.ask_for_history(channel)
        self._bot.read_back.begin(channel)
        if self._bot.casemapping.same(channel, self._config.channels[0]):
            self._ready()

    def _other_joined(self, nick: str, channel: str) -> None:
        is_back = self._bot.netsplits.came(nick)
        self._suspect(nick, channel)
        folded = self._bot.fold(channel)
        if folded in self._absences and not is_back:
            self._app.arrive(Arrival(nick=nick, channel=folded))

    def _suspect(self, nick: str, channel: str) -> None:
        """Tell the app of a namesake: another bot with the same settings."""
        if self._bot.fold(channel) in self._absences and is_namesake(
            nick, self._config.names.nick, self._bot.casemapping
        ):
            self._app.submit(NamesakeJoined())

    def left(self, nick: str, channel: str) -> None:
        """Handle a PART or KICK."""
        if self._bot.is_called(nick):
            self._bot.voice.inside.discard(self._bot.fold(channel))
            self._bot.read_back.drop(channel)
            self._bot.listed_channels.discard(self._bot.fold(channel))
            self._app.coverage.leave(channel)

    def listed(self, channel: str) -> None:
        """The server has named everybody who is in a channel; Sopel keeps count of those who come and go."""
        if self._is_in(channel):
            self._bot.listed_channels.add(self._bot.fold(channel))

    def invited(self, nick: str, channel: str) -> None:
        """Handle an INVITE: the next attempt to join a served channel is due at once."""
        if self._bot.is_called(nick) and self._bot.fold(channel) in self._absences:
            self._absences[self._bot.fold(channel)].due = 0.0

    def kept_out(self, channel: str, reason: str) -> None:
        """Log that the server does not let the bot into a channel."""
        if self._bot.fold(channel) in self._absences and not self._is_in(channel):
            log.warning("%s is closed to the bot (%s): its operators have to open it; asking again.", channel, reason)

    def rejoin(self, now: float) -> None:
        """Join channels the bot is not in, and ask for its nick; ``now`` is in monotonic seconds."""
        if self._bot.connection_registered and self._absences:
            self._rejoin_channels(now)
            self._ask_nick(now)
            self._ask_who(now)
            self._bot.read_back.end_overdue(now)

    def take_nick(self, online: str) -> None:
        """Handle the answer to ISON: take the bot's nick if nobody has it."""
        wanted = self._config.names.nick
        if not self._bot.is_called(wanted) and self._bot.fold(wanted) not in map(self._bot.fold, online.split()):
            self._bot.write(("NICK", wanted))

    def _rejoin_channels(self, now: float) -> None:
        for absence in self._absences.values():
            if self._is_in(absence.channel):
                absence.over(now)
            elif absence.is_due(now):
                log.warning("Not in %s; asking to join.", absence.channel)
                self._bot.join(absence.channel, absence.key)

    def _is_in(self, name: str) -> bool:
        # Sopel's own list is wrong when a WHO reply comes after a kick.
        return self._bot.fold(name) in self._bot.voice.inside

    def _ask_who(self, now: float) -> None:
        if self._bot.newcomer_question and now >= self._who_due:
            self._who_due = now + WHO_INTERVAL
            question, self._bot.newcomer_question = self._bot.newcomer_question, ()
            for absence in self._absences.values():
                if self._is_in(absence.channel):
                    self._bot.write(("WHO", absence.channel, *question))

    def _ask_nick(self, now: float) -> None:
        if not self._bot.is_called(self._config.names.nick) and now >= self._nick_due:
            self._nick_due = now + NICK_INTERVAL
            self._bot.write(("ISON", self._config.names.nick))
