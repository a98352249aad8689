"""The events that the writer takes, and the outcome of carrying one out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from irscribe.domain.attendance import UnaskedDue
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.naming import NetworkNamed
from irscribe.domain.posts import PostedAlert
from irscribe.domain.request import Asker, Identified, Left, Renamed, Reply, Request
from irscribe.domain.sentence import Speech
from irscribe.domain.talk import TalkHeard
from irscribe.domain.topics import TopicChange, TopicSet


@dataclass(frozen=True, kw_only=True)
class Rest:
    """The plain line that follows a split command whose beginning was carried out before it came."""

    beginning: Request
    line: Request


@dataclass(frozen=True, kw_only=True)
class NamesakeJoined:
    """A bot of the same name has joined a channel; it may be the active one by now."""


@dataclass(frozen=True, kw_only=True)
class AlertsWaiting:
    """Words of alerts have waited for long enough to become an entry."""


@dataclass(frozen=True, kw_only=True)
class AlertsPosted:
    """Alertmanager has posted alerts, and waits: ``tell`` says whether they are recorded."""

    alerts: tuple[PostedAlert, ...]
    tell: Callable[[bool], None] = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class PostAnswered:
    """The answer to a post, for after the commit."""

    post: AlertsPosted
    is_recorded: bool


@dataclass(frozen=True, kw_only=True)
class Export:
    """A report to write after the commit; ``to`` is told its place, if still the person of ``recipient_keys``."""

    incident: int
    forms: tuple[str, ...]
    to: str
    asker: Asker
    recipient_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """A text or an incident was withdrawn: it leaves all files before ``reply`` is said, which names those that stay.

    Of the report files these are the public ones of an incident that became private; all of them if a text was
    ``redacted``.
    """

    incident: int
    reply: Reply | None
    redacted: bool = False


@dataclass(frozen=True, kw_only=True)
class OutboxFilled:
    """An intent was put into the outbox; the outbox worker takes it at once."""


@dataclass(frozen=True, kw_only=True)
class StepDown:
    """The bot cannot show that it is the active one, and a namesake is there."""


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """A question whose line is recorded, and whose answer is read from a snapshot after the commit.

    ``work`` is called with the context that the request then has, that of ``incident`` if it is about one. ``lines``
    is the number of lines that the command was put together of. ``if_unread`` is said where there is no answer to what
    nobody asked for, instead of the reason. ``unsaid`` are lines of an earlier answer to it that were taken back, as
    something was withdrawn before they were said.
    """

    request: Request
    person: int
    line: int
    now: datetime
    incident: int | None
    work: Callable[[Any], Outcome]
    lines: int = 1
    if_unread: Speech | None = None
    unsaid: tuple[Reply, ...] = ()

    @property
    def asker(self) -> Asker:
        """The person who asks."""
        return self.request.asker


Event = (
    Request
    | Rest
    | Renamed
    | Left
    | Identified
    | NetworkNamed
    | HeardUntil
    | ChannelRejoined
    | NamesakeJoined
    | TalkHeard
    | AlertsWaiting
    | AlertsPosted
    | UnaskedDue
    | TopicSet
)
"""Everything that the writer takes, in the order of arrival."""
MustBeRecorded = Renamed | Identified | NetworkNamed | HeardUntil | ChannelRejoined | TalkHeard
"""Events that nobody types again; a ``HeardUntil`` counts only where the bot has stopped hearing."""
Outcome = list[
    Reply | Lookup | Export | Withdrawal | OutboxFilled | TopicChange | Renamed | Left | StepDown | PostAnswered
]
"""Everything to do after the commit, in its order."""
