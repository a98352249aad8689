"""Decides which tasks are to be brought up to date, and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from irscribe.domain.intent import UNDERWAY, Intent, IntentKind, IntentState, new_search_text
from irscribe.domain.record import Incident
from irscribe.domain.taskfields import Sent
from irscribe.services.context.application import ApplicationContext
from irscribe.services.filing.occasion import ORDINARY, PRESSING, Occasion, occasions
from models import Session, incidents, outbox, parts, sent
from models.visibility import is_public

BETWEEN_UPDATES = timedelta(minutes=5)
"""The least time between two edits of a task, unless the second one is pressing."""
ASKED = "asked"
"""The name under which the record keeps the occasion that there was when an update was last asked for."""
EDITS = (IntentKind.TASK, IntentKind.COMMENT, IntentKind.FOLLOW_UP, IntentKind.UPDATE)


@dataclass(frozen=True, kw_only=True)
class Due:
    """An update that is needed: of which task, from when on, on which ``occasion``.

    ``waiting`` is the intent that has to come sooner. ``doubtful`` is one whose outcome has to be known first.
    ``presses`` is true if something pressing has happened, so that another failure is said once more.
    """

    incident: int
    subject: int
    at: datetime
    to: str
    occasion: Occasion
    waiting: Intent | None = None
    doubtful: Intent | None = None
    presses: bool = False


def followed(session: Session) -> Collection[int]:
    """Give the incidents whose tasks were brought up to date before."""
    return sent.incidents_with(session, PRESSING)


def due(session: Session, application: ApplicationContext, number: int, *, now: datetime) -> Sequence[Due]:
    """Give the updates that an incident needs, by the record as it is now."""
    incident = incidents.get(session, number)
    tasks = _tasks(session, number) if incident and _is_told(application, incident) else {}
    if incident is None or not tasks:
        return []
    unsettled, written = outbox.unsettled(session, number), sent.of_all(session, number)
    compared = [
        _Compared(
            subject=subject,
            known=written.get(subject, {}),
            occasion=occasion,
            asked=[each for each in unsettled if each.kind is IntentKind.UPDATE and each.subject == subject],
        )
        for subject, occasion in sorted(occasions(session, number, tasks).items())
    ]
    needed = [_due(session, incident, each, now) for each in compared if not each.is_told or each.was_refused_before]
    return [each for each in needed if each is not None]


def ask(session: Session, needed: Due, *, now: datetime) -> None:
    """Add the intent of an update, or bring forward the one that waits and the look at one in doubt."""
    sent.put(session, needed.incident, needed.subject, ASKED, _spelled(needed.occasion))
    if needed.doubtful is not None:
        outbox.set_columns(session, needed.doubtful.id, due_at=min(needed.at, needed.doubtful.due_at))
    if needed.waiting is not None:
        told = needed.waiting.told and not needed.presses
        outbox.set_columns(session, needed.waiting.id, state=IntentState.WAITING.value, due_at=needed.at, told=told)
        return
    outbox.add(
        session,
        number=needed.incident,
        kind=IntentKind.UPDATE,
        at=now,
        search_text=new_search_text(needed.incident),
        subject=needed.subject,
        to=needed.to,
        due_at=needed.at,
    )


def _is_told(application: ApplicationContext, incident: Incident) -> bool:
    """True if tasks may be told of an incident: a private one only where the settings say who sees them."""
    settings = application.config.phabricator
    return settings.token is not None and (is_public(incident) or bool(settings.private_policy))


def _tasks(session: Session, number: int) -> Mapping[int, str]:
    """Give the tasks that the bot has written to and that are still the incident's, by subject."""
    known = parts.fields(session, number)
    tasks = {0: known["filed"]} if "filed" in known and known["filed"] == known.get("task") else {}
    written = sent.tasks(session, number)
    for point in parts.points(session, number, "action") if written.keys() - {0} else ():
        if point.task is not None and written.get(point.number) == point.task:
            tasks[point.number] = point.task
    return tasks


@dataclass(frozen=True, kw_only=True)
class _Compared:
    """A task, what it was told, what an update would be about now, and the updates that were asked for."""

    subject: int
    known: Mapping[str, Sent]
    occasion: Occasion
    asked: Sequence[Intent]

    @property
    def is_told(self) -> bool:
        """True if nothing has happened since."""
        return not self.is_pressing and self._has(ORDINARY, self.occasion.ordinary)

    @property
    def is_pressing(self) -> bool:
        """True if what has happened does not wait."""
        return not self._has(PRESSING, self.occasion.pressing)

    @property
    def was_refused_before(self) -> bool:
        """True if an update was refused, and something has happened since."""
        refused = any(each.state is IntentState.REFUSED and each.sent_at is None for each in self.asked)
        return refused and self._was_asked_before != _spelled(self.occasion)

    @property
    def presses_anew(self) -> bool:
        """True if something pressing has happened since an update was last asked for."""
        return self._was_asked_before.partition(" ")[0] != self.occasion.pressing

    @property
    def _was_asked_before(self) -> str:
        asked = self.known.get(ASKED)
        return (asked.value or "") if asked else ""

    def _has(self, name: str, value: str) -> bool:
        """True if an update about this was sent, or is being sent."""
        return name in self.known and value in (self.known[name].value, self.known[name].sending)


def _due(session: Session, incident: Incident, task: _Compared, now: datetime) -> Due | None:
    unsent = next((each for each in task.asked if each.sent_at is None), None)
    doubtful = next((each for each in task.asked if each.sent_at is not None and each.state in UNDERWAY), None)
    if unsent is not None and not _comes_too_late(task, unsent, now):
        return None
    presses = task.is_pressing or (unsent is not None and task.presses_anew)
    return Due(
        incident=incident.number,
        subject=task.subject,
        at=now if presses else _earliest(session, incident.number, task.subject, now, refused=unsent),
        to=incident.channel_name,
        occasion=task.occasion,
        waiting=unsent,
        doubtful=doubtful if task.is_pressing else None,
        presses=task.presses_anew,
    )


def _comes_too_late(task: _Compared, waiting: Intent, now: datetime) -> bool:
    """True if something waits behind a refusal that it may overcome, or presses behind a wait that was not for it."""
    if waiting.state is IntentState.REFUSED:
        return task.was_refused_before
    return waiting.due_at > now and task.is_pressing and (waiting.attempts == 0 or task.presses_anew)


def _spelled(occasion: Occasion) -> str:
    return f"{occasion.pressing} {occasion.ordinary}"


def _earliest(session: Session, number: int, subject: int, now: datetime, *, refused: Intent | None) -> datetime:
    """Give the earliest time for an update that does not press, and may have been refused before."""
    sent_at = outbox.last_sent(session, number, subject, EDITS)
    before = [each for each in (sent_at, refused.due_at if refused else None) if each is not None]
    return max([now, *(each + BETWEEN_UPDATES for each in before)])
