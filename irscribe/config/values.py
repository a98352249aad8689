"""The types of the settings' values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.permission import Need
from irscribe.domain.taskfields import TaskField

Value = TypeVar("Value")


class LogMode(StrEnum):
    """The effect of ``!log`` in a channel: recorded and acknowledged, recorded in silence, ignored."""

    FULL = "full"
    QUIET = "quiet"
    OFF = "off"


class LogFormat(StrEnum):
    """The format of the bot's own log: for people, or one JSON object a line."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True)
class ByChannel(Generic[Value]):
    """The default value of a setting, and the channels that differ."""

    default: Value
    channels: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, channel: str | None, casemapping: CaseMapping) -> Value:
        """Give the value of ``channel``; None, for private messages, has the default one."""
        own = None if channel is None else casemapping.value_of(self.channels, channel)
        return own or self.default


class Announce(StrEnum):
    """When an incident that was announced is announced again: on request, or at each change of its state as well."""

    ASK = "ask"
    CHANGES = "changes"


@dataclass(frozen=True)
class LogModes(ByChannel[LogMode]):
    """The mode of ``!log``, by channel."""

    default: LogMode = LogMode.FULL


@dataclass(frozen=True)
class Switch:
    """On or off, and the channels that differ."""

    default: bool = False
    channels: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))

    def named(self, channel: str, casemapping: CaseMapping) -> bool | None:
        """Give what the setting says of a channel by its name; None if it does not name it."""
        return casemapping.value_of(self.channels, channel)

    def is_on(self, channel: str, casemapping: CaseMapping) -> bool:
        """True if it is on in a channel."""
        named = self.named(channel, casemapping)
        return self.default if named is None else named

    @property
    def is_off(self) -> bool:
        """True if it is on nowhere."""
        return not self.default and not any(self.channels.values())


@dataclass(frozen=True)
class Permissions:
    """The needs of commands that differ from the default, by channel (None: everywhere) and command."""

    rules: Mapping[tuple[str | None, str], Need] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, command: str, channel: str | None, casemapping: CaseMapping) -> Need | None:
        """Give the rule for a channel, else the one for everywhere; None if there is none."""
        ruled = {place: need for (place, name), need in self.rules.items() if name == command and place is not None}
        own = None if channel is None else casemapping.value_of(ruled, channel)
        return own or self.rules.get((None, command))


@dataclass(frozen=True)
class Pace:
    """The allowed rate of lines, the bot's or a person's: ``burst`` lines at once, then ``per_second``."""

    burst: int
    per_second: float


@dataclass(frozen=True)
class Share:
    """The most that may wait to be said to one person: answers, each a line or more, and their bytes."""

    answers: int
    size: int


class Secret:
    """A text that is shown only by ``reveal``."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself, for the request that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "****"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self._text

    def __hash__(self) -> int:
        return hash(self._text)


class Subscribe(StrEnum):
    """The people who become subscribers of an incident's task, by their accounts."""

    NONE = "none"
    COORDINATOR = "coordinator"
    RESPONDERS = "responders"


@dataclass(frozen=True, kw_only=True)
class Phabricator:
    """The task server, and how tasks are filed; without a token nothing is filed, without ``url`` no task is a link.

    ``name`` is what sentences call the server. ``priorities`` are keywords and ``severity_projects`` tags by severity.
    ``existing`` are the fields that the bot may change of a task that it did not file. ``settle`` is the time, in
    seconds, in which the server may still carry out a request that it has not answered.
    """

    name: str = "the task server"
    url: str | None = None
    token: Secret | None = None
    ca_file: Path | None = None
    form: str = "default"
    projects: tuple[str, ...] = ()
    followup_projects: tuple[str, ...] = ()
    private_projects: tuple[str, ...] = ()
    severity_projects: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    priorities: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({1: "unbreak", 2: "high"}))
    followup_priority: str = ""
    status_open: str = ""
    status_closed: str = ""
    comment_on_close: bool = True
    subscribe: Subscribe = Subscribe.NONE
    existing: tuple[TaskField, ...] = (TaskField.STATUS,)
    private_policy: str = ""
    people: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    settle: int = 120


@dataclass(frozen=True, kw_only=True)
class MediaWiki:
    """The wiki for reports; ``url`` is the address of its ``api.php``, without which nothing is published.

    ``name`` is what sentences call the wiki; ``task_prefix`` is its interwiki prefix for the task server, empty if it
    has none. ``settle`` is the time in seconds in which the wiki may still carry out an edit that it has not answered.
    """

    name: str = "the wiki"
    url: str | None = None
    task_prefix: str = ""
    account: str = ""
    password: Secret | None = None
    token: Secret | None = None
    ca_file: Path | None = None
    summary: str = "Incident report, as recorded on IRC"
    settle: int = 120

    @property
    def has_login(self) -> bool:
        """True if any part of a login is set."""
        return bool(self.account or self.password or self.token)


@dataclass(frozen=True)
class Listen:
    """An address of this machine on which the bot listens for HTTP."""

    host: str
    port: int

    @property
    def is_local(self) -> bool:
        """True if only this machine can reach it."""
        return ip_address(self.host).is_loopback

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """The address to which Alertmanager posts, if any, and its token; the channel of alerts that name none."""

    listen: Listen | None = None
    token: Secret | None = None
    channel: str = ""
