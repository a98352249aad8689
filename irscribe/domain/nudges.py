"""Nudges: the reminders that the bot gives unasked, and the rules that say when each one is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from irscribe.domain.report import Status
from irscribe.domain.working_hours import WorkingHours

ROUNDS = 3
"""The most times that an update is asked for; each time the silence before it is twice as long."""
THEN_IN_CHANNEL = timedelta(minutes=15)
"""The time between asking the coordinator for an update in private and asking in the channel."""
SECOND_TIME = 3
"""The second time, a coordinator is asked for after so many times the delay of the first."""
MOST_SEVERE = 1
"""The severity at which an update is asked for after half the time."""
FEWEST_ACTIVE = 2
"""So many people have to be active for a coordinator to be asked for."""


class Kind(StrEnum):
    """The kind of a nudge."""

    COORDINATOR = "coordinator"
    UPDATE = "update"
    COORDINATOR_GONE = "coordinator_gone"
    IMPACT = "impact"
    CLOSE = "close"
    QUIET = "quiet"
    SCORECARD = "scorecard"
    DOCUMENT = "document"
    UNOWNED = "unowned"
    UNDONE = "undone"


@dataclass(frozen=True)
class Nudge:
    """One nudge of an incident, which is given at most once.

    ``number`` tells those of a kind apart: the first and second one about the coordinator; of updates the odd ones are
    private, each followed by an even one in the channel; for ``COORDINATOR_GONE`` it is the number of the term, for
    ``UNOWNED`` and ``UNDONE`` that of the follow-up.
    """

    kind: Kind
    number: int = 1

    @property
    def is_private(self) -> bool:
        """True if it is for the coordinator alone, as long as they can be reached."""
        return self.kind is Kind.QUIET or (self.kind is Kind.UPDATE and self.number % 2 == 1)


@dataclass(frozen=True, kw_only=True)
class Nudges:
    """The settings: the delay of each nudge, None for never; no working hours means at any time."""

    coordinator: timedelta | None = timedelta(minutes=10)
    update: timedelta | None = timedelta(minutes=30)
    coordinator_gone: timedelta | None = timedelta(minutes=10)
    impact: timedelta | None = timedelta(minutes=5)
    close: timedelta | None = timedelta(minutes=30)
    quiet: timedelta | None = timedelta(hours=4)
    scorecard: timedelta | None = timedelta(days=1)
    document: timedelta | None = timedelta(days=7)
    followups: timedelta | None = timedelta(days=14)
    working_hours: WorkingHours | None = None
    aftercare_channel: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The facts about an open incident on which its nudges depend.

    ``uncoordinated_since`` is None while there is a coordinator, and where it was said that there is none; ``term`` is
    the number of the coordinator's term. ``last_note`` is the latest of the opening, the notes and the updates.
    ``said`` holds the nudges given, with their times.
    """

    status: Status
    status_since: datetime
    severity: int | None
    uncoordinated_since: datetime | None
    active: int
    term: int
    gone_since: datetime | None
    last_note: datetime
    promised: datetime | None
    has_impact: bool
    last_human_line: datetime
    said: Mapping[Nudge, datetime]


def due(facts: Facts, delays: Nudges, now: datetime) -> tuple[Nudge, ...]:
    """Give the nudges of an open incident that are due and were not given, the most urgent kind first."""
    planned = [
        *_about_coordinator(facts, delays.coordinator),
        *_once(Kind.COORDINATOR_GONE, facts.gone_since, delays.coordinator_gone, number=facts.term),
        *_about_updates(facts, delays.update),
        *_once(Kind.IMPACT, _monitored_without_impact(facts), delays.impact),
        *_once(Kind.CLOSE, facts.status_since if facts.status is Status.RESOLVED else None, delays.close),
        *_once(Kind.QUIET, facts.last_human_line, delays.quiet),
    ]
    return tuple(nudge for nudge, at in planned if at <= now and nudge not in facts.said)


def _once(
    kind: Kind, since: datetime | None, delay: timedelta | None, *, number: int = 1
) -> Iterator[tuple[Nudge, datetime]]:
    if since is not None and delay is not None:
        yield Nudge(kind, number), since + delay


def _about_coordinator(facts: Facts, delay: timedelta | None) -> Iterator[tuple[Nudge, datetime]]:
    since = facts.uncoordinated_since
    if since is None or delay is None or facts.active < FEWEST_ACTIVE:
        return
    yield Nudge(Kind.COORDINATOR, 1), since + delay
    yield Nudge(Kind.COORDINATOR, 2), since + SECOND_TIME * delay


def _about_updates(facts: Facts, delay: timedelta | None) -> Iterator[tuple[Nudge, datetime]]:
    """Plan to ask for an update, in private and then in the channel, after so much silence, then twice as much.

    The silence ends with a note; a promise lets the first silence end at the promised moment.
    """
    if delay is None or facts.status is Status.RESOLVED:
        return
    silence = delay / 2 if facts.severity == MOST_SEVERE else delay
    since = facts.last_note if facts.promised is None else max(facts.last_note, facts.promised - silence)
    for number in range(1, 2 * ROUNDS, 2):
        private, public = Nudge(Kind.UPDATE, number), Nudge(Kind.UPDATE, number + 1)
        yield private, since + silence
        # A note that came after the private line has answered it.
        if facts.said.get(private, since) >= facts.last_note:
            yield public, since + silence + THEN_IN_CHANNEL
        silence *= 2


def _monitored_without_impact(facts: Facts) -> datetime | None:
    return facts.status_since if facts.status is Status.MONITORING and not facts.has_impact else None
