"""The bot's own account: logged in as soon as there are services, and again once the nick is its own."""

from __future__ import annotations

import logging
from math import inf

from sopel.bot import Sopel
from sopel.coretasks import auth_after_register

from irscribe.config import Config
from irscribe.domain.request import fold

RETRY = 30.0
"""Seconds between two attempts to reach services that are away."""
TO_SERVICE = {"nickserv": "NickServ", "userserv": "UserServ"}
"""Whom a login goes to as a private message."""

log = logging.getLogger(__name__)


class Login:
    """One connection's login; nothing where the settings name no account."""

    def __init__(self, bot: Sopel) -> None:
        self._bot = bot
        self._config: Config = bot.settings.irscribe
        self._account: str | None = None
        self._due = inf

    @property
    def _method(self) -> str | None:
        core = self._bot.settings.core
        return core.auth_method or core.server_auth_method or core.nick_auth_method or None

    @property
    def _service(self) -> str | None:
        core = self._bot.settings.core
        return core.auth_target or core.nick_auth_target or TO_SERVICE.get(self._method or "")

    def registered(self) -> None:
        """The server has let the bot in; with SASL it would have logged in before."""
        if self._method == "sasl" and self._account is None:
            log.warning("Not logged in: the network's services are away. The bot logs in when they come back.")

    def logged_in(self, account: str) -> None:
        """Services have taken the account."""
        log.info("Logged in as %s.", account)
        self._account, self._due = account, inf

    def logged_out(self) -> None:
        """Services have forgotten the account."""
        self._account = None

    def offered(self, capabilities: str) -> None:
        """The server can do more than before."""
        if "sasl" in {each.partition("=")[0] for each in capabilities.split()}:
            self._log_in()

    def renamed(self, nick: str) -> None:
        """The bot is called otherwise now; services that go by nicks want to know it again.

        Not at once: Sopel has yet to learn the nick, and would ask services to end whoever has it.
        """
        if self._method == "nickserv" and fold(nick) == fold(self._config.names.nick):
            self._due = -inf

    def nobody(self, nick: str) -> None:
        """There is nobody of that nick to tell something to."""
        if self._service is not None and fold(nick) == fold(self._service) and self._due == inf:
            log.warning("Not logged in: %s is away. The bot tries again.", nick)
            self._due = 0.0

    def refused(self) -> None:
        """Services do not take the account; where they have only just come back they may yet."""
        if self._bot.connection_registered:
            self._due = 0.0

    def heal(self, now: float) -> None:
        """Log in again where that failed; ``now`` is monotonic."""
        if self._due == 0.0:
            self._due = now + RETRY
        elif now >= self._due:
            self._due = inf
            self._log_in()

    def _log_in(self) -> None:
        if self._account is None and self._method == "sasl":
            self._bot.cap_requests.request_available(self._bot, ("sasl",))
        elif self._account is None:
            auth_after_register(self._bot)
