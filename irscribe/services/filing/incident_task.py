"""The incident's own task: filed, commented on, told how the incident goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.intent import IntentKind
from irscribe.domain.sentence import sentence
from irscribe.integrations.tasks import FiledTask, TaskChange, TaskDraft, TaskState
from irscribe.services.filing import drafts, phabricator_names
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.job import Delivery, Job
from models import Session, incidents, outbox, parts

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit


UNTOUCHED = "open"
"""The status tasks are made with."""


def look_for_task(job: Job, clients: Clients) -> FiledTask | None:
    """The task an earlier attempt has left."""
    server = clients.phabricator()
    return server.find_task(job.intent.marker, author=server.whoami().phid, since=job.intent.created_at)


def _describe(job: Job) -> str:
    return drafts.description(job.report, job.application, mark=job.intent.marker)


def _create(job: Job, clients: Clients) -> FiledTask:
    if job.task is not None:
        raise ServiceRefusedError(
            sentence("It was given the task {} meanwhile: {ir} task file comments there.", job.url_of(job.task))
        )
    server, settings = clients.phabricator(), job.application.config.phabricator
    policy = phabricator_names.policy_for(server, job)
    closed = job.report.incident.closed_at is not None
    setting = "status_closed" if closed else "status_open"
    keyword = settings.status_closed if closed else settings.status_open
    return server.create_task(
        TaskDraft(
            title=drafts.title(job.report),
            description=job.text,
            priority=phabricator_names.priority(server, settings, job.report.incident.severity),
            projects=phabricator_names.projects(server, settings.projects, setting="projects"),
            owner=phabricator_names.person(server, job, job.coordinator),
            status=_keyword(server, keyword, setting=setting),
            view=policy,
            edit=policy,
        )
    )


def _record_filed(session: Session, job: Job, filed: FiledTask) -> str:
    number, named = f"T{filed.number}", parts.fields(session, job.intent.incident).get("task")
    parts.set_field(session, job.audit, "filed", number)
    if named is not None:
        return f"{job.intent.incident} is filed as {filed.url}, and keeps the task it was given meanwhile."
    for name, value in (("task", number), ("none:task", None), ("task_title", None), ("task_status", None)):
        parts.set_field(session, job.audit, name, value)
    _catch_up(session, job)
    return f"The task of {job.intent.incident} is {filed.url}"


def _catch_up(session: Session, job: Job) -> None:
    """What happened to the incident while its task was being filed is told to the task now."""
    incident = incidents.get(session, job.intent.incident)
    if incident is not None and incident.closed_at != job.report.incident.closed_at:
        again = f"{job.intent.marker}-2"
        outbox.add(session, number=incident.number, kind=IntentKind.UPDATE, at=job.at, marker=again, to=job.intent.to)


def _look_for_comment(job: Job, clients: Clients) -> bool | None:
    server = clients.phabricator()
    author, since = server.whoami().phid, job.intent.created_at
    return server.find_comment(job.required_task, job.intent.marker, author=author, since=since) or None


def _tell(job: Job, clients: Clients) -> bool:
    """Say what there is to say, and let the status be what it is to be, in one call."""
    server, number = clients.phabricator(), job.required_task
    status = _next_status(server, job, phabricator_names.fit(server, job, number))
    try:
        server.edit_task(number, TaskChange(status=status, comment=job.text or None))
    except ServiceRefusedError:
        if status is None or not job.text:
            raise
        # some tasks may be commented on and not edited
        server.comment(number, job.text)
    return True


def _record_comment(session: Session, job: Job, _done: bool) -> str:  # noqa: FBT001 - what look and send give
    parts.set_field(session, job.audit, "filed", f"T{job.required_task}")
    _catch_up(session, job)
    url = job.url_of(job.required_task)
    return f"The report of {job.intent.incident} is on its task {url}"


def _say_goodbye(job: Job) -> str:
    closed = job.report.incident.closed_at is not None
    if not closed or not job.application.config.phabricator.comment_on_close:
        return ""
    return drafts.closing_comment(job.report, job.application, mark=job.intent.marker)


def _next_status(server: Conduit, job: Job, known: TaskState) -> str | None:
    """What the task becomes; a status that somebody else has chosen for it meanwhile stays."""
    settings = job.application.config.phabricator
    if job.report.incident.closed_at is None:
        rests = known.closed or known.status in {settings.status_closed, UNTOUCHED}
        return _keyword(server, settings.status_open, setting="status_open") if rests else None
    if known.closed or not settings.status_closed:
        return None
    status = phabricator_names.status(server, settings.status_closed, setting="status_closed")
    return status.keyword if status.closed or known.status == settings.status_open else None


def _keyword(server: Conduit, keyword: str, *, setting: str) -> str | None:
    return phabricator_names.status(server, keyword, setting=setting).keyword if keyword else None


def _record_update(_session: Session, job: Job, _done: bool) -> str:  # noqa: FBT001 - what look and send give
    return f"The task of {job.intent.incident} is up to date."


TASK = Delivery(compose=_describe, look=look_for_task, send=_create, record=_record_filed)
COMMENT = Delivery(compose=_describe, look=_look_for_comment, send=_tell, record=_record_comment)
UPDATE = Delivery(compose=_say_goodbye, look=_look_for_comment, send=_tell, record=_record_update)
