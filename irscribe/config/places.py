"""Functions that read what a setting says by channel, and addresses on this machine; as in ``reading``."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from irscribe.config.reading import read_channel, split
from irscribe.config.site import Shown, ShownFrom
from irscribe.config.values import Listen, LogMode, LogModes
from irscribe.domain.prose import listing

HIGHEST_PORT = 65535

Choice = TypeVar("Choice", bound=StrEnum)


def read_log_modes(text: str, _base: Path) -> LogModes:
    """Read the default mode and the channels that differ: ``full, #ops=quiet``."""
    return LogModes(*_by_channel(text, LogMode.FULL, "is no log mode"))


def read_shown(text: str, _base: Path) -> ShownFrom:
    """Read the default and the channels that differ: ``closed, #ops=open``."""
    return ShownFrom(*_by_channel(text, Shown.CLOSED, "says not when an incident is shown"))


def _by_channel(text: str, default: Choice, wrong: str) -> tuple[Choice, Mapping[str, Choice]]:
    """Read a word of an enumeration, and the channels that have another; ``wrong`` is said of any other word."""
    channels: dict[str, Choice] = {}
    for item in split(text):
        channel, given, word = (part.strip() for part in item.rpartition("="))
        try:
            chosen = type(default)(word.lower())
        except ValueError:
            raise ValueError(f"{word!r} {wrong}; write {listing([*type(default)], last='or')}") from None
        if given:
            channels[read_channel(channel.strip('"'))] = chosen
        else:
            default = chosen
    return default, MappingProxyType(channels)


def read_listen(text: str, _base: Path) -> Listen:
    """Read an address and a port: ``127.0.0.1:6680``."""
    host, _, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (port.isascii() and port.isdecimal() and int(port) <= HIGHEST_PORT and is_address(host)):
        raise ValueError(f"{text!r} is no address to listen on; write one such as 127.0.0.1:6680")
    return Listen(host, int(port))


def is_address(text: str) -> bool:
    """True for an IP address of either kind."""
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
