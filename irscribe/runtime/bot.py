"""Sopel as irscribe runs it: its own plugins and the core's, nothing else; one bot for each connection."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import Any

from sopel import coretasks
from sopel.bot import Sopel
from sopel.irc.isupport import ISupport
from sopel.plugins.handlers import PyModulePlugin
from sopel.tools.identifiers import Identifier
from sopel.tools.target import Channel
from sopel.trigger import PreTrigger, Trigger

from irscribe.domain.request import fold
from irscribe.runtime.backend import Backend
from irscribe.runtime.intervals import Intervals
from irscribe.runtime.nicks import in_turn
from irscribe.runtime.rules import RulesByEvent
from irscribe.runtime.voice import Sender

log = logging.getLogger(__name__)

BANNED = re.compile(r"\b(?:banned|blacklisted|not welcome|akill|[a-z]-?lined?)\b", re.IGNORECASE)
"""How servers say so when they close a connection: ``K-Lined: reason``, ``You are banned``."""
WRONG_PASSWORD = re.compile(
    r"\b(?:bad|wrong|invalid|incorrect) password|\bpassword (?:mismatch|incorrect|required)", re.IGNORECASE
)
"""The same where the bot's password for the server itself is none."""
MOST_NAMES = 1000
"""Names of people and channels that are kept as Sopel compares them."""
CORE = Path(coretasks.__file__)
PLUGINS = Path(__file__).parents[2] / "plugins"


class Bot(Sopel):  # type: ignore[misc]  # Sopel has no types
    """One connection's bot; ``refusal`` says why another one would fare no better.

    ``doubt`` asks whether ``use_ssl`` is wrong for the port, in a few seconds; None once that has been asked, or needs
    no asking.
    ``farewell`` is what the server said when it closed the connection. ``last_word`` is when the server was last
    heard, ``let_in_at`` when it let the bot in, by its own clock. ``reading_back`` names the channels, folded, whose
    past may still be on its way, each with the end of the wait for it; ``reads_back`` holds while a line is dealt with
    that was said before the bot came. ``listed_channels`` names those, folded, whose people the server has listed.
    ``newcomer_question`` is how to ask who the newcomers are, if need be.
    """

    _named_under: ISupport | None = None

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self._rules_manager = RulesByEvent()
        self._scheduler = Intervals(self)
        self.refusal: str | None = None
        self.doubt: Callable[[], str | None] | None = None
        self.farewell: str | None = None
        self.is_banned = False
        self.leaving = False
        self.registered_at: float | None = None
        self.let_in_at: datetime | None = None
        self.last_word = datetime.now(UTC)
        self.reading_back: dict[str, float] = {}
        self.listed_channels: set[str] = set()
        self.reads_back = False
        self.newcomer_question: tuple[str, ...] = ()
        self.voice = Sender(self)
        self._alternatives = in_turn(str(settings.core.nick))

    def setup_logging(self) -> None:
        """Leave logging as it is: Sopel's set-up silences every logger made before it, and writes files."""

    def setup_plugins(self) -> None:
        """Load our plugins and the core's; one that fails stops the bot, which would be mute without it."""
        for handler in (*own_plugins(), PyModulePlugin("coretasks", "sopel")):
            handler.load()
            handler.setup(self)
            handler.register(self)

    def make_identifier(self, name: str) -> Identifier:
        """A name as Sopel compares it; made once, as every line has Sopel ask for the same few."""
        if self._named_under is not self.isupport:
            self._named_under = self.isupport
            self._identifier = lru_cache(MOST_NAMES)(super().make_identifier)
        return self._identifier(str(name))  # an Identifier would be found under another spelling of it

    def get_irc_backend(self, host: str, port: int, source_address: tuple[str, int] | None) -> Backend:
        """Our backend."""
        return Backend.of(self, self.settings.core, host=host, port=port, source=source_address)

    def on_message(self, message: str) -> None:
        """One line from the server; what is none is let pass, where Sopel would hang up."""
        self.last_word = datetime.now(UTC)
        if self.leaving or not message.startswith("ERROR"):
            self.voice.answered = self.last_word  # whom it throws out it owes no answer
        try:
            super().on_message(message)
        except (ValueError, IndexError):
            log.warning("The server sent what is no line: %.200r", message)

    def error(self, trigger: Trigger | None = None, exception: BaseException | None = None) -> None:
        """Something went wrong with a line. Sopel's core stumbles over what it does not expect: no error of ours."""
        frames = extract_tb(exception.__traceback__) if exception else []
        if trigger is not None and any(Path(frame.filename) == CORE for frame in frames):
            log.warning("Sopel makes nothing of a line (%s): %.200r", type(exception).__name__, trigger.raw)
        else:
            super().error(trigger, exception)

    def dispatch(self, pretrigger: PreTrigger) -> None:
        """Give a line to those it is for. Sopel drops what was said before the bot came: just what it missed.

        Once that has been read back nothing is older, whatever a line's time says: servers' clocks are set back, too.
        """
        self._understand(pretrigger)
        channel = self.channels.get(pretrigger.sender) if "time" in pretrigger.tags else None
        if channel is not None and fold(pretrigger.sender) not in self.reading_back:
            channel.join_time = None
        if pretrigger.event == "PRIVMSG" and channel is not None and _is_older(pretrigger, channel):
            self._read_back(pretrigger, channel)
        else:
            super().dispatch(pretrigger)

    def change_current_nick(self, new_nick: str) -> None:
        """Ask for a nick: while the bot is not let in the next one it may have, and then no other than its own.

        By then only the server says what it is called, and Sopel only guesses.
        """
        if self.connection_registered:
            if new_nick == self.settings.core.nick:  # Sopel has seen that it is free
                self.write(("NICK", new_nick))
            return
        alternative = next(self._alternatives, None)
        if alternative is None:
            log.warning("The network lets the bot in under none of its nicks; the last was %s.", self.nick)
            self._hang_up("No nick")
        else:
            log.warning("The nick %s is not to be had now; the bot asks for %s.", self.nick, alternative)
            super().change_current_nick(alternative)

    def refuse_nick(self, nick: str, reason: str) -> None:
        """The server does not let the bot in under a nick. One that is not that of the settings has a successor."""
        if self.connection_registered:
            return
        if self.nick == self.make_identifier(self.settings.core.nick):
            self.quit(f"the nick {nick} is refused: {reason}")
        else:
            self.change_current_nick(nick)

    def write(self, args: Iterable[str], text: str | None = None) -> None:
        """Send a command, but no question about every single newcomer.

        Sopel asks for each; when a split heals that is hundreds at once, and the server hangs up. Where the server
        does not say with a JOIN who somebody is, one question about the whole channel does for all.
        """
        words = tuple(args)
        if words[:1] == ("WHO",) and len(words) > 1 and self.make_identifier(words[1]).is_nick():
            self.newcomer_question = words[2:] if not self.capabilities.is_enabled("extended-join") else ()
        else:
            super().write(words, text)

    def turn_away(self, reason: str) -> None:
        """The server does not take the bot, and would not the next time."""
        self.refusal = reason

    def dismiss(self, words: str) -> None:
        """The server closes the connection and says why."""
        self.farewell = words
        if not self.connection_registered and WRONG_PASSWORD.search(words):
            self.turn_away("the password for the server is wrong")
        self.is_banned = self.is_banned or BANNED.search(words) is not None

    def _understand(self, line: PreTrigger) -> None:
        """See what Sopel would see otherwise: the bot's own nick, and what it said itself."""
        match line.event:
            case "001":
                self._be_called(line.args[0])
            case "005":
                del line.args[:1]  # the bot's own nick is none of the features listed
            case "NICK" if line.nick == self.nick:
                self._be_called(line.args[-1])
            case "PRIVMSG" if line.nick == self.nick:
                self.voice.arrived(line.args[0], line.args[-1])

    def _be_called(self, nick: str) -> None:
        self._nick = self.make_identifier(nick)
        if self.nick != self.make_identifier(self.settings.core.nick):
            log.warning("The network calls the bot %s; it takes its own nick as soon as it may.", nick)

    def _read_back(self, pretrigger: PreTrigger, channel: Channel) -> None:
        came, channel.join_time = channel.join_time, None
        self.reads_back = True
        try:
            super().dispatch(pretrigger)
        finally:
            self.reads_back = False
            channel.join_time = came

    def leave(self, farewell: str = "Stopped") -> None:
        """End this connection for good; from any thread and from a signal handler."""
        self.leaving = True
        if isinstance(self.backend, Backend):
            self.backend.leave(farewell)

    def quit(self, message: str | None = None) -> None:
        """Say QUIT; a server that does not answer is left all the same.

        Sopel's own core quits when the server does not take the account; that is why trying again would be in vain.
        Services that come back later are no reason to leave: the bot is wanted where it is.
        """
        if self.connection_registered and not self.leaving:
            log.error("%s; the bot stays, without its account.", message)
            return
        if not self.leaving:
            self.refusal = message
        self._hang_up(message)

    def _hang_up(self, message: str | None) -> None:
        super().quit(message)
        if isinstance(self.backend, Backend):
            self.backend.abort_soon()


def _is_older(pretrigger: PreTrigger, channel: Channel) -> bool:
    return channel.join_time is not None and bool(pretrigger.time < channel.join_time)


def own_plugins() -> list[PyModulePlugin]:
    """The plugins of this program, as modules of the package they lie in."""
    names = sorted(path.stem for path in PLUGINS.glob("*.py"))
    return [PyModulePlugin(name, "plugins") for name in names if name != "__init__"]
