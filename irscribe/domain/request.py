"""What comes in from a channel and what goes back, without a word about the framework between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from irscribe.domain.sentence import Speech

CHANNELS = "#&+!"
"""How the names of channels begin, and no nick."""
CUT_FROM = 400
"""Bytes: a longer command may have been cut in two by its client."""
REST_WITHIN = timedelta(seconds=3)
"""How soon after such a command its rest may follow as a plain line."""

SAME_LETTERS = str.maketrans("[]\\~", "{}|^")
"""Upper to lower case of the letters that Scandinavia has there (RFC 1459, 2.2)."""


def fold(name: str) -> str:
    """A nick or channel name in the one case it is compared in (rfc1459 mapping)."""
    return _fold(str(name))  # Sopel's names have a lower() of their own


@lru_cache(1000)
def _fold(name: str) -> str:
    return name.lower().translate(SAME_LETTERS)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody on the network: a services account where there is one, else nick, user and host together."""

    nick: str
    user: str
    host: str
    account: str | None = None

    @property
    def key(self) -> str:
        """What two lines of the same person have in common."""
        return self.mask_key if self.account is None else f"account:{fold(self.account)}"

    @property
    def mask_key(self) -> str:
        """What two lines of somebody without an account have in common."""
        return f"mask:{fold(self.nick)}!{self.user}@{self.host.lower()}"

    @property
    def keys(self) -> frozenset[str]:
        """What they may be recognised by as long as they stay."""
        return frozenset((self.key, self.mask_key))

    @property
    def mask(self) -> str:
        """``nick!user@host`` as the server spells it."""
        return f"{self.nick}!{self.user}@{self.host}"


class LineKind(StrEnum):
    """Which of the bot's ears a line is for."""

    INCIDENT = "incident"
    LOG = "log"
    NOTE = "note"
    PLAIN = "plain"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One line somebody said, as the server delivered it.

    ``line`` is the whole line as said and ``text`` what follows the command's name (the same where there is none);
    ``channel`` is None for a private message, and ``shared`` then lists the served channels the person is in.
    ``named`` are the people of the channel whose nick or account stands in the text; with ``sees_everybody`` the bot
    knows that nobody else is there. ``missed`` says that it was said while the bot was not there, and read back since.
    """

    family: LineKind
    person: Person
    network: str
    channel: str | None
    shared: tuple[str, ...]
    line: str
    text: str
    said_at: datetime
    heard_at: datetime
    msgid: str | None = None
    operator: bool = False
    voiced: bool = False
    named: tuple[Person, ...] = ()
    sees_everybody: bool = False
    missed: bool = False

    @property
    def place(self) -> str | None:
        """The channel it is about: where it was said, or the only served one its sender is in."""
        if self.channel is None and len(self.shared) == 1:
            return self.shared[0]
        return self.channel

    @property
    def origin(self) -> str:
        """Where it came from, and its answer goes: the channel, or the nick of its sender."""
        return self.channel or self.person.nick

    @property
    def recipient_keys(self) -> frozenset[str]:
        """The keys of the one person its answer is for, where that goes by a nick."""
        return self.person.keys if self.channel is None else frozenset()

    @property
    def is_long(self) -> bool:
        """Whether a client may have cut it here."""
        return len(self.line.encode(errors="surrogatepass")) > CUT_FROM

    @property
    def may_be_cut(self) -> bool:
        """Whether the rest of this command may follow as a plain line."""
        return self.family is not LineKind.PLAIN and self.is_long


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """Somebody changed nick; ``person`` is as before."""

    person: Person
    network: str
    nick: str


@dataclass(frozen=True, kw_only=True)
class Left:
    """Somebody has left the network; anybody may take their nick now."""

    nick: str


@dataclass(frozen=True, kw_only=True)
class Identified:
    """Somebody whom the network did not know by an account logged in to one; ``person`` is as after."""

    person: Person
    network: str


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """Entries an acknowledgement speaks of, so that several waiting ones can be said as one."""

    incident: int
    first: int
    last: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One line to say, at most once, after the commit. ``urgent`` ones pass lists by.

    ``recipient_keys`` are the keys of the one person it is for, where it goes by a nick that may be somebody else's by
    now. A ``refusal`` says why nothing changed.
    """

    to: str
    text: Speech
    urgent: bool = True
    acknowledged: Acknowledged | None = None
    recipient_keys: frozenset[str] = frozenset()
    refusal: bool = False

    def moved(self, to: str) -> Reply:
        """The same for the same person under another nick."""
        before, now = f"mask:{fold(self.to)}!", f"mask:{fold(to)}!"
        keys = {now + key.removeprefix(before) for key in self.recipient_keys if key.startswith(before)}
        return replace(self, to=to, recipient_keys=self.recipient_keys | keys)


@dataclass(frozen=True, kw_only=True)
class Export:
    """A report to write once the commit is done; ``to`` hears where it lies, if it is still one of ``whom``."""

    incident: int
    forms: tuple[str, ...]
    to: str
    recipient_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class OutboxFilled:
    """Something was put into the outbox: it is looked after at once."""


@dataclass(frozen=True, kw_only=True)
class StepDown:
    """It cannot be shown that it is this bot's turn, and another one is there."""
