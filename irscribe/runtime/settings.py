"""Sopel's settings, built in code from ``[core]`` and from values that the bot needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sopel.config import Config as SopelConfig
from sopel.config.core_section import CoreSection
from sopel.config.types import BooleanAttribute

from irscribe.config import Config
from irscribe.config.file import guess_setting
from irscribe.config.reading import read_yes_no
from irscribe.domain.errors import ConfigError
from irscribe.runtime.account import read_accounts
from irscribe.runtime.backend import Backend
from models.ownfiles import make_open_folder

NOBODY = " "
"""A name that no services account has, so that Sopel's own commands have no owner."""

DEFAULTS = MappingProxyType(
    {"user": "irscribe", "name": "irscribe, the incident scribe", "timeout": "60", "owner_account": NOBODY}
)

FIXED = MappingProxyType(
    {
        "prefix": "(?!)",  # matches nothing, so that Sopel's own commands are off
        "reply_errors": "false",  # an exception's text is not for the channel
        "antiloop_threshold": "0",
        "flood_burst_lines": "0",
        "flood_empty_wait": "0",
        "flood_max_wait": "0",
        "flood_penalty_ratio": "0",
        "log_raw": "false",
        "db_url": "sqlite://",  # Sopel needs a database, and nothing is stored in it
    }
)


SOPEL_COMPLAINT = re.compile(r"Invalid value for core\.(?P<option>\w+): (?P<why>.*)", re.DOTALL)
"""Matches Sopel's message about a setting that it cannot read."""
NO_NUMBER = ("invalid literal for int()", "could not convert string to float")

CERTIFICATE_OPTIONS = frozenset({"ca_certs", "client_cert_file"})


class _Settings(SopelConfig):  # type: ignore[misc]  # Sopel has no types
    """Sopel's settings from a mapping; no file of the given name has to exist."""

    def __init__(self, filename: str, core: Mapping[str, str]) -> None:
        self._core = core
        super().__init__(filename)

    def define_section(self, name: str, cls_: type, validate: bool = True) -> None:  # noqa: FBT001, FBT002 - Sopel's
        """Set the options of ``[core]`` before Sopel reads them and makes the folders they name."""
        if name == "core":
            self.parser.read_dict({"core": self._core})
        super().define_section(name, cls_, validate)


class _ReadOnce:
    """A section that reads each option once, where Sopel's own parses its text each time."""

    def __init__(self, section: CoreSection) -> None:
        self._section = section

    def __getattr__(self, option: str) -> Any:
        value = getattr(self._section, option)
        setattr(self, option, value)
        return value


def build_settings(config: Config) -> Any:
    """Make Sopel's settings for this bot; plugins find ours in their attribute ``irscribe``.

    Raises:
        ConfigError: ``[core]`` holds an option that Sopel does not know or cannot read, names no channel, or says only
            half of how to log in.

    """
    core = _core(config)
    try:
        make_open_folder(config.home)
        settings = _Settings(str(config.home / "irscribe.cfg"), core)
    except OSError as error:
        raise ConfigError(f"[core] homedir: {config.home} cannot be made ({error.strerror}).") from None
    except ValueError as error:
        raise ConfigError(_in_plain_words(str(error), core)) from None
    settings.core = _ReadOnce(settings.core)
    read_accounts(settings.core)
    settings.irscribe = config
    return settings


def prove_certificates(settings: Any) -> None:
    """Check that the files for TLS can be used.

    Raises:
        ConfigError: one of them cannot.

    """
    core = settings.core
    Backend.of(None, core, host=core.host, port=core.port).get_connection_kwargs()


def _core(config: Config) -> dict[str, str]:
    files = _files(config)
    if mistakes := [*_unserving(config), *_unknown(config.core), *_undecided(config.core), *_missing(files)]:
        raise ConfigError(*mistakes)
    home = str(config.home)
    own = {"homedir": home, "logdir": home, "pid_dir": home, "nick": config.names.nick, "owner": config.names.nick}
    channels = {"channels": _channel_lines(config.core.get("channels", ""))}
    return {
        **own,
        **DEFAULTS,
        **config.core,
        **{option: str(path) for option, path in files.items()},
        **FIXED,
        **channels,
    }


def _unserving(config: Config) -> Iterator[str]:
    if not config.channels:
        yield '[core] channels: name at least one channel to serve, such as "#incidents".'


def _files(config: Config) -> dict[str, Path]:
    """Give the certificate files, relative to the settings' file."""
    base = config.path.resolve().parent if config.path else Path.cwd()
    named = sorted(CERTIFICATE_OPTIONS & config.core.keys())
    return {option: base / Path(config.core[option]).expanduser() for option in named}


def _missing(files: Mapping[str, Path]) -> Iterator[str]:
    """Name the files that do not exist; Sopel would create an empty one."""
    for option, path in files.items():
        if not path.is_file():
            yield f"[core] {option}: there is no file {path}."


def _unknown(core: Mapping[str, str]) -> Iterator[str]:
    known = {name for name in dir(CoreSection) if not name.startswith("_")} | {"homedir"}
    for option in sorted(core.keys() - known):
        guess = guess_setting(option, sorted(known))
        yield f"[core] {option} is a setting Sopel does not know{f'; {guess}' if guess else '.'}"


def _undecided(core: Mapping[str, str]) -> Iterator[str]:
    """Name the options that are neither yes nor no; Sopel reads them as no, and so might not verify a certificate."""
    for option, text in core.items():
        if isinstance(vars(CoreSection).get(option), BooleanAttribute):
            try:
                read_yes_no(text, Path())
            except ValueError as error:
                yield f"[core] {option}: {error}."


def _in_plain_words(error: str, core: Mapping[str, str]) -> str:
    found = SOPEL_COMPLAINT.fullmatch(error)
    if found is None:
        return f"[core]: {error}."
    option, why = found["option"], found["why"].rstrip(".")
    if why.startswith(NO_NUMBER):
        return f"[core] {option}: {core[option]!r} is no number."
    return f"[core] {option}: {why}."


def _channel_lines(text: str) -> str:
    """Put each channel on a line of its own, quoted, as Sopel warns about commas."""
    names = (name.strip().strip('"') for name in text.replace(",", "\n").splitlines())
    return "\n" + "\n".join(f'"{name}"' for name in names if name)
