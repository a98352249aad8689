"""Which tasks are to be brought up to date, and when."""

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
EDITS = (IntentKind.TASK, IntentKind.COMMENT, IntentKind.FOLLOW_UP, IntentKind.UPDATE)


@dataclass(frozen=True, kw_only=True)
class Due:
    """An update that is needed: of which task, from when on.

    ``waiting`` is the intent that has to come sooner. ``doubtful`` is one whose outcome has to be known first.
    """

    incident: int
    subject: int
    at: datetime
    to: str
    waiting: Intent | None = None
    doubtful: Intent | None = None


def followed(session: Session) -> Collection[int]:
    """Give the incidents whose tasks were brought up to date before."""
    return sent.incidents_with(session, PRESSING)


def due(session: Session, application: ApplicationContext, number: int, *, now: datetime) -> Sequence[Due]:
    """Give the updates that an incident needs, by the record as it is now."""
    incident = incidents.get(session, number)
    tasks = _tasks(session, number) if incident and _is_told(application, incident) else {}
    if incident is None or not tasks:
        return []
    unsettled = outbox.unsettled(session, number)
    found = occasions(session, number, tasks)
    needed = (
        _due(session, incident, subject, found[subject], unsettled=unsettled, now=now) for subject in sorted(tasks)
    )
    return [each for each in needed if each is not None]


def ask(session: Session, needed: Due, *, now: datetime) -> None:
    """Add the intent of an update, or bring forward the one that waits and the look at one in doubt."""
    if needed.doubtful is not None:
        outbox.set_columns(session, needed.doubtful.id, due_at=min(needed.at, needed.doubtful.due_at))
    if needed.waiting is not None:
        outbox.set_columns(
            session, needed.waiting.id, state=IntentState.WAITING.value, due_at=min(needed.at, needed.waiting.due_at)
        )
        return
    number = outbox.add(
        session,
        number=needed.incident,
        kind=IntentKind.UPDATE,
        at=now,
        search_text=new_search_text(needed.incident),
        subject=needed.subject,
        to=needed.to,
    )
    outbox.set_columns(session, number, due_at=needed.at)


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


def _due(
    session: Session,
    incident: Incident,
    subject: int,
    occasion: Occasion,
    *,
    unsettled: Sequence[Intent],
    now: datetime,
) -> Due | None:
    known = sent.of(session, incident.number, subject)
    if _has(known, PRESSING, occasion.pressing) and _has(known, ORDINARY, occasion.ordinary):
        return None
    pressing = not _has(known, PRESSING, occasion.pressing)
    asked = [each for each in unsettled if each.kind is IntentKind.UPDATE and each.subject == subject]
    unsent = next((each for each in asked if each.sent_at is None), None)
    at = now if pressing else _earliest(session, incident.number, subject, now)
    if unsent is not None and not _comes_too_late(unsent, at, pressing=pressing):
        return None
    doubtful = next((each for each in asked if each.sent_at is not None and each.state in UNDERWAY), None)
    return Due(
        incident=incident.number,
        subject=subject,
        at=at,
        to=incident.channel_name,
        waiting=unsent,
        doubtful=doubtful if pressing else None,
    )


def _comes_too_late(waiting: Intent, at: datetime, *, pressing: bool) -> bool:
    """True if something pressing waits behind the pace of edits, or behind a refusal that it may overcome."""
    if waiting.state is IntentState.REFUSED:
        return pressing
    return pressing and waiting.attempts == 0 and waiting.due_at > at


def _earliest(session: Session, number: int, subject: int, now: datetime) -> datetime:
    last = outbox.last_sent(session, number, subject, EDITS)
    return now if last is None else max(now, last + BETWEEN_UPDATES)


def _has(known: Mapping[str, Sent], name: str, value: str) -> bool:
    """True if an update about this was sent, or is being sent."""
    return name in known and value in (known[name].value, known[name].sending)
