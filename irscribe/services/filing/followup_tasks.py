"""The tasks of follow-ups: filed under the incident's task, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.prose import plural
from irscribe.domain.report import Actionable
from irscribe.domain.request import fold
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.tasks import name_of, number_of
from irscribe.domain.text import clean
from irscribe.integrations.tasks import FiledTask, TaskDraft, TaskState
from irscribe.services.filing import drafts, phabricator_names
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.incident_task import look_for_task
from irscribe.services.filing.job import Delivery, Job, Prepared
from models import Session, parts
from models.visibility import is_public


def _prepare(job: Job, clients: Clients) -> Prepared:
    server, settings = clients.phabricator(), job.application.config.phabricator
    point, policy = _actionable(job), phabricator_names.policy_for(server, job)
    if point.task is not None:
        raise ServiceRefusedError(f"It was given the task {point.task.url} meanwhile.")
    draft = TaskDraft(
        title=drafts.followup_title(point),
        description=drafts.followup_description(job.report, point, mark=job.intent.marker),
        projects=phabricator_names.projects(server, settings.followup_projects, setting="followup_projects"),
        owner=phabricator_names.person(server, job, point.owner),
        parent=phabricator_names.there(server, number_of(job.required_task.id)).phid,
        view=policy,
        edit=policy,
    )
    return Prepared(text=draft.description, send=lambda: server.create_task(draft))


def _record_filed(session: Session, job: Job, filed: FiledTask) -> str:
    values = {"task": name_of(filed.number), "task_title": None, "task_status": None}
    parts.set_point(session, job.audit, "action", job.intent.subject, values=values)
    return f"The task of actionable {job.intent.subject} of {job.intent.incident} is {filed.url}"


def _find_nothing(_job: Job, _clients: Clients) -> None:
    return None


def _prepare_reading(job: Job, clients: Clients) -> Prepared:
    server, known = clients.phabricator(), [job.report.metadata.task, *(each.task for each in job.report.actionables)]
    return Prepared(text="", send=lambda: server.tasks(number_of(task.id) for task in known if task))


def _record_read(session: Session, job: Job, states: Mapping[int, TaskState]) -> Speech:
    """Record the states of the tasks, but no title after a redaction of one: the task may still have that title."""
    shown = {number: state for number, state in states.items() if _may_be_named(job, state)}
    own = shown.get(number_of(job.task.id)) if job.task else None
    if own is not None:
        if f"{parts.REDACTED}title" not in parts.fields(session, job.intent.incident):
            parts.set_field(session, job.audit, "task_title", clean(own.title))
        parts.set_field(session, job.audit, "task_status", own.status_name)
    tasks = {each.number: each.task for each in parts.points(session, job.intent.incident, "action")}
    for point in job.report.actionables:
        task = point.task
        state = shown.get(number_of(task.id)) if task and tasks.get(point.number) == task.id else None
        if state is not None:
            parts.set_point(session, job.audit, "action", point.number, values=_values(job, point, state))
    return _told(job, found=len(states), shown=len(shown))


def _told(job: Job, *, found: int, shown: int) -> Speech:
    hidden = f" ({found - shown} for few eyes only, and left as they are)" if found > shown else ""
    return sentence(
        "{} of {} read back{}: {ir} actions shows what became of them.",
        plural(found, "task"),
        job.intent.incident,
        hidden,
    )


def _may_be_named(job: Job, state: TaskState) -> bool:
    """True if the report may name the task's title: more people may read the report than the task."""
    return not is_public(job.report.incident) or state.view in phabricator_names.OPEN_POLICIES


def _values(job: Job, point: Actionable, state: TaskState) -> dict[str, Any]:
    return {
        "task_title": clean(state.title),
        "task_status": state.status_name,
        "owner": _owner(job, point.owner, state.owner),
        "done": point.done or state.closed,
    }


def _owner(job: Job, typed: str | None, read: str | None) -> str | None:
    """Give the name that the owner of the task has on IRC."""
    if read is None or (typed and fold(phabricator_names.username(job, typed)) == fold(read)):
        return typed
    here = {fold(theirs): ours for ours, theirs in job.application.config.phabricator.people.items()}
    return here.get(fold(read), read)


def _actionable(job: Job) -> Actionable:
    for each in job.report.actionables:
        if each.number == job.intent.subject:
            return each
    raise ServiceRefusedError(f"Actionable {job.intent.subject} is gone.")


FOLLOW_UP = Delivery(look=look_for_task, prepare=_prepare, record=_record_filed)
SYNC = Delivery(look=_find_nothing, prepare=_prepare_reading, record=_record_read, repeatable=True)
