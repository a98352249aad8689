"""Limits how fast a person may type and how often they are told the same, and drops lines of ignored people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from irscribe.config import Config, Pace
from irscribe.domain.listed import Listed, is_listed
from irscribe.domain.request import Person, Renamed, Request

MANY = 256
"""Most people to keep a count of; beyond that, full counts are forgotten, and then the oldest ones."""

Key = tuple[str, str]
"""A network and the key of a person on it."""


class Admission(Enum):
    """The decision about a line before it is read."""

    HEARD = auto()
    DROPPED = auto()
    DROPPED_ALOUD = auto()


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The number of lines that a person may still have at once; ``told`` is true after the refusal."""

    left: float
    at: datetime
    told: bool = False

    def filled(self, pace: Pace, now: datetime) -> Bucket:
        """Give the bucket at a later moment; once it is full a new burst begins. A clock set back adds nothing."""
        seconds = max(0.0, (now - self.at).total_seconds())
        left = min(float(pace.burst), self.left + seconds * pace.per_second)
        return replace(self, left=left, at=now, told=self.told and left < pace.burst)


@dataclass
class Counts:
    """The count of each person at one pace."""

    pace: Pace
    buckets: Mapping[Key, Bucket] = field(default_factory=dict)

    def has_left(self, key: Key, now: datetime) -> bool:
        """True if one more is within the pace."""
        return self._bucket(key, now).left >= 1

    def admit(self, key: Key, now: datetime) -> Admission:
        """Count one more if that is within the pace; ``DROPPED_ALOUD`` is the first of a burst that is not."""
        bucket = self._bucket(key, now)
        if bucket.left >= 1:
            self._keep(key, replace(bucket, left=bucket.left - 1))
            return Admission.HEARD
        self._keep(key, replace(bucket, told=True))
        return Admission.DROPPED if bucket.told else Admission.DROPPED_ALOUD

    def follow(self, key: Key, to: Key) -> None:
        """Count a person under another key from now on; of two counts the one that leaves less holds."""
        bucket, there = self.buckets.get(key), self.buckets.get(to)
        if bucket is not None and to != key and (there is None or bucket.left <= there.left):
            self._keep(to, bucket)

    def remember(self) -> Callable[[], None]:
        """Give a function that restores the counts as they are now."""
        buckets = self.buckets

        def restore() -> None:
            self.buckets = buckets

        return restore

    def _bucket(self, key: Key, now: datetime) -> Bucket:
        return self.buckets.get(key, Bucket(left=self.pace.burst, at=now)).filled(self.pace, now)

    def _keep(self, key: Key, bucket: Bucket) -> None:
        """Keep a bucket in a new mapping, as a failed transaction restores the old one; the latest stand last."""
        others = {known: each for known, each in self.buckets.items() if known != key}
        if len(others) >= MANY:
            others = {known: each for known, each in others.items() if self._is_in_use(each, bucket.at)}
        self.buckets = {**dict([*others.items()][1 - MANY :]), key: bucket}

    def _is_in_use(self, bucket: Bucket, now: datetime) -> bool:
        return bucket.filled(self.pace, now).left < self.pace.burst


@dataclass
class Limits:
    """The pace of a person and of a relay, the relays, and those whom the bot ignores."""

    typing: Counts | None
    relaying: Counts | None = None
    ignored: Sequence[Listed] = ()
    relays: Sequence[Listed] = ()

    @classmethod
    def of(cls, config: Config) -> Limits:
        """Give the limits of the settings; relays have a larger one, as they forward the lines of many people."""
        typing, relaying = (Counts(pace) if pace else None for pace in (config.limit, config.relay_limit))
        return cls(typing, relaying, ignored=config.ignore, relays=config.relays)

    @property
    def counts(self) -> Sequence[Counts]:
        """The counts that a failed transaction restores."""
        return [each for each in (self.typing, self.relaying) if each]

    def ignores(self, person: Person) -> bool:
        """True if the bot does not hear this person."""
        return is_listed(person, self.ignored)

    def is_relay(self, person: Person) -> bool:
        """True for a relay."""
        return is_listed(person, self.relays)

    def admit(self, request: Request) -> Admission:
        """Count a line and decide about it; the time is that of the server, as lines of a gap are read back at once."""
        if self.ignores(request.person):
            return Admission.DROPPED
        counts = None if request.is_talk else self._counts_of(request)
        return counts.admit(key_of(request), request.said_at) if counts else Admission.HEARD

    def sentence(self, request: Request) -> str:
        """Give the refusal, which a person who types too fast gets once."""
        counts = self._counts_of(request)
        pace = counts.pace if counts else Pace(0, 0)
        return (
            f"{request.person.nick}: too fast for me, this line and what follows is dropped. "
            f"Wait a bit, then type it again: {pace.burst} lines at once, after that {pace.per_second:g} a second."
        )

    def _counts_of(self, request: Request) -> Counts | None:
        speaks_for_many = request.bridge is not None or self.is_relay(request.person)
        return self.relaying if speaks_for_many else self.typing


def key_of(request: Request) -> Key:
    """Give the key under which the sender of a line is counted; everybody behind a bridge is counted as the bridge."""
    return request.network, request.sender.key


def follow(counts: Iterable[Counts], renamed: Renamed) -> None:
    """Count somebody who changed nick as before: a new nick gives nobody more lines, or more answers."""
    key, to = ((renamed.network, each.key) for each in (renamed.person, replace(renamed.person, nick=renamed.nick)))
    for each in counts:
        each.follow(key, to)
