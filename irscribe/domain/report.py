"""The report: one value that every format is a rendering of (``irscribe.report/2``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from irscribe.domain.moment import Precision
from irscribe.domain.reportparts import Alert, Factor, Figure, Relation, RoleTerm, Theory, Unplaced

SCHEMA = "irscribe.report/2"


class State(StrEnum):
    """The state of an incident's record."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Status(StrEnum):
    """The state of the work on an incident."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class DocumentStatus(StrEnum):
    """The state of the written report."""

    DRAFT = "draft"
    REVIEW = "review"
    FINAL = "final"


class Kind(StrEnum):
    """The kind of an entry."""

    NOTE = "note"
    STATUS = "status"
    OUTAGE = "outage"
    ROLE = "role"
    LIFECYCLE = "lifecycle"
    DECISION = "decision"
    ALERT = "alert"
    QUOTE = "quote"
    THEORY = "theory"


class MarkerKind(StrEnum):
    """The end of an outage at which a marker stands."""

    BEGINS = "begins"
    ENDS = "ends"


class Role(StrEnum):
    """The role of a responder in the incident."""

    COORDINATOR = "coordinator"
    RESPONDER = "responder"


class AnswerValue(StrEnum):
    """A scorecard answer; unanswered is None."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "n/a"


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task; ``url`` is None where no task server is set, title and status until it has been asked."""

    id: str
    url: str | None
    title: str | None = None
    status: str | None = None


@dataclass(frozen=True, kw_only=True)
class Author:
    """The person who typed an entry."""

    nick: str
    account: str | None


@dataclass(frozen=True, kw_only=True)
class Marker:
    """The marker of an entry: ``phrase`` is the part of its text, ``scope`` is None for everything."""

    kind: MarkerKind
    phrase: str
    scope: str | None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the timeline, in its current version."""

    number: int
    at: datetime | None
    until: datetime | None
    precision: Precision
    approximate: bool
    text: str
    speaker: str | None
    author: Author
    marker: Marker | None
    recorded_at: datetime
    kind: Kind
    version: int


@dataclass(frozen=True, kw_only=True)
class IncidentFacts:
    """The head of the report."""

    number: int
    id: str
    title: str | None
    state: State
    status: Status
    document_status: DocumentStatus
    severity: int | None
    private: bool
    drill: bool
    channel: str
    network: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PeoplePaged:
    """The people paged: ``text`` as typed (``35 (batphone)``), ``count`` is its leading number."""

    count: int | None
    text: str | None


@dataclass(frozen=True, kw_only=True)
class Responder:
    """A person who worked on the incident."""

    name: str
    nick: str | None
    account: str | None
    role: Role
    focus: str | None
    joined_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The facts of the metadata table; ``start`` and ``end`` are as set or derived, ``page`` is that on the wiki."""

    task: Task | None
    people_paged: PeoplePaged
    responders: tuple[Responder, ...]
    others: str | None
    coordinators: tuple[str, ...]
    start: datetime | None
    end: datetime | None
    metrics: str | None
    page: str | None = None


@dataclass(frozen=True, kw_only=True)
class Outage:
    """The time between two markers; ``ends`` is None while the outage lasts."""

    begins: datetime
    ends: datetime | None
    scope: str | None
    minutes: int | None


@dataclass(frozen=True, kw_only=True)
class Durations:
    """The durations in whole minutes, rounded down; None while not known."""

    outage_minutes: int | None
    outages: tuple[Outage, ...]
    to_first_entry_minutes: int | None
    open_minutes: int | None


@dataclass(frozen=True, kw_only=True)
class Item:
    """A bullet with its sub-bullets."""

    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Conclusions:
    """The conclusions of the people involved."""

    went_well: tuple[Item, ...]
    went_poorly: tuple[Item, ...]
    got_lucky: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Link:
    """A page worth reading with the report."""

    url: str
    title: str | None


@dataclass(frozen=True, kw_only=True)
class Actionable:
    """A follow-up; its number never changes within the incident."""

    number: int
    text: str
    task: Task | None
    owner: str | None
    done: bool
    due: date | None = None
    """The day by which it is to be done."""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """The answer that the record supports, and the reason."""

    answer: AnswerValue
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One scorecard row; ``score`` is None while unanswered."""

    number: int
    category: str
    question: str
    answer: AnswerValue | None
    score: int | None
    notes: str
    suggested: Suggestion | None


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """The scorecard; it is ``complete`` when every question has an answer."""

    version: str
    answers: tuple[Answer, ...]
    total: int
    maximum: int
    complete: bool


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A time in which the bot did not hear the channel (``from`` and ``until`` in JSON)."""

    begins: datetime
    ends: datetime | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole content of a report; the same record gives the same value."""

    incident: IncidentFacts
    metadata: Metadata
    durations: Durations
    summary: str | None
    impact: str | None
    detection: str | None
    timeline: tuple[Entry, ...]
    conclusions: Conclusions
    links: tuple[Link, ...]
    actionables: tuple[Actionable, ...]
    scorecard: Scorecard | None
    gaps: tuple[Gap, ...]
    alerts: tuple[Alert, ...] = ()
    theories: tuple[Theory, ...] = ()
    roles: tuple[RoleTerm, ...] = ()
    impact_figures: tuple[Figure, ...] = ()
    components: tuple[str, ...] = ()
    factors: tuple[Factor, ...] = ()
    related: tuple[Relation, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
