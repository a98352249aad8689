"""What a setting may be, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from irscribe.domain.permission import Need
from irscribe.domain.request import fold


class LogMode(StrEnum):
    """What ``!log`` does in a channel: record and acknowledge, record in silence, nothing."""

    FULL = "full"
    QUIET = "quiet"
    OFF = "off"


class LogFormat(StrEnum):
    """How the bot's own log is written: for people, or one JSON object a line."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True)
class LogModes:
    """The mode everywhere and the channels that differ (folded names)."""

    default: LogMode = LogMode.FULL
    channels: Mapping[str, LogMode] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, channel: str | None) -> LogMode:
        """The mode of ``channel``; a private message has the default one."""
        return self.default if channel is None else self.channels.get(fold(channel), self.default)


@dataclass(frozen=True)
class Permissions:
    """What commands need where that is not the default: by folded channel (None: everywhere) and command."""

    rules: Mapping[tuple[str | None, str], Need] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, command: str, channel: str | None) -> Need | None:
        """The rule of a channel, else the one that holds everywhere."""
        own = None if channel is None else self.rules.get((fold(channel), command))
        return own or self.rules.get((None, command))


@dataclass(frozen=True)
class Pace:
    """How fast somebody speaks, the bot or a person: ``burst`` lines at once, then ``per_second``."""

    burst: int
    per_second: float


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the bot answers to."""

    nick: str
    prefix: str = "!"
    incident: tuple[str, ...] = ("incident", "ir")
    log: tuple[str, ...] = ("log",)
    note: tuple[str, ...] = ("note",)


class Secret:
    """A text that shows itself only when asked by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the request it opens."""
        return self._text

    def __repr__(self) -> str:
        return "****"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, kw_only=True)
class Phabricator:
    """Where tasks are, and how they are filed; without a token nothing is.

    ``priorities`` are keywords by severity; ``settle`` is how many seconds a request whose answer never came may still
    be carried out by the server.
    """

    url: str = "https://phabricator.wikimedia.org"
    token: Secret | None = None
    ca_file: Path | None = None
    form: str = "default"
    projects: tuple[str, ...] = ("wikimedia-incident",)
    followup_projects: tuple[str, ...] = ("sustainability_incident_followup",)
    priorities: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({1: "unbreak", 2: "high"}))
    status_open: str = "progress"
    status_closed: str = "open"
    comment_on_close: bool = True
    private_policy: str = ""
    people: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    settle: int = 120


@dataclass(frozen=True, kw_only=True)
class MediaWiki:
    """The wiki reports are published on: the address of its ``api.php``; without one nothing is published."""

    url: str | None = None
    account: str = ""
    password: Secret | None = None
    token: Secret | None = None
    ca_file: Path | None = None
    summary: str = "Incident report, as recorded on IRC"
