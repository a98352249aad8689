"""Parts of the report: alerts, theories, roles, figures, factors, related incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TheoryState(StrEnum):
    """The standing of a theory by now."""

    OPEN = "open"
    LIKELY = "likely"
    CONFIRMED = "confirmed"
    RULED_OUT = "ruled out"


class RelationKind(StrEnum):
    """The relation between two incidents."""

    SAME = "same"
    REPEAT = "repeat"
    DUPLICATE = "duplicate"
    MERGED = "merged"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """An alert of the incident; ``over_at`` is the time at which it was said to be over."""

    name: str
    source: str
    first_at: datetime
    last_at: datetime
    count: int
    over_at: datetime | None
    paged: bool


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A judgement of a theory; ``entry`` is the number of the entry that says it."""

    state: TheoryState
    why: str | None
    entry: int


@dataclass(frozen=True, kw_only=True)
class Theory:
    """A suspected cause, in the entry of that number; state and reason are those of the last judgement."""

    number: int
    text: str
    state: TheoryState
    why: str | None
    entry: int
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, kw_only=True)
class RoleTerm:
    """One person's time in a role (``from`` and ``until`` in JSON); None for a time that is not known, or not over."""

    role: str
    name: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure of the impact: ``text`` as typed (``3.4M``), ``value`` as a number."""

    name: str
    value: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Factor:
    """A factor that contributed to the incident, with a tag for its kind."""

    text: str
    tag: str | None


@dataclass(frozen=True, kw_only=True)
class Relation:
    """Another incident, by its number, that this one has to do with."""

    number: int
    kind: RelationKind


@dataclass(frozen=True, kw_only=True)
class Unplaced:
    """A text of a page that was read in, for which the report has no place."""

    heading: str | None
    text: str
