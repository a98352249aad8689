"""The tasks of follow-ups: filed under the incident's task, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.prose import plural
from irscribe.domain.report import Actionable
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.tasks import name_of, number_of
from irscribe.domain.text import clean
from irscribe.integrations.tasks import FiledTask, TaskDraft, TaskState
from irscribe.services.filing import drafts, phabricator_names
from irscribe.services.filing.attempt import Attempt, Delivery, Prepared
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.incident_task import look_for_task
from models import Session, parts
from models.visibility import is_public


def _prepare(attempt: Attempt, clients: Clients) -> Prepared:
    server, settings = clients.phabricator(), attempt.application.config.phabricator
    point, policy = _actionable(attempt), phabricator_names.policy_for(server, attempt)
    if point.task is not None:
        raise ServiceRefusedError(f"It was given the task {point.task.url} meanwhile.")
    draft = TaskDraft(
        title=drafts.followup_title(point),
        description=drafts.followup_description(attempt.report, point, search_text=attempt.intent.search_text),
        projects=phabricator_names.projects(server, settings.followup_projects, setting="followup_projects"),
        owner=phabricator_names.person(server, attempt, point.owner),
        parent=phabricator_names.there(server, number_of(attempt.required_task.id)).phid,
        view=policy,
        edit=policy,
    )
    return Prepared(text=draft.description, send=lambda: server.create_task(draft))


def _record_filed(session: Session, attempt: Attempt, filed: FiledTask) -> str:
    values = {"task": name_of(filed.number), "task_title": None, "task_status": None}
    parts.set_point(session, attempt.audit, "action", attempt.intent.subject, values=values)
    return f"The task of actionable {attempt.intent.subject} of {attempt.intent.incident} is {filed.url}"


def _find_nothing(_attempt: Attempt, _clients: Clients) -> None:
    return None


def _prepare_reading(attempt: Attempt, clients: Clients) -> Prepared:
    server = clients.phabricator()
    known = [attempt.report.metadata.task, *(each.task for each in attempt.report.actionables)]
    return Prepared(text="", send=lambda: server.tasks(number_of(task.id) for task in known if task))


def _record_read(session: Session, attempt: Attempt, states: Mapping[int, TaskState]) -> Speech:
    """Record the states of the tasks, but no title after a redaction of one: the task may still have that title."""
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
    return _told(attempt, found=len(states), shown=len(shown))


def _told(attempt: Attempt, *, found: int, shown: int) -> Speech:
    hidden = f" ({found - shown} for few eyes only, and left as they are)" if found > shown else ""
    return sentence(
        "{} of {} read back{}: {ir} actions shows what became of them.",
        plural(found, "task"),
        attempt.intent.incident,
        hidden,
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
