"""The task is brought up to date: what an update sets is composed when it is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.prose import listing
from irscribe.domain.report import Actionable, Task
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.domain.taskfields import Sent, TaskField
from irscribe.domain.tasks import number_of
from irscribe.services.filing import drafts, phabricator_names, task_edit, task_fields
from irscribe.services.filing.attempt import Attempt, Delivery, Prepared
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.doubles import doubles_of, record_doubles
from irscribe.services.filing.following import BETWEEN_UPDATES
from irscribe.services.filing.incident_task import told_of_close
from irscribe.services.filing.summary import RESTRICTED
from irscribe.services.filing.task_edit import COMMENTED, SENT_AGAIN, Edit, Edited
from irscribe.services.filing.task_fields import Wanted
from models import Session, sent
from models.sent import POLICY

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit

BEFORE = "closed"
"""Kept of tasks that were told of a close by a version that kept no moment."""


def task_of(attempt: Attempt) -> Task:
    """Give the task that an intent is about: the incident's, or a follow-up's.

    Raises ServiceRefusedError if there is none any more.
    """
    if attempt.intent.subject == 0:
        return attempt.required_task
    point = _followup(attempt)
    if point is None or point.task is None:
        raise ServiceRefusedError(f"Actionable {attempt.intent.subject} has no task any more.")
    return point.task


def wanted_of(server: Conduit, attempt: Attempt, *, search_text: str) -> Wanted:
    """Give what the task should be that an intent is about."""
    point = _followup(attempt)
    if point is None:
        return task_fields.of_incident(server, attempt, search_text=search_text)
    return task_fields.of_followup(server, attempt, point, search_text=search_text)


def _followup(attempt: Attempt) -> Actionable | None:
    return next((each for each in attempt.report.actionables if each.number == attempt.intent.subject), None)


def _look(attempt: Attempt, clients: Clients) -> Edited | None:
    server = clients.phabricator()
    return task_edit.look(server, attempt, number_of(task_of(attempt).id), bot=server.whoami().phid)


def _prepare(attempt: Attempt, clients: Clients) -> Prepared:
    server, task = clients.phabricator(), task_of(attempt)
    bot, comment = server.whoami().phid, _comment(attempt)
    edit = planned(server, attempt, number_of(task.id), bot=bot)
    whole = replace(edit, change=replace(edit.change, comment=comment or None))
    doubles = doubles_of(server, attempt, bot=bot, only=attempt.intent.subject)
    closing = told_of_close(attempt)
    tells = bool(comment) or not closing.sending
    return Prepared(
        text=comment or whole.change.description or "",
        send=lambda: replace(whole.send(server, bot=bot), doubles=doubles),
        sending=(*edit.sending, *([closing] if tells else []), *attempt.occasion.sending, _again(attempt)),
        task=task.id,
    )


def _again(attempt: Attempt) -> Sent:
    """Give what the record keeps of an edit that is sent again although an earlier one may still arrive."""
    if attempt.intent.sent_at is not None:
        return Sent(name=SENT_AGAIN, sending=attempt.at.isoformat())
    before = task_edit.sent_again(attempt.sent)
    is_recent = before is not None and attempt.at < before + BETWEEN_UPDATES
    return Sent(name=SENT_AGAIN, sending=before.isoformat() if before and is_recent else "")


def planned(server: Conduit, attempt: Attempt, number: int, *, bot: str) -> Edit:
    """Plan the edit; everything is composed before the last look at the task, which is the plan's."""
    allowed_view = phabricator_names.policy_for(server, attempt)
    search_text = task_fields.search_text_in(phabricator_names.there(server, number))
    wanted = wanted_of(server, attempt, search_text=search_text)
    known = phabricator_names.there(server, number)
    own = known.author == bot and not task_edit.was_there(attempt)
    restricts = own and allowed_view is not None and known.view in phabricator_names.OPEN_POLICIES
    if not restricts:
        phabricator_names.require_fit(known, allowed_view)
    edit = task_edit.planned(server, attempt, known, wanted, allowed=_allowed(attempt, own=own), bot=bot)
    change = replace(edit.change, policy=allowed_view) if restricts else edit.change
    restricted = Sent(name=POLICY, sending=allowed_view if own and allowed_view else "")
    return replace(edit, change=change, sending=(*edit.sending, restricted))


def _allowed(attempt: Attempt, *, own: bool) -> Collection[TaskField]:
    if own:
        return frozenset(TaskField)
    return attempt.application.config.phabricator.existing if attempt.intent.subject == 0 else ()


def _comment(attempt: Attempt) -> str:
    """Give the comment that tells of the close; empty if there is nothing to tell, or it was told."""
    told, closing = attempt.sent.get(COMMENTED), told_of_close(attempt)
    wanted = attempt.application.config.phabricator.comment_on_close and attempt.intent.subject == 0
    if not wanted or not closing.sending or (told is not None and told.value in (closing.sending, BEFORE)):
        return ""
    return drafts.closing_comment(attempt.report, attempt.application, search_text=attempt.intent.search_text)


def _record(session: Session, attempt: Attempt, edited: Edited) -> Speech:
    task_edit.record(session, attempt, edited, task=task_of(attempt).id)
    now = sent.of(session, attempt.intent.incident, attempt.intent.subject)
    if (again := task_edit.sent_again(now)) is not None:
        task_edit.look_later(session, attempt, at=again + BETWEEN_UPDATES)
    known = now.get(POLICY)
    before = attempt.sent.get(POLICY)
    restricted = known is not None and known.value and known.value != (before.value if before else None)
    said = [
        f"{task_of(attempt).url} is {RESTRICTED}" if restricted else "",
        *_notices(attempt, edited),
        record_doubles(session, attempt, edited.doubles),
    ]
    return joined(" ", [each for each in said if each])


def _notices(attempt: Attempt, edited: Edited) -> Iterator[Speech]:
    """The sentences for the channel; no value is quoted, as the task may be for few eyes only."""
    url = task_of(attempt).url
    if edited.lost:
        fields = listing([f"the {each.spoken}" for each in TaskField if each in edited.lost])
        yield sentence("At {} somebody else changed {}: I leave that as it is.", url, fields)
    if edited.refusal:
        yield sentence("The comment is at {}, and the changes of the task are not: {}", url, edited.refusal)


UPDATE = Delivery(look=_look, prepare=_prepare, record=_record)
