"""How much one person may type: who is not heard at all, and who is too fast for now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from irscribe.config import Config, Pace
from irscribe.domain.permission import is_listed
from irscribe.domain.request import LineKind, Person, Request, fold

MANY = 256
"""People kept count of before those who have been quiet are forgotten."""


class Admission(Enum):
    """What becomes of a line before anybody reads it."""

    HEARD = auto()
    DROPPED = auto()
    DROPPED_ALOUD = auto()


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """What somebody may still type at once; ``told`` that they type too fast."""

    left: float
    at: datetime
    told: bool = False

    def filled(self, pace: Pace, now: datetime) -> Bucket:
        """The same at a later moment; once it is full a new burst begins. A clock set back adds nothing."""
        seconds = max(0.0, (now - self.at).total_seconds())
        left = min(float(pace.burst), self.left + seconds * pace.per_second)
        return Bucket(left=left, at=now, told=self.told and left < pace.burst)


@dataclass
class Limits:
    """The pace that holds for everybody, whom it spares, whom the bot ignores; and how much each has typed."""

    pace: Pace | None
    ignored: Sequence[str] = ()
    spared: frozenset[str] = frozenset()
    buckets: Mapping[tuple[str, str], Bucket] = field(default_factory=dict)

    @classmethod
    def of(cls, config: Config) -> Limits:
        """Those of the settings; relays speak for many, so no limit for one holds for them."""
        return cls(config.limit, config.ignore, frozenset(map(fold, config.relays)))

    def admit(self, request: Request) -> Admission:
        """Count a line by when it was said, as missed ones are read back all at once; what becomes of it."""
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
        """What is said once to who is too fast."""
        pace = self.pace or Pace(0, 0)
        return (
            f"{person.nick}: too fast for me, this line and what follows is dropped. Wait a bit, then type it again: "
            f"{pace.burst} lines at once, after that {pace.per_second:g} a second."
        )

    def _spares(self, request: Request) -> bool:
        """What people say to each other has no limit either."""
        said_to_all = request.kind is LineKind.PLAIN and request.channel is not None
        return said_to_all or fold(request.person.account or request.person.nick) in self.spared

    def _keep(self, key: tuple[str, str], bucket: Bucket) -> None:
        """Keep a bucket, in a mapping of its own: an older one may be gone back to."""
        self.buckets = {**(self.buckets if len(self.buckets) < MANY else self._in_use(bucket.at)), key: bucket}

    def _in_use(self, now: datetime) -> Mapping[tuple[str, str], Bucket]:
        """The buckets that are not full again."""
        pace = self.pace or Pace(0, 0)
        return {key: each for key, each in self.buckets.items() if each.filled(pace, now).left < pace.burst}
