"""The incident's own task: filed, commented on, and updated when the incident ends or is reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from irscribe.config import Phabricator
from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.intent import IntentKind
from irscribe.domain.sentence import sentence
from irscribe.domain.tasks import name_of, number_of
from irscribe.integrations.tasks import FiledTask, Status, TaskChange, TaskDraft, TaskState
from irscribe.services.filing import drafts, phabricator_names
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.job import Delivery, Job, Prepared
from models import Session, incidents, outbox, parts

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit


UNTOUCHED = "open"
"""The status of a new task."""


def look_for_task(job: Job, clients: Clients) -> FiledTask | None:
    """Give the task that an earlier attempt has filed; None if there is none."""
    server = clients.phabricator()
    return server.find_task(job.intent.marker, author=server.whoami().phid, since=job.intent.created_at)


def _prepare_task(job: Job, clients: Clients) -> Prepared:
    if job.task is not None:
        raise ServiceRefusedError(
            sentence("It was given the task {} meanwhile: {ir} task file comments there.", job.task.url)
        )
    server, settings = clients.phabricator(), job.application.config.phabricator
    policy = phabricator_names.policy_for(server, job)
    closed = job.report.incident.closed_at is not None
    draft = TaskDraft(
        title=drafts.title(job.report),
        description=_describe(job),
        priority=phabricator_names.priority(server, settings, job.report.incident.severity),
        projects=phabricator_names.projects(server, settings.projects, setting="projects"),
        owner=phabricator_names.person(server, job, job.coordinator),
        status=_closed_status(server, settings) if closed else _open_status(server, settings),
        view=policy,
        edit=policy,
    )
    return Prepared(text=draft.description, send=lambda: server.create_task(draft))


def _describe(job: Job) -> str:
    return drafts.description(job.report, job.application, mark=job.intent.marker)


def _record_filed(session: Session, job: Job, filed: FiledTask) -> str:
    number, named = name_of(filed.number), parts.fields(session, job.intent.incident).get("task")
    parts.set_field(session, job.audit, "filed", number)
    if named is not None:
        return f"{job.intent.incident} is filed as {filed.url}, and keeps the task it was given meanwhile."
    for name, value in (("task", number), ("none:task", None), ("task_title", None), ("task_status", None)):
        parts.set_field(session, job.audit, name, value)
    _catch_up(session, job)
    return f"The task of {job.intent.incident} is {filed.url}"


def _catch_up(session: Session, job: Job) -> None:
    """Add an update of the task if the incident ended or was reopened while its task was being filed."""
    incident = incidents.get(session, job.intent.incident)
    if incident is not None and incident.closed_at != job.report.incident.closed_at:
        again = f"{job.intent.marker}-2"
        outbox.add(session, number=incident.number, kind=IntentKind.UPDATE, at=job.at, marker=again, to=job.intent.to)


def _look_for_comment(job: Job, clients: Clients) -> bool | None:
    server = clients.phabricator()
    author, since = server.whoami().phid, job.intent.created_at
    return server.find_comment(number_of(job.required_task.id), job.intent.marker, author=author, since=since) or None


def _prepare_comment(job: Job, clients: Clients) -> Prepared:
    return _prepare_change(job, clients, text=_describe(job))


def _prepare_update(job: Job, clients: Clients) -> Prepared:
    closed = job.report.incident.closed_at is not None
    if not closed or not job.application.config.phabricator.comment_on_close:
        return _prepare_change(job, clients, text="")
    text = drafts.closing_comment(job.report, job.application, mark=job.intent.marker)
    return _prepare_change(job, clients, text=text)


def _prepare_change(job: Job, clients: Clients, *, text: str) -> Prepared:
    server = clients.phabricator()
    known = phabricator_names.fit(server, job, number_of(job.required_task.id))
    change = TaskChange(status=_next_status(server, job, known), comment=text or None)
    return Prepared(text=text, send=lambda: _change(server, known, change))


def _change(server: Conduit, known: TaskState, change: TaskChange) -> bool:
    """Add the comment and set the status, in one call."""
    try:
        server.edit_task(known, change)
    except ServiceRefusedError:
        if change.status is None or not change.comment:
            raise
        # some tasks may be commented on and not edited
        server.comment(known, change.comment)
    return True


def _record_comment(session: Session, job: Job, _done: bool) -> str:  # noqa: FBT001 - what look and send give
    parts.set_field(session, job.audit, "filed", job.required_task.id)
    _catch_up(session, job)
    return f"The report of {job.intent.incident} is on its task {job.required_task.url}"


def _next_status(server: Conduit, job: Job, known: TaskState) -> Status | None:
    """The status to set, None to leave it; a status that somebody else has chosen meanwhile stays."""
    settings = job.application.config.phabricator
    if job.report.incident.closed_at is None:
        may_be_set = known.closed or known.status in {settings.status_closed, UNTOUCHED}
        return _open_status(server, settings) if may_be_set else None
    if known.closed:
        return None
    status = _closed_status(server, settings)
    return status if status and (status.closed or known.status == settings.status_open) else None


def _open_status(server: Conduit, settings: Phabricator) -> Status | None:
    return phabricator_names.status(server, settings.status_open, setting="status_open")


def _closed_status(server: Conduit, settings: Phabricator) -> Status | None:
    return phabricator_names.status(server, settings.status_closed, setting="status_closed")


def _record_update(_session: Session, job: Job, _done: bool) -> str:  # noqa: FBT001 - what look and send give
    return f"The task of {job.intent.incident} is up to date."


TASK = Delivery(look=look_for_task, prepare=_prepare_task, record=_record_filed)
COMMENT = Delivery(look=_look_for_comment, prepare=_prepare_comment, record=_record_comment)
UPDATE = Delivery(look=_look_for_comment, prepare=_prepare_update, record=_record_update)
