"""Restricts a task, and takes a redacted text out of it, while it is not known whether an edit before that arrived.

Both may be sent beside the edit in doubt. A policy is the same however often it is set, and a text of the bot only
replaces one of the bot. If the edit in doubt arrives behind them, the update that follows it puts its texts right.
"""

from __future__ import annotations

from dataclasses import dataclass

from irscribe.domain.sentence import Speech
from irscribe.domain.taskfields import TEXTS, Sent, TaskField, overwritten
from irscribe.domain.tasks import number_of
from irscribe.integrations.tasks import TaskChange
from irscribe.services.filing import task_edit
from irscribe.services.filing.attempt import Attempt, Prepared, Pressing
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.occasion import PRESSING
from irscribe.services.filing.summary import RESTRICTED
from irscribe.services.filing.task_titles import forget_titles
from irscribe.services.filing.task_update import planned, task_of
from models import Session, sent


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """The texts that were set, and the policy; ``replaced`` are texts that a person wrote at that moment."""

    texts: tuple[Sent, ...]
    policy: str | None
    replaced: frozenset[TaskField]


def _prepare(attempt: Attempt, clients: Clients) -> Prepared | None:
    server, task = clients.phabricator(), task_of(attempt)
    bot, number = server.whoami().phid, number_of(task.id)
    edit = planned(server, attempt, number, bot=bot)
    texts = tuple(each for each in edit.sending if each.name in edit.plan.changed and each.name in TEXTS)
    if not _is_pressing(attempt):
        texts = ()
    names = {each.name for each in texts}
    change = TaskChange(
        title=edit.change.title if TaskField.TITLE in names else None,
        description=edit.change.description if TaskField.DESCRIPTION in names else None,
        policy=edit.change.policy,
    )
    if change.is_empty:
        return None

    def send() -> Pressed:
        server.edit_task(edit.task, change)
        made = task_edit.latest_of(server.history(number), bot, [TaskField(each) for each in names])
        replaced = overwritten(made, {each.name: each for each in texts})
        return Pressed(texts=texts, policy=change.policy, replaced=replaced)

    return Prepared(text=change.description or "", send=send, task=task.id)


def _is_pressing(attempt: Attempt) -> bool:
    """True if something happened that does not wait, and that the task is not known to have been told of."""
    told = attempt.sent.get(PRESSING)
    return told is None or told.value != attempt.occasion.pressing


def _record(session: Session, attempt: Attempt, pressed: Pressed) -> Speech:
    incident, subject = attempt.intent.incident, attempt.intent.subject
    sent.overtake(session, incident, subject, pressed.texts)
    sent.owe(session, incident, subject, pressed.replaced)
    if pressed.replaced:
        task_edit.restore(session, attempt)
    if pressed.policy is None:
        return ""
    sent.restrict(session, incident, subject, pressed.policy)
    forget_titles(session, attempt.application, [task_of(attempt).id], at=attempt.at)
    return f"{task_of(attempt).url} is {RESTRICTED}"


AT_ONCE = Pressing(prepare=_prepare, record=_record)
