"""The values that are read from the database: the record as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from irscribe.domain.moment import Moment
from irscribe.domain.report import DocumentStatus, Kind, Marker, State, Status


@dataclass(frozen=True, kw_only=True)
class Incident:
    """The head of an incident's record; ``channel`` is folded, ``channel_name`` is as spelled.

    ``entries`` is the number of the last entry; ``open_here`` is the number of incidents open in the channel.
    """

    number: int
    network: str
    channel: str
    channel_name: str
    opener: int | None
    title: str | None
    state: State
    status: Status
    document_status: DocumentStatus
    severity: int | None
    private: bool
    drill: bool
    retrospective: bool
    opened_at: datetime
    closed_at: datetime | None
    start: datetime | None
    end: datetime | None
    questionnaire: str | None
    entries: int
    open_here: int

    @property
    def open(self) -> bool:
        """True while the incident goes on."""
        return self.state is State.OPEN

    @property
    def live(self) -> bool:
        """True if notes are typed as things happen, so that a bare time means the latest such moment."""
        return self.open and not self.retrospective

    @property
    def name(self) -> str:
        """The number and the title, as a sentence names the incident."""
        return f"{self.number} “{self.title}”" if self.title else f"{self.number} (untitled)"


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of an entry: its author, the time it was made, and its content."""

    number: int
    version: int
    person: int | None
    nick: str
    made_at: datetime
    moment: Moment
    text: str
    speaker: str | None
    kind: Kind
    marker: Marker | None
    struck: str | None
    redacted: str | None

    @property
    def standing(self) -> bool:
        """True if the report shows it."""
        return self.struck is None and self.redacted is None


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An entry: its first author, the time it was recorded, and its current version."""

    person: int | None
    nick: str
    account: str | None
    recorded_at: datetime
    current: Version


@dataclass(frozen=True, kw_only=True)
class Point:
    """A bullet of a section, an actionable, a link or the like; ``parent`` is the number of the bullet above it.

    ``label`` is the name of a figure, the tag of a factor, the heading of a text that has no place.
    """

    section: str
    number: int
    parent: int | None
    text: str
    url: str | None
    task: str | None
    task_title: str | None
    task_status: str | None
    owner: str | None
    done: bool
    dropped: bool
    due: date | None
    label: str | None


@dataclass(frozen=True, kw_only=True)
class ListedResponder:
    """A person on the list of responders.

    ``added`` is the order in which people were added by name to a retrospective incident. One who is ``granted`` may
    change the work of others.
    """

    number: int
    added: int | None
    person: int | None
    name: str
    nick: str | None
    account: str | None
    focus: str | None
    joined_at: datetime | None
    left_at: datetime | None
    granted: bool


@dataclass(frozen=True, kw_only=True)
class Term:
    """One person's time as coordinator or in another role.

    ``since`` is None where it is not known. ``until`` is None for whoever has the role now, and for somebody before
    them whose end is not known.
    """

    number: int
    role: str
    person: int | None
    name: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A stored scorecard answer; ``answer`` is None while only a suggestion is known."""

    number: int
    answer: str | None
    notes: str
    suggested: str | None
    evidence: str | None


@dataclass(frozen=True, kw_only=True)
class Dialogue:
    """The question that a person is being asked in private."""

    person: int
    incident: int
    question: int


@dataclass(frozen=True, kw_only=True)
class RetainedLine:
    """A retained line, with its sender and its times."""

    id: int
    person: int
    nick: str
    user: str
    host: str
    account: str | None
    said_at: datetime
    heard_at: datetime
    kind: str
    body: str
    disposition: str


@dataclass(frozen=True, kw_only=True)
class SentPage:
    """The wiki page of an incident as the bot last left it, at ``sent_at``, with the number of that revision.

    ``digest`` is that of the whole text, empty if it holds people's words; ``parts`` are the digests of the bot's own
    parts by name (see ``pageparts``).
    """

    title: str
    revision: int
    digest: str
    parts: Mapping[str, str]
    sent_at: datetime
