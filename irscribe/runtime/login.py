"""Logs the bot in to its account: once services are there, and again after it got its nick back."""

from __future__ import annotations

import logging
from math import inf

from sopel.bot import Sopel
from sopel.coretasks import auth_after_register

from irscribe.config import Config

LOGIN_RETRY_INTERVAL = 30.0
"""Seconds between two attempts to log in while services are away."""
TO_SERVICE = {"nickserv": "NickServ", "userserv": "UserServ"}
"""Methods of logging in by a private message, with the service that gets it."""

log = logging.getLogger(__name__)


class Login:
    """The login of one connection; does nothing if the settings name no account."""

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
        """Handle the end of registration: with SASL the bot must be logged in by now, unless it was refused."""
        if self._method == "sasl" and self._account is None and self._bot.refusal is None:
            log.warning("Not logged in: the network's services are away. The bot logs in when they come back.")

    def logged_in(self, account: str) -> None:
        """Remember that services accepted the account."""
        log.info("Logged in as %s.", account)
        self._account, self._due = account, inf

    def logged_out(self) -> None:
        """Remember that services logged the bot out."""
        self._account = None

    def offered(self, capabilities: str) -> None:
        """Log in by SASL if it is among the capabilities that the server now offers."""
        if "sasl" in {each.partition("=")[0] for each in capabilities.split()}:
            self._log_in()

    def renamed(self, nick: str) -> None:
        """Plan a login with NickServ when the bot has got its own nick.

        It waits for ``log_in_again``: Sopel does not know the new nick yet and would have its owner disconnected.
        """
        if self._method == "nickserv" and self._bot.casemapping.same(nick, self._config.names.nick):
            self._due = -inf

    def nobody(self, nick: str) -> None:
        """Plan a new login if the nick that the server does not know is the service's."""
        is_service = self._service is not None and self._bot.casemapping.same(nick, self._service)
        if is_service and self._due == inf:
            log.warning("Not logged in: %s is away. The bot tries again.", nick)
            self._due = 0.0

    def refused(self) -> None:
        """Plan a new login after a refusal: services that have only just returned may accept the account later."""
        if self._bot.connection_registered:
            self._due = 0.0

    def log_in_again(self, now: float) -> None:
        """Log in again after a failure, when it is due; ``now`` is in monotonic seconds."""
        if self._due == 0.0:
            self._due = now + LOGIN_RETRY_INTERVAL
        elif now >= self._due:
            self._due = inf
            self._log_in()

    def _log_in(self) -> None:
        if self._account is None and self._method == "sasl":
            self._bot.cap_requests.request_available(self._bot, ("sasl",))
        elif self._account is None:
            auth_after_register(self._bot)
