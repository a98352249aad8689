"""Attendance: the people whom the bot sees in its channels, and those whom a netsplit took from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.topics import Topic


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Somebody on the network, with the keys they are recognised by."""

    nick: str
    keys: frozenset[str]
    is_bot: bool = False


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """The people in each channel (folded name) whose people the bot knows; the bot is in no other one.

    ``split`` are those who left the network by a netsplit and have not come back. ``topics`` are the topics, by folded
    channel, that the bot may set as far as it knows.
    """

    network: str
    casemapping: CaseMapping
    channels: Mapping[str, tuple[Seen, ...]]
    split: tuple[Seen, ...] = ()
    topics: Mapping[str, Topic] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, keys: Collection[str], names: Iterable[str] = (), *, channel: str | None = None) -> Seen | None:
        """Find somebody by a key, else by a name, in a channel or in any of them."""
        seen = self.channels.get(channel, ()) if channel else [one for some in self.channels.values() for one in some]
        return self._among(seen, keys, names)

    def is_split_off(self, keys: Collection[str], names: Iterable[str]) -> bool:
        """True if a netsplit took this person."""
        return self._among(self.split, keys, names) is not None

    def _among(self, seen: Iterable[Seen], keys: Collection[str], names: Iterable[str]) -> Seen | None:
        people, folded = list(seen), {self.casemapping.fold(each) for each in names}
        known = (each for each in people if not each.keys.isdisjoint(keys))
        named = (each for each in people if self.casemapping.fold(each.nick) in folded)
        return next(known, None) or next(named, None)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Somebody has joined a channel (folded name), and did not come back from a netsplit."""

    nick: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class Observed:
    """The bot's surroundings at one moment.

    ``spoken`` gives for each channel (folded name) the people who were heard there lately, by account or nick, with the
    time of their last line; ``gone_since`` for each incident the time since when its coordinator is not to be seen.
    ``with_closed`` is true if closed incidents are to be looked at as well. ``arrived`` are people to greet.
    """

    attendance: Attendance
    spoken: Mapping[str, Mapping[str, datetime]] = field(default_factory=lambda: MappingProxyType({}))
    gone_since: Mapping[int, datetime] = field(default_factory=lambda: MappingProxyType({}))
    with_closed: bool = False
    arrived: tuple[Arrival, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UnaskedDue:
    """Something is to be said unasked, or the time of a person's last line is to be recorded."""

    observed: Observed
