"""Values for the lines that come in and the replies that go out; they know nothing of the IRC framework."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from irscribe.domain.answerlines import AnswerLine
from irscribe.domain.casemapping import CaseMapping, fold_host
from irscribe.domain.naming import STRICTEST, Naming
from irscribe.domain.sentence import Speech, sentence

CUT_FROM = 400
"""In bytes. A client may have cut a longer command in two."""
REST_WITHIN = timedelta(seconds=3)
"""The longest time in which the rest of such a command may follow as a plain line."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person on the network: a services account; without one, nick, user and host together.

    ``naming`` is that of the network, by which the names are compared.
    """

    nick: str
    user: str
    host: str
    account: str | None = None
    naming: Naming = STRICTEST

    @property
    def casemapping(self) -> CaseMapping:
        """The case mapping of the network."""
        return self.naming.casemapping

    @property
    def key(self) -> str:
        """The key of a person: the same for every line they say."""
        return self.mask_key if self.account is None else f"account:{self.casemapping.fold(self.account)}"

    @property
    def mask_key(self) -> str:
        """The key of a person without an account: their mask, folded."""
        return f"mask:{self.casemapping.fold(self.nick)}!{self.user}@{fold_host(self.host)}"

    @property
    def keys(self) -> frozenset[str]:
        """The keys that the person may be recognised by while they stay on the network."""
        return frozenset((self.key, self.mask_key))

    @property
    def mask(self) -> str:
        """The mask ``nick!user@host`` as the server spells it."""
        return f"{self.nick}!{self.user}@{self.host}"


@dataclass(frozen=True, kw_only=True)
class Present:
    """Somebody who is in a channel, and the status that they have there."""

    person: Person
    operator: bool = False
    voiced: bool = False


@dataclass(frozen=True, kw_only=True)
class Asker:
    """A person on a network who typed a line; their answers come in the order of their lines."""

    network: str
    person: Person

    @property
    def key(self) -> str:
        """The key of the person among all networks."""
        return f"{self.network} {self.person.key}"


def _nobody(_channel: str) -> Sequence[Present]:
    return ()


class LineKind(StrEnum):
    """The kind of a line."""

    INCIDENT = "incident"
    LOG = "log"
    NOTE = "note"
    PLAIN = "plain"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One line as the server delivered it.

    ``line`` is the whole line and ``text`` the part behind the command's name (the same if there is none);
    ``channel`` is None for a private message, and ``shared`` then lists the served channels that the sender is in.
    ``named`` are the people of the channel whose nick or account stands in the text; if ``sees_everybody`` is true,
    the bot knows everybody in the channel. ``present`` gives the people, without bots, who were in a channel of the
    line, or one that it names, when it came. ``read_back`` is true if the line was said in a gap and delivered later.
    ``to_bot`` is true if the line is addressed to the bot itself, by its nick or in private, and not by the prefix;
    ``meant`` is the kind of command that a plain line in a channel nearly names, ``reply_to`` the msgid of the line
    that it answers, ``bridge`` the bot that repeats what somebody on another network says.
    """

    kind: LineKind
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
    present: Callable[[str], Sequence[Present]] = field(default=_nobody, compare=False, repr=False)
    read_back: bool = False
    to_bot: bool = False
    meant: LineKind | None = None
    reply_to: str | None = None
    bridge: Person | None = None

    @property
    def sender(self) -> Person:
        """The person on this network whose line it is: the bridge, where that repeats what somebody else says."""
        return self.bridge or self.person

    @property
    def is_talk(self) -> bool:
        """True for what people say to each other in a channel."""
        return self.kind is LineKind.PLAIN and self.channel is not None

    @property
    def casemapping(self) -> CaseMapping:
        """The case mapping of the network."""
        return self.person.casemapping

    @property
    def folded_channel(self) -> str | None:
        """The channel, folded; None for a private message."""
        return None if self.channel is None else self.casemapping.fold(self.channel)

    @property
    def folded_places(self) -> tuple[str, ...]:
        """The channels that the line may be about, folded: its own, or those shared with the sender."""
        return tuple(map(self.casemapping.fold, self.shared if self.channel is None else (self.channel,)))

    @property
    def place(self) -> str | None:
        """The channel that the line is about: its own, or for a private line the only served one its sender is in."""
        if self.channel is None and len(self.shared) == 1:
            return self.shared[0]
        return self.channel

    @property
    def origin(self) -> str:
        """The target of the reply: the channel, or the nick of the sender of a private line."""
        return self.channel or self.person.nick

    @property
    def recipient_keys(self) -> frozenset[str]:
        """The keys of the person whom a private reply is for; none for a reply to a channel."""
        return self.person.keys if self.channel is None else frozenset()

    @property
    def asker(self) -> Asker:
        """The sender, who is answered in the order of their lines."""
        return Asker(network=self.network, person=self.person)

    @property
    def is_long(self) -> bool:
        """True if a client may have cut the line at its end."""
        return len(self.line.encode(errors="surrogatepass")) > CUT_FROM

    @property
    def may_be_cut(self) -> bool:
        """True if the rest of this command, or of this answer in private, may follow as a plain line."""
        return self.is_long and not self.is_talk


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """A person changed their nick; ``person`` is as before."""

    person: Person
    network: str
    nick: str


@dataclass(frozen=True, kw_only=True)
class Left:
    """A person left the network; anybody may take the nick now."""

    nick: str
    casemapping: CaseMapping = CaseMapping.ASCII


@dataclass(frozen=True, kw_only=True)
class Identified:
    """A person without an account logged in to one; ``person`` is as after that."""

    person: Person
    network: str


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """The entries that a waiting acknowledgement names, so that several can be merged into one line."""

    incident: int
    first: int
    last: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One line to say, at most once, after the commit. An ``urgent`` one overtakes the lines of a list.

    ``recipient_keys`` are those of the person whom a private reply is for, as somebody else may have the nick by now;
    ``nick_keys`` came with their present nick. ``asker`` typed the line that it answers. A ``refusal`` says why nothing
    changed; one that ``informs`` says what is, and ``line`` is its place in the answer to a lookup; any other reply
    acknowledges a change. Everything else goes before an ``idle`` one. ``tells_of`` are the incidents of which an
    unasked line tells.
    """

    to: str
    text: Speech
    urgent: bool = True
    acknowledged: Acknowledged | None = None
    recipient_keys: frozenset[str] = frozenset()
    asker: Asker | None = None
    refusal: bool = False
    informs: bool = False
    idle: bool = False
    nick_keys: frozenset[str] = frozenset()
    line: AnswerLine | None = field(default=None, compare=False, repr=False)
    tells_of: frozenset[int] = frozenset()

    @property
    def casemapping(self) -> CaseMapping:
        """The case mapping of the network of the one who asked; without one the strictest."""
        return CaseMapping.ASCII if self.asker is None else self.asker.person.casemapping

    @property
    def changes_nothing(self) -> bool:
        """True if it acknowledges nothing, so that its person can ask for it again."""
        return self.refusal or self.informs

    @property
    def person_key(self) -> str:
        """The key of the person whom it is for, an account before a mask; in a channel of the asker; else empty."""
        if not self.recipient_keys:
            return "" if self.asker is None else self.asker.person.key
        own_mask = f"mask:{self.casemapping.fold(self.to)}!"
        return min(self.recipient_keys, key=lambda key: (key.startswith("mask:"), not key.startswith(own_mask), key))

    def of_lines(self, count: int) -> Reply:
        """Say of how many lines the answered command was put together."""
        return replace(self, text=sentence("{} ({} lines)", self.text, count), acknowledged=None)

    def moved(self, to: str, casemapping: CaseMapping) -> Reply:
        """The same reply for the same person under another nick; keys of nicks in between are kept no longer."""
        before, now = f"mask:{casemapping.fold(self.to)}!", f"mask:{casemapping.fold(to)}!"
        keys = frozenset(now + key.removeprefix(before) for key in self.recipient_keys if key.startswith(before))
        known = self.recipient_keys - self.nick_keys
        return replace(self, to=to, recipient_keys=known | keys, nick_keys=keys - known)


def refused(request: Request, text: Speech) -> Reply:
    """Refuse a request where it came from."""
    return Reply(to=request.origin, text=text, recipient_keys=request.recipient_keys, refusal=True, asker=request.asker)
