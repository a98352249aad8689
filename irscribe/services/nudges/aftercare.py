"""The work that is left after a close: the scorecard, the document, the follow-ups; by whom, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.duration import spell_minutes
from irscribe.domain.nudges import Kind, Nudge, Nudges
from irscribe.domain.prose import listing
from irscribe.domain.record import Incident, Point
from irscribe.domain.report import DocumentStatus
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.working_hours import WorkingHours
from irscribe.services.context.application import ApplicationContext
from irscribe.services.nudges.facts import coordinator_of
from irscribe.services.nudges.unasked_lines import named
from irscribe.services.report.assembly import scorecard_of
from models import Session, parts, persons, team
from models.nudges import Closed

UNDONE_LATER = 15 / 7
"""A follow-up is to be done after so many times the delay after which it is to have an owner: 30 days and 14."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """A person who has something left to do; ``person`` is None for an owner whom the bot knows by name only."""

    name: str
    person: int | None


@dataclass(frozen=True, kw_only=True)
class Remaining:
    """Something left to do: by whom, the nudges that say so, since when they are due, and the words."""

    incident: Incident
    by: Somebody
    nudges: tuple[Nudge, ...]
    due_at: datetime
    text: Speech


@dataclass(frozen=True, kw_only=True)
class Care:
    """A closed incident, and what was said about it since."""

    session: Session
    application: ApplicationContext
    incident: Incident
    closed: Closed
    given: Mapping[Nudge, datetime]
    casemapping: CaseMapping
    now: datetime

    @property
    def delays(self) -> Nudges:
        """The settings."""
        return self.application.config.nudges

    @property
    def hours(self) -> WorkingHours | None:
        """The working hours; None if people may be reminded at any time."""
        return self.delays.working_hours

    @cached_property
    def carer(self) -> Somebody:
        """The coordinator, else the person who closed the incident."""
        serving = coordinator_of(self.session, self.incident.number)
        person = serving.term.person if serving else None
        number = self.closed.person if person is None else person
        return Somebody(name=persons.nick_of(self.session, number), person=number)

    def working(self, at: datetime) -> datetime:
        """Give this moment, or the next one within working hours."""
        return at if self.hours is None else self.hours.next(at)

    def has_come(self, at: datetime) -> bool:
        """True if this moment is over."""
        return at <= self.now


def remaining(care: Care) -> Iterator[Remaining]:
    """Give what is left to do about an incident and due, for which no nudge was given."""
    yield from _scorecard(care)
    yield from _document(care)
    if care.delays.followups is not None and care.has_come(care.closed.since + care.delays.followups):
        actions = [
            each
            for each in parts.points(care.session, care.incident.number, "action")
            if each.parent is None and not each.done
        ]
        yield from _unowned(care, actions, care.delays.followups)
        yield from _undone(care, actions, care.delays.followups * UNDONE_LATER)


def _scorecard(care: Care) -> Iterator[Remaining]:
    """After a close outside working hours nobody was asked yet: that is due the next morning."""
    delay, nudge = care.delays.scorecard, Nudge(Kind.SCORECARD)
    if delay is None or nudge in care.given or care.incident.document_status is DocumentStatus.FINAL:
        return
    since = care.closed.since
    was_put_off = care.hours is not None and not care.hours.includes(since)
    due_at = care.working(since if was_put_off else since + delay)
    if not care.has_come(due_at) or _has_scorecard(care):
        return
    name, number = _names(care)
    text = sentence("the scorecard of {} is not finished: {ir} @{} score asks it", name, number)
    yield _left(care, care.carer, (nudge,), due_at, text)


def _has_scorecard(care: Care) -> bool:
    card = scorecard_of(care.session, care.application, care.incident)
    return card is not None and card.complete


def _document(care: Care) -> Iterator[Remaining]:
    delay, nudge = care.delays.document, Nudge(Kind.DOCUMENT)
    if delay is None or nudge in care.given or care.incident.document_status is not DocumentStatus.DRAFT:
        return
    due_at = care.working(care.closed.since + delay)
    if not care.has_come(due_at):
        return
    name, number = _names(care)
    text = sentence("the report of {} is still a draft: {ir} @{} missing says what it lacks", name, number)
    yield _left(care, care.carer, (nudge,), due_at, text)


def _unowned(care: Care, actions: Sequence[Point], delay: timedelta) -> Iterator[Remaining]:
    loose = [each.number for each in actions if not each.owner and not each.task]
    numbers = [each for each in loose if Nudge(Kind.UNOWNED, each) not in care.given]
    due_at = care.working(care.closed.since + delay)
    if numbers and care.has_come(due_at):
        name, number = _names(care)
        text = sentence(
            "{} of {} {} neither owner nor task: {ir} @{} action {} assign NAME",
            _follow_ups(numbers),
            name,
            "has" if len(numbers) == 1 else "have",
            number,
            numbers[0],
        )
        given = tuple(Nudge(Kind.UNOWNED, each) for each in numbers)
        yield _left(care, care.carer, given, due_at, text)


def _undone(care: Care, actions: Sequence[Point], delay: timedelta) -> Iterator[Remaining]:
    """Remind each owner of what is open for so long, and not before the day by which it is due."""
    open_still = [each for each in actions if Nudge(Kind.UNDONE, each.number) not in care.given]
    fold = care.casemapping.fold
    for owner in dict.fromkeys(fold(each.owner or "") for each in open_still):
        own = [each for each in open_still if fold(each.owner or "") == owner]
        for due_at in sorted(filter(care.has_come, {_due_at(care, each, delay) for each in own})):
            some = [each.number for each in own if _due_at(care, each, delay) == due_at]
            name, number = _names(care)
            age = spell_minutes((due_at - care.closed.since) // MINUTE)
            text = sentence(
                "{} of {} {} open after {}: {ir} @{} action done {}",
                _follow_ups(some),
                name,
                "is" if len(some) == 1 else "are",
                age,
                number,
                some[0],
            )
            by = _owner(care, own[0].owner) if own[0].owner else care.carer
            yield _left(care, by, tuple(Nudge(Kind.UNDONE, each) for each in some), due_at, text)


def _due_at(care: Care, point: Point, delay: timedelta) -> datetime:
    old_enough = care.closed.since + delay
    by_day = datetime.combine(point.due, time(), tzinfo=UTC) + timedelta(days=1) if point.due else old_enough
    return care.working(max(old_enough, by_day))


def _owner(care: Care, name: str) -> Somebody:
    """Find the person on the list of responders who has this name."""
    fold = care.casemapping.fold
    for each in team.responders(care.session, care.incident.number):
        if fold(name) in {fold(known) for known in (each.name, each.nick, each.account) if known}:
            return Somebody(name=name, person=each.person)
    return Somebody(name=name, person=None)


def _left(care: Care, by: Somebody, given: tuple[Nudge, ...], due_at: datetime, text: Speech) -> Remaining:
    return Remaining(incident=care.incident, by=by, nudges=given, due_at=due_at, text=text)


def _names(care: Care) -> tuple[str, int]:
    return named(care.incident), care.incident.number


def _follow_ups(numbers: Sequence[int]) -> str:
    return f"follow-up{'' if len(numbers) == 1 else 's'} {listing([str(each) for each in numbers])}"
