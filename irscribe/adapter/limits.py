"""Limits how fast a person may type and how often they are told the same, and drops the lines of people to ignore."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from irscribe.config import Config, Pace
from irscribe.domain.permission import is_listed
from irscribe.domain.request import Person, Request, fold

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
        return Bucket(left=left, at=now, told=self.told and left < pace.burst)


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
    """The pace of typing, the people exempt from it, and those whom the bot ignores."""

    typing: Counts | None
    ignored: Sequence[str] = ()
    spared: frozenset[str] = frozenset()

    @classmethod
    def of(cls, config: Config) -> Limits:
        """Give the limits of the settings; relays are exempt, as they forward the lines of many people."""
        return cls(Counts(config.limit) if config.limit else None, config.ignore, frozenset(map(fold, config.relays)))

    @property
    def counts(self) -> Sequence[Counts]:
        """The counts that a failed transaction restores."""
        return [self.typing] if self.typing else []

    def ignores(self, person: Person) -> bool:
        """True if the bot does not hear this person."""
        return any(is_listed(person, each) for each in self.ignored)

    def spares(self, person: Person) -> bool:
        """True for a relay."""
        return fold(person.account or person.nick) in self.spared

    def admit(self, request: Request) -> Admission:
        """Count a line and decide about it; the time is that of the server, as lines of a gap are read back at once."""
        if self.ignores(request.person):
            return Admission.DROPPED
        if self.typing is None or self.spares(request.person) or request.is_talk:
            return Admission.HEARD
        return self.typing.admit(key_of(request), request.said_at)

    def sentence(self, person: Person) -> str:
        """Give the refusal, which a person who types too fast gets once."""
        pace = self.typing.pace if self.typing else Pace(0, 0)
        return (
            f"{person.nick}: too fast for me, this line and what follows is dropped. Wait a bit, then type it again: "
            f"{pace.burst} lines at once, after that {pace.per_second:g} a second."
        )


def key_of(request: Request) -> Key:
    """Give the key under which the sender of a line is counted."""
    return request.network, request.person.key
