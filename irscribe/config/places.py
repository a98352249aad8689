"""Functions that read what a setting says by channel, and addresses; as in ``reading``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from irscribe.config.reading import read_channel, split
from irscribe.config.site import Shown, ShownFrom
from irscribe.config.values import Listen, LogMode, LogModes, Webhook
from irscribe.domain.errors import ConfigError
from irscribe.domain.prose import listing

DEFAULT_HOST = "irc.libera.chat"
DEFAULT_PORT = "6697"
HIGHEST_PORT = 65535

_HOST = re.compile(r"[\w.-]+")

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


def read_host(text: str) -> str:
    """Read the name or the address of the IRC server.

    Raises ConfigError for anything else.
    """
    try:
        known = text.encode("idna")
    except UnicodeError:
        known = b""
    if not known or not (_HOST.fullmatch(text) or is_address(text)):
        raise ConfigError(f"[core] host: {text!r} is no server's name; write one such as {DEFAULT_HOST}.")
    return text


def read_port(text: str) -> int:
    """Read the port of the IRC server.

    Raises ConfigError for anything else.
    """
    if not text.isdecimal() or not 0 < int(text) <= HIGHEST_PORT:
        raise ConfigError(f"[core] port: {text!r} is no port; write a number from 1 to {HIGHEST_PORT}.")
    return int(text)


def guarded(webhook: Webhook) -> Webhook:
    """Give the webhook unless others than this machine could post to it without a token.

    Raises ConfigError then.
    """
    if webhook.listen and not webhook.listen.is_local and webhook.token is None:
        raise ConfigError(
            f"[webhook] listen: whoever reaches {webhook.listen} could write into incidents; set a token_file, or "
            "listen on 127.0.0.1."
        )
    return webhook
