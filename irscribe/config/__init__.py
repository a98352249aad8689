"""The settings: the options of ``config.ini``, their values and their defaults.

``[core]`` belongs to Sopel and is passed on unchanged; the other sections are ours, and an unknown option in them is an
error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from irscribe.config.file import IniFile, read_ini
from irscribe.config.mistakes import Mistakes
from irscribe.config.places import DEFAULT_HOST, DEFAULT_PORT, HIGHEST_PORT, guarded, read_host, read_port
from irscribe.config.reading import first_repeated, read_channels
from irscribe.config.settings import EMBEDDED_CHANNEL, EMBEDDED_HOST, EMBEDDED_NICK, EMBEDDED_PORT, SITE_PORT, Config
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
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.command_names import Names
from irscribe.domain.errors import ConfigError
from irscribe.domain.nudges import Nudges

__all__ = [
    "EMBEDDED_CHANNEL",
    "EMBEDDED_HOST",
    "EMBEDDED_NICK",
    "EMBEDDED_PORT",
    "HIGHEST_PORT",
    "SITE_PORT",
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


_FAMILIES = ("incident", "log", "note")
_NICK = re.compile(r"[A-Za-z_\[\]\\`^{|}][-\w\[\]\\`^{|}]*")


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
