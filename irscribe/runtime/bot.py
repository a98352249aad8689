"""Sopel as irscribe runs it: its own plugins and the core's, nothing else; one bot for each connection."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from traceback import extract_tb
from typing import Any

from sopel import coretasks
from sopel.bot import Sopel
from sopel.irc.isupport import ISupport
from sopel.plugins.handlers import PyModulePlugin
from sopel.tools.identifiers import DEFAULT_CHANTYPES, Identifier
from sopel.trigger import PreTrigger, Trigger

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.naming import Naming
from irscribe.runtime.account import SASL, SERVER, account_options
from irscribe.runtime.backend import Backend
from irscribe.runtime.intervals import Intervals
from irscribe.runtime.netsplits import Netsplits
from irscribe.runtime.nicks import alternative_nicks
from irscribe.runtime.read_back import ReadBack
from irscribe.runtime.rules import RulesByEvent
from irscribe.runtime.topics import Topics
from irscribe.runtime.voice import Sender

log = logging.getLogger(__name__)

BANNED = re.compile(r"\b(?:banned|blacklisted|not welcome|akill|[a-z]-?lined?)\b", re.IGNORECASE)
"""Matches the words with which servers report a ban: ``K-Lined: reason``, ``You are banned``."""
WRONG_PASSWORD = re.compile(
    r"\b(?:bad|wrong|invalid|incorrect) password|\bpassword (?:mismatch|incorrect|required)", re.IGNORECASE
)
"""Matches the words with which servers reject the server password."""
CACHED_NAMES = 1000
"""Names of people and channels that are cached as Sopel's identifiers."""
CORE = Path(coretasks.__file__)
SHOW_ACCOUNTS = ("account-tag", "account-notify", "extended-join")
"""The capabilities by which a server tells who is logged in to which account (ircv3.net)."""
SASL_FAILED = "SASL Auth Failed"
"""Sopel's word for services that refused the account."""
PLUGINS = Path(__file__).parents[2] / "plugins"


class Bot(Sopel):  # type: ignore[misc]  # Sopel has no types
    """The bot of one connection; ``refusal`` is the reason why another connection would fail too.

    ``doubt`` finds out within a few seconds if ``use_ssl`` is wrong for the port; it is None after it was called, or if
    the bot has been on this network before.
    ``farewell`` is the server's reason for closing the connection. ``heard_until`` is the time of the server's last
    line. ``listed_channels`` holds the folded channels whose people the server has listed.
    ``netsplits`` knows the people whom one took, ``topics`` what the channels are about.
    ``newcomer_question`` holds the further arguments of a WHO for the people who joined, or is empty.
    """

    _named_under: ISupport | None = None
    _announced: CaseMapping | None = None

    def __init__(self, settings: Any, *, casemapping: CaseMapping = CaseMapping.ASCII) -> None:
        """Make the bot; ``casemapping`` holds until the network has announced its own."""
        self._casemapping_before = casemapping
        super().__init__(settings)
        self._rules_manager = RulesByEvent()
        self._scheduler = Intervals(self)
        self.refusal: str | None = None
        self.doubt: Callable[[], str | None] | None = None
        self.farewell: str | None = None
        self.is_banned = False
        self.leaving = False
        self.registered_at: float | None = None
        self.heard_until = datetime.now(UTC)
        self.read_back = ReadBack(self)
        self.listed_channels: set[str] = set()
        self.newcomer_question: tuple[str, ...] = ()
        self.netsplits = Netsplits(self.fold)
        self.voice = Sender(self)
        self.topics = Topics(self)
        self._alternatives = alternative_nicks(str(settings.core.nick))

    def setup_logging(self) -> None:
        """Leave logging as it is: Sopel's set-up silences existing loggers and writes files."""

    def setup_plugins(self) -> None:
        """Load our plugins and Sopel's core; a plugin that fails stops the bot, as it cannot work without it."""
        for handler in (*own_plugins(), PyModulePlugin("coretasks", "sopel")):
            handler.load()
            handler.setup(self)
            handler.register(self)

    @property
    def casemapping(self) -> CaseMapping:
        """The network's case mapping: the first one announced on this connection, as names were compared by it."""
        return self._announced or self._casemapping_before

    @property
    def naming(self) -> Naming:
        """The network's naming; it has accounts if the server offers to show them, by a capability or by WHOX."""
        shown = "WHOX" in self.isupport or any(map(self.capabilities.is_enabled, SHOW_ACCOUNTS))
        return Naming(casemapping=self.casemapping, has_accounts=shown)

    def make_identifier(self, name: str) -> Identifier:
        """Give a name as Sopel compares it, cached, as Sopel asks for the same names with every line."""
        if self._named_under is not self.isupport:
            self._named_under = self.isupport
            signs = tuple(self.isupport.get("CHANTYPES") or DEFAULT_CHANTYPES)
            make = partial(Identifier, casemapping=self.casemapping.fold, chantypes=signs)
            self._identifier = lru_cache(CACHED_NAMES)(make)
        return self._identifier(str(name))  # the cache would take an Identifier for any other spelling

    def fold(self, name: str) -> str:
        """Fold a nick or a channel's name as the network does."""
        return self.casemapping.fold(name)

    def is_called(self, nick: str) -> bool:
        """True if this is the bot's own nick, in any spelling."""
        return self.casemapping.same(self.nick, nick)

    def keep_casemapping(self, announced: object = None) -> None:
        """Keep the value of CASEMAPPING for this connection; None: the network announces none."""
        if self._announced is None:
            self._announced, self._named_under = CaseMapping.announced(announced), None
            self.rebuild_nick()

    def get_irc_backend(self, host: str, port: int, source_address: tuple[str, int] | None) -> Backend:
        """Make our backend."""
        return Backend.of(self, self.settings.core, host=host, port=port, source=source_address)

    def on_message(self, message: str) -> None:
        """Handle one line of the server; a malformed line is skipped, where Sopel would close the connection."""
        self.heard_until = datetime.now(UTC)
        if self.leaving or not message.startswith("ERROR"):
            self.voice.answered = self.heard_until  # an ERROR is no answer to the lines before it
        try:
            super().on_message(message)
        except (ValueError, IndexError):
            log.warning("The server sent what is no line: %.200r", message)

    def error(self, trigger: Trigger | None = None, exception: BaseException | None = None) -> None:
        """Log an error over a line; one in Sopel's core, which fails over unexpected lines, gets no traceback."""
        frames = extract_tb(exception.__traceback__) if exception else []
        if trigger is not None and any(Path(frame.filename) == CORE for frame in frames):
            log.warning("Sopel makes nothing of a line (%s): %.200r", type(exception).__name__, trigger.raw)
        else:
            super().error(trigger, exception)

    def dispatch(self, pretrigger: PreTrigger) -> None:
        """Pass a line to the plugins, one that is read back too."""
        self._understand(pretrigger)
        with self.read_back.watch(pretrigger):
            super().dispatch(pretrigger)

    def change_current_nick(self, new_nick: str) -> None:
        """Ask for a nick: before registration the next alternative, after it only the nick of the settings.

        After registration ``_understand`` follows the nick that the server reports, where Sopel would guess.
        """
        if self.connection_registered:
            if new_nick == self.settings.core.nick:  # Sopel asks for it when it becomes free
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
        """Handle a rejected nick before registration: quit if it is the nick of the settings, else try the next one."""
        if self.connection_registered:
            return
        if self.nick == self.make_identifier(self.settings.core.nick):
            self.quit(f"the nick {nick} is refused: {reason}")
        else:
            self.change_current_nick(nick)

    def write(self, args: Iterable[str], text: str | None = None) -> None:
        """Send a command, except Sopel's WHO for a single person who joined.

        After a netsplit Sopel would send hundreds at once, and the server would close the connection. If a JOIN does
        not name the account (extended-join), one WHO for the channel is sent later for all of them.
        """
        words = tuple(args)
        if words[:1] == ("WHO",) and len(words) > 1 and self.make_identifier(words[1]).is_nick():
            self.newcomer_question = words[2:] if not self.capabilities.is_enabled("extended-join") else ()
        else:
            super().write(words, text)

    def turn_away(self, reason: str) -> None:
        """Remember why the server refuses the bot and would refuse it again."""
        self.refusal = reason

    def dismiss(self, words: str) -> None:
        """Remember the server's reason for closing the connection."""
        self.farewell = words
        if not self.connection_registered and WRONG_PASSWORD.search(words):
            options = account_options(self.settings.core, SERVER)
            self.turn_away(f"the password for the server is wrong; correct {options}")
        self.is_banned = self.is_banned or BANNED.search(words) is not None

    def _understand(self, line: PreTrigger) -> None:
        """Handle what Sopel would misread: the bot's own nick, the server's features, and echoes of the bot's lines."""
        match line.event:
            case "001":
                self._be_called(line.args[0])
            case "005":
                del line.args[:1]  # the first argument is the bot's nick, not a feature
                for name, _, value in (each.partition("=") for each in line.args):
                    if name == "CASEMAPPING":
                        self.keep_casemapping(value)
            case "NICK" if line.nick == self.nick:
                self._be_called(line.args[-1])
            case "PRIVMSG" if line.nick == self.nick:
                self.voice.arrived(line.args[0], line.args[-1])

    def _be_called(self, nick: str) -> None:
        self._nick = self.make_identifier(nick)
        if self.nick != self.make_identifier(self.settings.core.nick):
            log.warning("The network calls the bot %s; it takes its own nick as soon as it may.", nick)

    def leave(self, farewell: str = "Stopped") -> None:
        """Quit and make no further attempt; from any thread and from a signal handler."""
        self.leaving = True
        if isinstance(self.backend, Backend):
            self.backend.leave(farewell)

    def quit(self, message: str | None = None) -> None:
        """Send QUIT, and close the socket even if the server does not answer.

        Sopel's core calls this when the account is refused. Before registration a new attempt would be refused too, so
        that is kept as ``refusal``; after it, as when services return and refuse the account, the bot stays.
        """
        if self.connection_registered and not self.leaving:
            log.error("%s; the bot stays, without its account.", message)
            return
        if not self.leaving:
            remedy = f"; correct {account_options(self.settings.core, SASL)}" if message == SASL_FAILED else ""
            self.refusal = f"{message}{remedy}"
        self._hang_up(message)

    def _hang_up(self, message: str | None) -> None:
        super().quit(message)
        if isinstance(self.backend, Backend):
            self.backend.abort_soon()


def own_plugins() -> list[PyModulePlugin]:
    """Give this program's plugins, as modules of the package ``plugins``."""
    names = sorted(path.stem for path in PLUGINS.glob("*.py"))
    return [PyModulePlugin(name, "plugins") for name in names if name != "__init__"]
