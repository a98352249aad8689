"""Limits how fast a person may type, and drops the lines of people whom the settings ignore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from irscribe.config import Config, Pace
from irscribe.domain.listed import Listed, is_listed
from irscribe.domain.request import LineKind, Person, Request

MANY = 256
"""Most people to keep a count of; beyond that, those whose count is full again are forgotten."""


class Admission(Enum):
    """The decision about a line before it is read."""

    HEARD = auto()
    DROPPED = auto()
    DROPPED_ALOUD = auto()


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The number of lines that a person may still type at once; ``told`` is true after the refusal."""

    pace: Pace
    left: float
    at: datetime
    told: bool = False

    @property
    def is_full(self) -> bool:
        """True if a whole burst may be typed."""
        return self.left >= self.pace.burst

    def filled(self, now: datetime) -> Bucket:
        """Give the bucket at a later moment; once it is full a new burst begins. A clock set back adds nothing."""
        seconds = max(0.0, (now - self.at).total_seconds())
        left = min(float(self.pace.burst), self.left + seconds * self.pace.per_second)
        return replace(self, left=left, at=now, told=self.told and left < self.pace.burst)


@dataclass
class Limits:
    """The pace of a person and of a relay, the relays, those whom the bot ignores, and the count of each person."""

    pace: Pace | None
    relay_pace: Pace | None = None
    ignored: Sequence[Listed] = ()
    relays: Sequence[Listed] = ()
    buckets: Mapping[tuple[str, str], Bucket] = field(default_factory=dict)

    @classmethod
    def of(cls, config: Config) -> Limits:
        """Give the limits of the settings; relays have a larger one, as they forward the lines of many people."""
        return cls(config.limit, config.relay_limit, ignored=config.ignore, relays=config.relays)

    def admit(self, request: Request) -> Admission:
        """Count a line and decide about it; the time is that of the server, as lines of a gap are read back at once."""
        if is_listed(request.person, self.ignored):
            return Admission.DROPPED
        pace = self._pace_of(request.person)
        if pace is None or (request.kind is LineKind.PLAIN and request.channel is not None):
            return Admission.HEARD
        key = request.network, request.person.key
        bucket = self.buckets.get(key, Bucket(pace=pace, left=pace.burst, at=request.said_at)).filled(request.said_at)
        if bucket.left >= 1:
            self._keep(key, replace(bucket, left=bucket.left - 1))
            return Admission.HEARD
        self._keep(key, replace(bucket, told=True))
        return Admission.DROPPED if bucket.told else Admission.DROPPED_ALOUD

    def sentence(self, person: Person) -> str:
        """Give the refusal, which a person who types too fast gets once."""
        pace = self._pace_of(person) or Pace(0, 0)
        return (
            f"{person.nick}: too fast for me, this line and what follows is dropped. Wait a bit, then type it again: "
            f"{pace.burst} lines at once, after that {pace.per_second:g} a second."
        )

    def _pace_of(self, person: Person) -> Pace | None:
        return self.relay_pace if is_listed(person, self.relays) else self.pace

    def _keep(self, key: tuple[str, str], bucket: Bucket) -> None:
        """Keep a bucket in a new mapping, as a failed transaction restores the old one."""
        self.buckets = {**(self.buckets if len(self.buckets) < MANY else self._in_use(bucket.at)), key: bucket}

    def _in_use(self, now: datetime) -> Mapping[tuple[str, str], Bucket]:
        """Give the buckets that are not full again."""
        return {key: each for key, each in self.buckets.items() if not each.filled(now).is_full}
