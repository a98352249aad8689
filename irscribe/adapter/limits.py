"""Limits how fast a person may type, and drops the lines of people whom the settings ignore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from irscribe.config import Config, Pace
from irscribe.domain.permission import is_listed
from irscribe.domain.request import LineKind, Person, Request, fold

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

    left: float
    at: datetime
    told: bool = False

    def filled(self, pace: Pace, now: datetime) -> Bucket:
        """Give the bucket at a later moment; once it is full a new burst begins. A clock set back adds nothing."""
        seconds = max(0.0, (now - self.at).total_seconds())
        left = min(float(pace.burst), self.left + seconds * pace.per_second)
        return Bucket(left=left, at=now, told=self.told and left < pace.burst)


@dataclass
class Limits:
    """The pace for everybody, the people exempt from it, those whom the bot ignores, and the count of each person."""

    pace: Pace | None
    ignored: Sequence[str] = ()
    spared: frozenset[str] = frozenset()
    buckets: Mapping[tuple[str, str], Bucket] = field(default_factory=dict)

    @classmethod
    def of(cls, config: Config) -> Limits:
        """Give the limits of the settings; relays are exempt, as they forward the lines of many people."""
        return cls(config.limit, config.ignore, frozenset(map(fold, config.relays)))

    def admit(self, request: Request) -> Admission:
        """Count a line and decide about it; the time is that of the server, as lines of a gap are read back at once."""
        if any(is_listed(request.person, each) for each in self.ignored):
            return Admission.DROPPED
        if self.pace is None or self._spares(request):
            return Admission.HEARD
        key = request.network, request.person.key
        bucket = self.buckets.get(key, Bucket(left=self.pace.burst, at=request.said_at))
        bucket = bucket.filled(self.pace, request.said_at)
        if bucket.left >= 1:
            self._keep(key, replace(bucket, left=bucket.left - 1))
            return Admission.HEARD
        self._keep(key, replace(bucket, told=True))
        return Admission.DROPPED if bucket.told else Admission.DROPPED_ALOUD

    def sentence(self, person: Person) -> str:
        """Give the refusal, which a person who types too fast gets once."""
        pace = self.pace or Pace(0, 0)
        return (
            f"{person.nick}: too fast for me, this line and what follows is dropped. Wait a bit, then type it again: "
            f"{pace.burst} lines at once, after that {pace.per_second:g} a second."
        )

    def _spares(self, request: Request) -> bool:
        """True for a relay, and for what people say to each other."""
        said_to_all = request.kind is LineKind.PLAIN and request.channel is not None
        return said_to_all or fold(request.person.account or request.person.nick) in self.spared

    def _keep(self, key: tuple[str, str], bucket: Bucket) -> None:
        """Keep a bucket in a new mapping, as a failed transaction restores the old one."""
        self.buckets = {**(self.buckets if len(self.buckets) < MANY else self._in_use(bucket.at)), key: bucket}

    def _in_use(self, now: datetime) -> Mapping[tuple[str, str], Bucket]:
        """Give the buckets that are not full again."""
        pace = self.pace or Pace(0, 0)
        return {key: each for key, each in self.buckets.items() if each.filled(pace, now).left < pace.burst}
