"""Overviews: what lists, feeds, scorecards and statistics say of an incident, much less than its report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from irscribe.domain.report import (
    AnswerValue,
    DocumentStatus,
    Entry,
    Kind,
    Report,
    State,
    Status,
    Task,
)
from irscribe.render.html import coordinator
from irscribe.render.pieces import paragraphs
from irscribe.render.tidy import tidy
from irscribe.render.wording import said


@dataclass(frozen=True, kw_only=True)
class Said:
    """An entry as lists show it; ``at`` is the time that its author gave it, None if not known."""

    number: int
    at: datetime | None
    recorded_at: datetime
    text: str
    nick: str


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """A follow-up of an incident."""

    number: int
    text: str
    owner: str | None
    due: date | None
    task: Task | None
    done: bool


@dataclass(frozen=True, kw_only=True)
class Scored:
    """The answers to a questionnaire by the number of the question; None is unanswered."""

    version: str
    answers: tuple[tuple[int, AnswerValue | None], ...]
    total: int
    maximum: int
    complete: bool


@dataclass(frozen=True, kw_only=True)
class Overview:
    """An incident in a few lines; ``impact`` is its first paragraph, or that of the summary.

    Durations are whole minutes. ``promised`` is when the next update of an open one is to come.
    """

    number: int
    id: str
    title: str | None
    state: State
    status: Status
    document_status: DocumentStatus
    severity: int | None
    drill: bool
    channel: str
    opened_at: datetime
    closed_at: datetime | None
    start: datetime | None
    end: datetime | None
    outage_minutes: int | None
    open_minutes: int | None
    coordinator: str | None
    promised: datetime | None
    impact: str
    newest: Said | None
    updates: tuple[Said, ...]
    follow_ups: tuple[FollowUp, ...]
    scored: Scored | None

    @property
    def name(self) -> str:
        """The title, or a word where it has none."""
        return self.title or "untitled"

    @property
    def open(self) -> bool:
        """True while the incident goes on."""
        return self.state is State.OPEN

    @property
    def listed(self) -> bool:
        """True if lists, feeds and figures show it: a drill and a cancelled incident have their own page only."""
        return not self.drill and self.state is not State.CANCELLED

    @property
    def last_update(self) -> Said | None:
        """The last status update; None if there is none, or nothing was entered since."""
        last = self.updates[-1] if self.updates else None
        return last if last != self.newest else None

    @property
    def begun_at(self) -> datetime:
        """The moment by which it is sorted: its start, or else its opening."""
        return self.start or self.opened_at


def overview(report: Report, *, promised: datetime | None = None) -> Overview:
    """Take the overview out of a public report; ``promised`` is when the next update is to come."""
    report = tidy(report)
    incident, metadata = report.incident, report.metadata
    newest = max(report.timeline, key=lambda each: (each.recorded_at, each.number), default=None)
    return Overview(
        number=incident.number,
        id=incident.id,
        title=incident.title,
        state=incident.state,
        status=incident.status,
        document_status=incident.document_status,
        severity=incident.severity,
        drill=incident.drill,
        channel=incident.channel,
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
        start=metadata.start,
        end=metadata.end,
        outage_minutes=report.durations.outage_minutes,
        open_minutes=report.durations.open_minutes,
        coordinator=coordinator(report),
        promised=promised if incident.state is State.OPEN else None,
        impact=next(iter(paragraphs(report.impact or report.summary or "")), ""),
        newest=_said(newest) if newest else None,
        updates=tuple(_said(each) for each in report.timeline if each.kind is Kind.STATUS),
        follow_ups=_follow_ups(report),
        scored=_scored(report),
    )


def _said(entry: Entry) -> Said:
    return Said(
        number=entry.number,
        at=entry.at,
        recorded_at=entry.recorded_at,
        text=said(entry),
        nick=entry.author.nick,
    )


def _follow_ups(report: Report) -> tuple[FollowUp, ...]:
    return tuple(
        FollowUp(number=each.number, text=each.text, owner=each.owner, due=each.due, task=each.task, done=each.done)
        for each in report.actionables
    )


def _scored(report: Report) -> Scored | None:
    card = report.scorecard
    if card is None:
        return None
    return Scored(
        version=card.version,
        answers=tuple((each.number, each.answer) for each in card.answers),
        total=card.total,
        maximum=card.maximum,
        complete=card.complete,
    )
