"""The clients of Phabricator and the wiki, each made when it is first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from irscribe.config import Config, MediaWiki
from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.prose import capital

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit
    from irscribe.integrations.mediawiki import BearerToken, BotPassword, Wiki


class Clients(Protocol):
    """The clients of the services; both methods raise ServiceRefusedError if the service is not set up."""

    def phabricator(self) -> Conduit:
        """Give the client of the server for tasks."""

    def wiki(self) -> Wiki:
        """Give the client of the wiki."""


class LazyClients:
    """The clients for these settings. Most bots never file anything, and start sooner without the HTTP library."""

    def __init__(self, config: Config) -> None:
        """Make no client yet."""
        self._config = config
        self._phabricator: Conduit | None = None
        self._wiki: Wiki | None = None

    def phabricator(self) -> Conduit:
        """Give the client of the server for tasks.

        Raises ServiceRefusedError if none is set up.
        """
        settings = self._config.phabricator
        if settings.url is None or settings.token is None:
            lacking = "url names" if settings.url is None else "token opens"
            raise ServiceRefusedError(f"{capital(settings.name)} is not set up: [phabricator] {lacking} it.")
        if self._phabricator is None:
            from irscribe.integrations.conduit import connect

            self._phabricator = connect(
                settings.url,
                settings.token.reveal(),
                name=settings.name,
                contact=self._config.contact,
                ca_file=settings.ca_file,
            )
        return self._phabricator

    def wiki(self) -> Wiki:
        """Give the client of the wiki.

        Raises ServiceRefusedError if none is set up.
        """
        settings = self._config.mediawiki
        if self._wiki is None:
            if settings.url is None:
                raise ServiceRefusedError(f"{capital(settings.name)} is not set up: [mediawiki] url names it.")
            from irscribe.integrations.mediawiki import connect

            self._wiki = connect(
                settings.url,
                _login(settings),
                name=settings.name,
                contact=self._config.contact,
                ca_file=settings.ca_file,
            )
        return self._wiki


def _login(settings: MediaWiki) -> BotPassword | BearerToken:
    """Give the token, or else the account and password."""
    from irscribe.integrations.mediawiki import BearerToken, BotPassword

    if settings.token is not None:
        return BearerToken(settings.token.reveal())
    if settings.password is not None and settings.account:
        return BotPassword(settings.account, settings.password.reveal())
    raise ServiceRefusedError(
        f"{capital(settings.name)} is not set up: [mediawiki] account and password, or token, open it."
    )
