"""The settings: the options of ``config.ini``, their values and their defaults.

``[core]`` belongs to Sopel and is passed on unchanged; the other sections are ours, and an unknown option in them is an
error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from irscribe.config.file import IniFile, read_ini
from irscribe.config.mistakes import Mistakes
from irscribe.config.places import DEFAULT_HOST, DEFAULT_PORT, HIGHEST_PORT, guarded, read_host, read_port
from irscribe.config.reading import first_repeated, read_channels
from irscribe.config.site import Pages, Shown, ShownFrom
from irscribe.config.values import (
    Announce,
    Listen,
    LogFormat,
    LogMode,
    LogModes,
    MediaWiki,
    Pace,
    Permissions,
    Phabricator,
    Secret,
    Share,
    Subscribe,
    Switch,
    Webhook,
)
from irscribe.domain.alerts import Entered, StartSuggestion
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.command_names import Names
from irscribe.domain.errors import ConfigError
from irscribe.domain.listed import Listed
from irscribe.domain.nudges import Nudges
from irscribe.domain.questionnaire import GENERAL
from irscribe.domain.unasked import Budget

__all__ = [
    "HIGHEST_PORT",
    "Announce",
    "Config",
    "Listen",
    "LogFormat",
    "LogMode",
    "LogModes",
    "MediaWiki",
    "Names",
    "Pace",
    "Pages",
    "Permissions",
    "Phabricator",
    "Secret",
    "Share",
    "Shown",
    "ShownFrom",
    "Subscribe",
    "Switch",
    "Webhook",
    "inspect",
    "load",
]

EMBEDDED_NICK = "irscribe"
EMBEDDED_CHANNEL = "#incidents"
EMBEDDED_HOST = "127.0.0.1"
EMBEDDED_PORT = 6667
SITE_PORT = 6680

_FAMILIES = ("incident", "log", "note")
_NICK = re.compile(r"[A-Za-z_\[\]\\`^{|}][-\w\[\]\\`^{|}]*")


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


def load(path: Path | None) -> Config:
    """Read the settings of the file at ``path``; None gives the defaults, for the inner server.

    Raises:
        ConfigError: the file is missing, or settings in it are unknown or wrong; it names all of them.

    """
    config, mistakes = inspect(path)
    if mistakes:
        raise ConfigError(*mistakes)
    return config


def inspect(path: Path | None) -> tuple[Config, tuple[str, ...]]:
    """Read the settings as ``load`` does, and name the mistakes in them; a wrong setting gets its default.

    Raises:
        ConfigError: the file as a whole cannot be read.

    """
    base, mistakes = Path.cwd() if path is None else path.resolve().parent, Mistakes()
    config = _build(path, base, mistakes)
    return config.embed() if path is None else config, mistakes.sentences


def _build(path: Path | None, base: Path, mistakes: Mistakes) -> Config:
    ini = read_ini(path, base, mistakes)
    home = base / Path(ini.core.get("homedir") or "var/sopel").expanduser()
    var = base / "var"
    ours = {"database": f"sqlite:///{var / 'irscribe.db'}", "reports": var / "reports", **ini.values["irscribe"]}
    return Config(
        path=path,
        home=home,
        core=MappingProxyType({**ini.core, "homedir": str(home)}) if "homedir" in ini.core else ini.core,
        channels=_served(ini.core.get("channels", ""), _named_channels(ini), mistakes),
        names=mistakes.read(
            lambda: _names(ini.core.get("nick", EMBEDDED_NICK), ours), default=Names(nick=EMBEDDED_NICK)
        ),
        host=mistakes.read(lambda: read_host(ini.core.get("host", DEFAULT_HOST)), default=DEFAULT_HOST),
        port=mistakes.read(lambda: read_port(ini.core.get("port", DEFAULT_PORT)), default=int(DEFAULT_PORT)),
        embedded=False,
        log_modes=ours.pop("log_mode", LogModes()),
        nudges=Nudges(**ini.values["nudges"]),
        phabricator=Phabricator(**ini.values["phabricator"]),
        mediawiki=MediaWiki(**ini.values["mediawiki"]),
        webhook=mistakes.read(lambda: guarded(Webhook(**ini.values["webhook"])), default=Webhook()),
        pages=Pages(**ini.values["pages"]).served_from(var / "pages"),
        secrets=ini.secrets,
        **ours,
    )


def _named_channels(ini: IniFile) -> Mapping[str, Iterable[str]]:
    """Give the channels that have to be among those served, by the setting that names them."""
    aftercare, posted = ini.values["nudges"].get("aftercare_channel"), ini.values["webhook"].get("channel")
    return {
        "[irscribe] private_channels": ini.values["irscribe"].get("private_channels", ()),
        "[irscribe] announce_channels": ini.values["irscribe"].get("announce_channels", ()),
        "[nudges] aftercare_channel": (aftercare,) if aftercare else (),
        "[webhook] channel": (posted,) if posted else (),
    }


def _served(text: str, named: Mapping[str, Iterable[str]], mistakes: Mistakes) -> tuple[str, ...]:
    """Read the channels; if that is possible, refuse channels that a setting names and that are not among them."""
    with mistakes.collected():
        channels = _channels(text)
        for setting, some in named.items():
            with mistakes.collected():
                _refuse_unserved(setting, some, channels or (EMBEDDED_CHANNEL,))
        return channels
    return ()


def _names(nick: str, ours: dict[str, Any]) -> Names:
    """Take the names of the commands out of ``ours``; refuse a name that two commands have."""
    families = {family: ours.pop(f"{family}_names") for family in _FAMILIES if f"{family}_names" in ours}
    prefix = {"prefix": ours.pop("prefix")} if "prefix" in ours else {}
    if not _NICK.fullmatch(nick):
        raise ConfigError(f"[core] nick: {nick!r} is no nick; write letters and digits, a letter first.")
    names = Names(nick=nick, **prefix, **families)
    repeated = first_repeated(names.incident + names.log + names.note)
    if repeated is not None:
        raise ConfigError(f"[irscribe] {repeated!r} is the name of two commands; give it to one of them.")
    return names


def _channels(text: str) -> tuple[str, ...]:
    try:
        return read_channels(text, Path())
    except ValueError as error:
        raise ConfigError(f"[core] channels: {error}.") from None


def _refuse_unserved(setting: str, named: Iterable[str], served: Iterable[str]) -> None:
    """Refuse a channel that the bot does not serve: a misspelt name would leave the real private channel public.

    The network is not known yet, so the strictest rule holds.
    """
    strictest = CaseMapping.ASCII
    known = {*map(strictest.fold, served)}
    how = "write it as in [core] channels, or add it there."
    lost = (each for each in named if strictest.fold(each) not in known)
    if wrong := [f"{setting}: {channel} is not served; {how}" for channel in lost]:
        raise ConfigError(*wrong)
