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
from irscribe.services.filing.attempt import Attempt, Delivery, Prepared
from irscribe.services.filing.clients import Clients
from models import Session, incidents, outbox, parts

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit


UNTOUCHED = "open"
"""The status of a new task."""


def look_for_task(attempt: Attempt, clients: Clients) -> FiledTask | None:
    """Give the task that an earlier attempt has filed; None if there is none."""
    server = clients.phabricator()
    return server.find_task(attempt.intent.search_text, author=server.whoami().phid, since=attempt.intent.created_at)


def _prepare_task(attempt: Attempt, clients: Clients) -> Prepared:
    if attempt.task is not None:
        raise ServiceRefusedError(
            sentence("It was given the task {} meanwhile: {ir} task file comments there.", attempt.task.url)
        )
    server, settings = clients.phabricator(), attempt.application.config.phabricator
    policy = phabricator_names.policy_for(server, attempt)
    closed = attempt.report.incident.closed_at is not None
    draft = TaskDraft(
        title=drafts.title(attempt.report),
        description=_describe(attempt),
        priority=phabricator_names.priority(server, settings, attempt.report.incident.severity),
        projects=phabricator_names.projects(server, settings.projects, setting="projects"),
        owner=phabricator_names.person(server, attempt, attempt.coordinator),
        status=_closed_status(server, settings) if closed else _open_status(server, settings),
        view=policy,
        edit=policy,
    )
    return Prepared(text=draft.description, send=lambda: server.create_task(draft))


def _describe(attempt: Attempt) -> str:
    return drafts.description(attempt.report, attempt.application, search_text=attempt.intent.search_text)


def _record_filed(session: Session, attempt: Attempt, filed: FiledTask) -> str:
    number, named = name_of(filed.number), parts.fields(session, attempt.intent.incident).get("task")
    parts.set_field(session, attempt.audit, "filed", number)
    if named is not None:
        return f"{attempt.intent.incident} is filed as {filed.url}, and keeps the task it was given meanwhile."
    for name, value in (("task", number), ("none:task", None), ("task_title", None), ("task_status", None)):
        parts.set_field(session, attempt.audit, name, value)
    _catch_up(session, attempt)
    return f"The task of {attempt.intent.incident} is {filed.url}"


def _catch_up(session: Session, attempt: Attempt) -> None:
    """Add an update of the task if the incident ended or was reopened while its task was being filed."""
    incident = incidents.get(session, attempt.intent.incident)
    if incident is not None and incident.closed_at != attempt.report.incident.closed_at:
        again, to, at = f"{attempt.intent.search_text}-2", attempt.intent.to, attempt.at
        outbox.add(session, number=incident.number, kind=IntentKind.UPDATE, at=at, search_text=again, to=to)


def _look_for_comment(attempt: Attempt, clients: Clients) -> bool | None:
    server, intent, number = clients.phabricator(), attempt.intent, number_of(attempt.required_task.id)
    author, since = server.whoami().phid, intent.created_at
    return server.find_comment(number, intent.search_text, author=author, since=since) or None


def _prepare_comment(attempt: Attempt, clients: Clients) -> Prepared:
    return _prepare_change(attempt, clients, text=_describe(attempt))


def _prepare_update(attempt: Attempt, clients: Clients) -> Prepared:
    closed = attempt.report.incident.closed_at is not None
    if not closed or not attempt.application.config.phabricator.comment_on_close:
        return _prepare_change(attempt, clients, text="")
    text = drafts.closing_comment(attempt.report, attempt.application, search_text=attempt.intent.search_text)
    return _prepare_change(attempt, clients, text=text)


def _prepare_change(attempt: Attempt, clients: Clients, *, text: str) -> Prepared:
    server = clients.phabricator()
    known = phabricator_names.fit(server, attempt, number_of(attempt.required_task.id))
    change = TaskChange(status=_next_status(server, attempt, known), comment=text or None)
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


def _record_comment(session: Session, attempt: Attempt, _done: bool) -> str:  # noqa: FBT001 - what look and send give
    parts.set_field(session, attempt.audit, "filed", attempt.required_task.id)
    _catch_up(session, attempt)
    return f"The report of {attempt.intent.incident} is on its task {attempt.required_task.url}"


def _next_status(server: Conduit, attempt: Attempt, known: TaskState) -> Status | None:
    """The status to set, None to leave it; a status that somebody else has chosen meanwhile stays."""
    settings = attempt.application.config.phabricator
    if attempt.report.incident.closed_at is None:
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


def _record_update(_session: Session, attempt: Attempt, _done: bool) -> str:  # noqa: FBT001 - what look and send give
    return f"The task of {attempt.intent.incident} is up to date."


TASK = Delivery(look=look_for_task, prepare=_prepare_task, record=_record_filed)
COMMENT = Delivery(look=_look_for_comment, prepare=_prepare_comment, record=_record_comment)
UPDATE = Delivery(look=_look_for_comment, prepare=_prepare_update, record=_record_update)
