"""The incident's own task: filed, or taken over with a comment when it was there before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.sentence import sentence
from irscribe.domain.taskfields import Sent, TaskField
from irscribe.domain.tasks import name_of, number_of
from irscribe.integrations.tasks import FiledTask, TaskDraft, TaskState
from irscribe.services.filing import phabricator_names, task_edit, task_fields, task_text
from irscribe.services.filing.attempt import PUBLIC_ALL_THE_SAME, Attempt, Delivery, Prepared
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.task_edit import COMMENTED, EXISTING, SUBSCRIBED, Edited
from irscribe.services.filing.task_fields import Wanted
from models import Session, parts, sent
from models.sent import POLICY, UNKNOWN_OWNER
from models.visibility import is_public

UNTOUCHED = "open"
"""The status of a new task."""


def look_for_task(attempt: Attempt, clients: Clients) -> FiledTask | None:
    """Give the task that an earlier attempt has filed; None if there is none."""
    server = clients.phabricator()
    return server.find_task(attempt.intent.search_text, author=server.whoami().phid, since=attempt.intent.created_at)


def first_sent(wanted: Wanted, *, policy: str | None) -> Iterator[Sent]:
    """Give what the record keeps of the fields with which a task is filed."""
    yield Sent(name=POLICY, sending=policy or "")
    yield Sent(name=UNKNOWN_OWNER, sending=wanted.unknown_owner or "")
    for field, value in wanted.values.items():
        yield Sent(name=field, sending=field.kept(value))
    if wanted.subscribers:
        yield Sent(name=SUBSCRIBED, sending=" ".join(wanted.subscribers))


def told_of_close(attempt: Attempt) -> Sent:
    """Give what the record keeps when a text tells that the incident is closed, or that it is open."""
    closed_at = attempt.report.incident.closed_at
    return Sent(name=COMMENTED, sending=closed_at.isoformat() if closed_at else "")


def _prepare_task(attempt: Attempt, clients: Clients) -> Prepared:
    if attempt.task is not None:
        raise ServiceRefusedError(
            sentence("It was given the task {} meanwhile: {ir} task file comments there.", attempt.task.url)
        )
    server = clients.phabricator()
    policy = phabricator_names.policy_for(server, attempt)
    wanted = task_fields.of_incident(server, attempt, search_text=attempt.intent.search_text)
    draft = TaskDraft(
        title=wanted.title,
        description=wanted.description,
        priority=wanted.priority_keyword,
        projects=(*task_fields.tags_of(server, attempt, followup=False), *(wanted.tags or ())),
        subscribers=wanted.subscribers,
        owner=wanted.owner,
        status=wanted.status,
        view=policy,
        edit=policy,
    )
    sending = (*first_sent(wanted, policy=policy), told_of_close(attempt), *attempt.occasion.sending)
    return Prepared(text=draft.description, send=lambda: server.create_task(draft), sending=sending)


def _record_filed(session: Session, attempt: Attempt, filed: FiledTask) -> str:
    incident, number = attempt.intent.incident, name_of(filed.number)
    named = parts.fields(session, incident).get("task")
    parts.set_field(session, attempt.audit, "filed", number)
    sent.confirm(session, incident, 0)
    sent.name_task(session, incident, 0, number)
    if named is not None:
        return f"{incident} is filed as {filed.url}, and keeps the task it was given meanwhile."
    for name, value in (("task", number), ("none:task", None), ("task_title", None), ("task_status", None)):
        parts.set_field(session, attempt.audit, name, value)
    return f"The task of {incident} is {filed.url}{_unrestricted(attempt)}"


def _unrestricted(attempt: Attempt) -> str:
    """Say that a person has to restrict a task that was found after the incident had become private."""
    restricts = attempt.application.config.phabricator.private_policy
    return "" if is_public(attempt.report.incident) or restricts else PUBLIC_ALL_THE_SAME


def _look_for_comment(attempt: Attempt, clients: Clients) -> Edited | None:
    server, intent, number = clients.phabricator(), attempt.intent, number_of(attempt.required_task.id)
    author, since = server.whoami().phid, intent.created_at
    phabricator_names.there(server, number)
    return Edited() if server.find_comment(number, intent.search_text, author=author, since=since) else None


def _prepare_comment(attempt: Attempt, clients: Clients) -> Prepared:
    server = clients.phabricator()
    bot, search_text = server.whoami().phid, attempt.intent.search_text
    wanted = task_fields.of_incident(server, attempt, search_text=search_text)
    known = phabricator_names.fit(server, attempt, number_of(attempt.required_task.id))
    edit = task_edit.taken_over(known, wanted, allowed=_to_take_over(attempt, known))
    text = task_text.description(attempt.report, attempt.application, search_text=search_text, page=attempt.page_url)
    whole = replace(edit, change=replace(edit.change, comment=text))
    seen_by = Sent(name=POLICY, sending="" if is_public(attempt.report.incident) else known.view)
    there = (Sent(name=EXISTING, sending=attempt.required_task.id), seen_by)
    sending = (*edit.sending, *there, told_of_close(attempt), *attempt.occasion.sending)
    return Prepared(text=text, send=lambda: whole.send(server, bot=bot), sending=sending, task=attempt.required_task.id)


def _to_take_over(attempt: Attempt, known: TaskState) -> frozenset[TaskField]:
    """Give the fields that the settings let the bot set, without those in which somebody has chosen a value."""
    chosen = {
        TaskField.STATUS: known.status != UNTOUCHED,
        TaskField.OWNER: bool(known.owner_phid),
    }
    return frozenset(each for each in attempt.application.config.phabricator.existing if not chosen.get(each))


def _record_comment(session: Session, attempt: Attempt, edited: Edited) -> str:
    incident, task = attempt.intent.incident, attempt.required_task
    parts.set_field(session, attempt.audit, "filed", task.id)
    task_edit.record(session, attempt, edited, task=task.id)
    half = f", and nothing else was changed there: {edited.refusal}" if edited.refusal else ""
    return f"The report of {incident} is on its task {task.url}{half}{_unrestricted(attempt)}"


TASK = Delivery(look=look_for_task, prepare=_prepare_task, record=_record_filed)
COMMENT = Delivery(look=_look_for_comment, prepare=_prepare_comment, record=_record_comment)
