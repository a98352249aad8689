"""The tasks of follow-ups: filed under the incident's task, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.prose import listing, plural, without_ping
from irscribe.domain.report import Actionable
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.domain.tasks import name_of, number_of
from irscribe.domain.text import clean
from irscribe.integrations.tasks import FiledTask, TaskDraft, TaskState
from irscribe.services.filing import phabricator_names, task_fields
from irscribe.services.filing.attempt import Attempt, Delivery, Prepared
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.doubles import Double, doubles_of, record_doubles
from irscribe.services.filing.incident_task import first_sent, look_for_task
from irscribe.services.filing.summary import OWNERLESS
from irscribe.services.filing.task_titles import forget_titles
from models import Session, parts, sent
from models.visibility import is_public


def _prepare(attempt: Attempt, clients: Clients) -> Prepared:
    server = clients.phabricator()
    point, policy = _actionable(attempt), phabricator_names.policy_for(server, attempt)
    if point.task is not None:
        raise ServiceRefusedError(f"It was given the task {point.task.url} meanwhile.")
    wanted = task_fields.of_followup(server, attempt, point, search_text=attempt.intent.search_text)
    draft = TaskDraft(
        title=wanted.title,
        description=wanted.description,
        priority=wanted.priority_keyword,
        projects=task_fields.tags_of(server, attempt, followup=True),
        owner=wanted.owner,
        parent=phabricator_names.there(server, number_of(attempt.required_task.id)).phid,
        view=policy,
        edit=policy,
    )
    sending = (*first_sent(wanted, policy=policy), *attempt.occasion.sending)
    return Prepared(text=draft.description, send=lambda: server.create_task(draft), sending=sending)


def _record_filed(session: Session, attempt: Attempt, filed: FiledTask) -> Speech:
    number, subject = name_of(filed.number), attempt.intent.subject
    values = {"task": number, "task_title": None, "task_status": None}
    parts.set_point(session, attempt.audit, "action", subject, values=values)
    sent.confirm(session, attempt.intent.incident, subject)
    sent.name_task(session, attempt.intent.incident, subject, number)
    unknown = sent.unknown_owners(session, attempt.intent.incident).get(subject)
    nobody = f", {OWNERLESS}: the server knows no {without_ping(unknown)}" if unknown else ""
    return f"The task of actionable {subject} of {attempt.intent.incident} is {filed.url}{nobody}"


def _find_nothing(_attempt: Attempt, _clients: Clients) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The tasks asked for, the states of those that the server shows, and further tasks that nobody was told of."""

    asked: tuple[int, ...]
    states: Mapping[int, TaskState]
    doubles: tuple[Double, ...]


def _prepare_reading(attempt: Attempt, clients: Clients) -> Prepared:
    server = clients.phabricator()
    known = [attempt.report.metadata.task, *(each.task for each in attempt.report.actionables)]
    asked = tuple(sorted({number_of(task.id) for task in known if task}))
    doubles = doubles_of(server, attempt, bot=server.whoami().phid)
    return Prepared(text="", send=lambda: Reading(asked=asked, states=server.tasks(asked), doubles=doubles))


def _record_read(session: Session, attempt: Attempt, read: Reading) -> Speech:
    """Record the states of the tasks, but no title after a redaction of one: the task may still have that title."""
    _record_states(session, attempt, read.states)
    forget_titles(session, attempt.application, _hidden(read), at=attempt.at)
    said = [_told(attempt, read), record_doubles(session, attempt, read.doubles)]
    return joined(" ", [each for each in said if each])


def _record_states(session: Session, attempt: Attempt, states: Mapping[int, TaskState]) -> None:
    shown = {number: state for number, state in states.items() if _may_be_named(attempt, state)}
    own = shown.get(number_of(attempt.task.id)) if attempt.task else None
    if own is not None:
        if f"{parts.REDACTED}title" not in parts.fields(session, attempt.intent.incident):
            parts.set_field(session, attempt.audit, "task_title", clean(own.title))
        parts.set_field(session, attempt.audit, "task_status", own.status_name)
    tasks = {each.number: each.task for each in parts.points(session, attempt.intent.incident, "action")}
    for point in attempt.report.actionables:
        task = point.task
        state = shown.get(number_of(task.id)) if task and tasks.get(point.number) == task.id else None
        if state is not None:
            parts.set_point(session, attempt.audit, "action", point.number, values=_values(attempt, point, state))


def _hidden(read: Reading) -> list[str]:
    """Give the tasks that not everybody sees, or not even the bot."""
    open_ = [number for number, state in read.states.items() if state.view in phabricator_names.OPEN_POLICIES]
    return [name_of(number) for number in read.asked if number not in open_]


def _told(attempt: Attempt, read: Reading) -> Speech:
    hidden = sum(not _may_be_named(attempt, state) for state in read.states.values())
    few_eyes = f" ({hidden} for few eyes only: not taken in, nor any title read before)" if hidden else ""
    absent = listing([name_of(number) for number in read.asked if number not in read.states])
    missing = f"; {absent}: not there, or hidden from the bot" if absent else ""
    return sentence(
        "Incident {}: read back {} of {}{}{}. {ir} actions shows what became of them.",
        attempt.intent.incident,
        len(read.states),
        plural(len(read.asked), "task"),
        few_eyes,
        missing,
    )


def _may_be_named(attempt: Attempt, state: TaskState) -> bool:
    """True if the report may name the task's title: more people may read the report than the task."""
    return not is_public(attempt.report.incident) or state.view in phabricator_names.OPEN_POLICIES


def _values(attempt: Attempt, point: Actionable, state: TaskState) -> dict[str, Any]:
    return {
        "task_title": clean(state.title),
        "task_status": state.status_name,
        "owner": _owner(attempt, point.owner, state.owner),
        "done": point.done or state.closed,
    }


def _owner(attempt: Attempt, typed: str | None, read: str | None) -> str | None:
    """Give the name that the owner of the task has on IRC."""
    if read is None or (typed and phabricator_names.username(attempt, typed).casefold() == read.casefold()):
        return typed
    here = {theirs.casefold(): ours for ours, theirs in attempt.application.config.phabricator.people.items()}
    return here.get(read.casefold(), read)


def _actionable(attempt: Attempt) -> Actionable:
    for each in attempt.report.actionables:
        if each.number == attempt.intent.subject:
            return each
    raise ServiceRefusedError(f"Actionable {attempt.intent.subject} is gone.")


FOLLOW_UP = Delivery(look=look_for_task, prepare=_prepare, record=_record_filed)
SYNC = Delivery(look=_find_nothing, prepare=_prepare_reading, record=_record_read, repeatable=True)
