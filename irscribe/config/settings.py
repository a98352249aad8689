"""The settings of a bot, and those of a bot on the inner server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from irscribe.config.site import Pages
from irscribe.config.values import (
    Announce,
    Listen,
    LogFormat,
    LogModes,
    MediaWiki,
    Pace,
    Permissions,
    Phabricator,
    Share,
    Switch,
    Webhook,
)
from irscribe.domain.alerts import Entered, StartSuggestion
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.command_names import Names
from irscribe.domain.listed import Listed
from irscribe.domain.nudges import Nudges
from irscribe.domain.questionnaire import GENERAL
from irscribe.domain.unasked import Budget

EMBEDDED_NICK = "irscribe"
EMBEDDED_CHANNEL = "#incidents"
EMBEDDED_HOST = "127.0.0.1"
EMBEDDED_PORT = 6667
SITE_PORT = 6680


@dataclass(frozen=True, kw_only=True)
class Config:
    """All settings, read and checked.

    ``home`` is the folder for Sopel's own files; ``secrets`` are the settings that hold a secret, each with the file
    that contains it.
    """

    path: Path | None
    home: Path
    names: Names
    channels: tuple[str, ...]
    database: str = field(repr=False)
    reports: Path
    core: Mapping[str, str] = field(repr=False)
    host: str
    port: int
    embedded: bool
    reports_url: str | None = None
    layout: str = "plain"
    layouts: Path | None = None
    scorecard: str = GENERAL
    scorecards: Path | None = None
    log_modes: LogModes = field(default_factory=LogModes)
    timezone_note: str = "All times in UTC."
    status_page: str = ""
    pace: Pace | None = field(default_factory=lambda: Pace(4, 1.0))
    share: Share | None = field(default_factory=lambda: Share(150, 32_000))
    limit: Pace | None = field(default_factory=lambda: Pace(40, 5.0))
    ignore: tuple[Listed, ...] = ()
    trusted: tuple[Listed, ...] = ()
    permissions: Permissions = field(default_factory=Permissions)
    relays: tuple[Listed, ...] = ()
    relay_limit: Pace | None = field(default_factory=lambda: Pace(400, 50.0))
    bridges: tuple[Listed, ...] = ()
    alert_bots: tuple[Listed, ...] = ()
    alert_pattern: re.Pattern[str] | None = None
    alerts: Entered = Entered.PAGE
    suggest_start: StartSuggestion | None = field(
        default_factory=lambda: StartSuggestion(pages=2, within=timedelta(minutes=10))
    )
    recent: timedelta | None = timedelta(minutes=60)
    listen: Switch = field(default_factory=Switch)
    listen_days: timedelta = timedelta(days=21)
    off_record: str = "[o]"
    allow_unverified: bool = True
    private_channels: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("comms", "deputy")
    contact: str = ""
    retention: timedelta = timedelta(0)
    log_format: LogFormat = LogFormat.TEXT
    unasked: Budget | None = field(default_factory=lambda: Budget(3))
    announce_channels: tuple[str, ...] = ()
    announce: Announce = Announce.ASK
    topic: Switch = field(default_factory=Switch)
    greet: Switch = field(default_factory=Switch)
    nudges: Nudges = field(default_factory=Nudges)
    phabricator: Phabricator = field(default_factory=Phabricator)
    mediawiki: MediaWiki = field(default_factory=MediaWiki)
    webhook: Webhook = field(default_factory=Webhook)
    pages: Pages = field(default_factory=Pages)
    secrets: tuple[tuple[str, Path], ...] = ()

    def listens_in(self, channel: str, casemapping: CaseMapping) -> bool:
        """True if the talk of a channel is kept during an incident; that of a private one only if it is named."""
        named = self.listen.named(channel, casemapping)
        return named if named is not None else self.listen.default and not self.is_private(channel, casemapping)

    def is_private(self, channel: str, casemapping: CaseMapping) -> bool:
        """True if every incident of a channel is private."""
        return any(casemapping.same(channel, each) for each in self.private_channels)

    @property
    def site_address(self) -> Listen | None:
        """The address to serve the site on; a bot whose inner server has an unusual port takes one that is free."""
        if self.pages.listen or not self.embedded:
            return self.pages.listen
        return Listen(EMBEDDED_HOST, SITE_PORT if self.port == EMBEDDED_PORT else 0)

    def embed(self, port: int = EMBEDDED_PORT) -> Config:
        """Change the settings for a bot on the inner server: no pace, limit or account; it listens, and has a site."""
        core = {"nick": EMBEDDED_NICK, "host": EMBEDDED_HOST, "port": str(port), "use_ssl": "false"}
        return replace(
            self,
            names=replace(self.names, nick=EMBEDDED_NICK),
            channels=self.channels or (EMBEDDED_CHANNEL,),
            core=MappingProxyType(core | {"channels": "\n".join(self.channels or (EMBEDDED_CHANNEL,))}),
            host=EMBEDDED_HOST,
            port=port,
            embedded=True,
            pace=None,
            limit=None,
            relay_limit=None,
            listen=replace(self.listen, default=True),
            pages=self.pages.on_inner_server(self.reports.with_name("pages")),
        )
