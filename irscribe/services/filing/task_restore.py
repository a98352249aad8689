"""Gives back what a person wrote on a task at the moment at which the bot edited it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from irscribe.domain.prose import listing
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.taskfields import TaskField, Values
from irscribe.domain.tasks import number_of
from irscribe.services.filing import drafts, phabricator_names, task_edit, task_fields
from irscribe.services.filing.attempt import Attempt, Delivery, Prepared
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.task_update import task_of, wanted_of
from models import Session, sent


def _owed(attempt: Attempt) -> list[TaskField]:
    return [field for field in TaskField if (known := attempt.sent.get(field)) is not None and known.is_owed]


def _look(attempt: Attempt, clients: Clients) -> frozenset[TaskField] | None:
    server, intent = clients.phabricator(), attempt.intent
    number, author = number_of(task_of(attempt).id), server.whoami().phid
    phabricator_names.there(server, number)
    found = server.find_comment(number, intent.search_text, author=author, since=intent.created_at)
    return frozenset() if found else None


def _prepare(attempt: Attempt, clients: Clients) -> Prepared:
    server, task, owed = clients.phabricator(), task_of(attempt), _owed(attempt)
    bot, statuses, number = server.whoami().phid, server.statuses(), number_of(task.id)
    wanted = wanted_of(server, attempt, search_text="").values
    known = phabricator_names.fit(server, attempt, number)
    there = task_fields.values_of(known, frozenset())
    made = task_edit.latest_of(server.history(number), bot, owed)
    # A field that was changed again since then is a person's already.
    theirs = {field: old for field, (old, new) in made.items() if there[field] == new}
    if not theirs:
        return Prepared(text="", send=frozenset, task=task.id)
    change = task_edit.given_back(theirs, server=server, statuses=statuses)
    text = _comment(attempt, {field: wanted[field] for field in theirs if field in wanted})

    def send() -> frozenset[TaskField]:
        server.edit_task(known, replace(change, comment=text))
        now = task_edit.latest_of(server.history(number), bot, theirs)
        return frozenset(field for field, (old, _) in now.items() if old != there[field])

    return Prepared(text=text, send=send, task=task.id)


def _comment(attempt: Attempt, ours: Values) -> str:
    """Give the comment with the bot's own text, which does not stand in the task."""
    texts = [f"{beginning}\n\n{text}" for beginning, text in _texts(ours)]
    beginning = "This task was edited while I edited it; I put back what was written. I leave those fields alone now."
    return "\n\n".join([beginning, *texts]) + "\n" + drafts.anchor(attempt.intent.search_text)


def _texts(ours: Values) -> Iterator[tuple[str, str]]:
    from irscribe.render.taskmarkup import ON_SERVER

    if TaskField.TITLE in ours:
        yield "The title by the record:", str(ON_SERVER.typed(ours[TaskField.TITLE]))
    if TaskField.DESCRIPTION in ours:
        yield "The description by the record:", ours[TaskField.DESCRIPTION]


def _record(session: Session, attempt: Attempt, overwritten: frozenset[TaskField]) -> Speech:
    owed = _owed(attempt)
    sent.settle(
        session, attempt.intent.incident, attempt.intent.subject, [each for each in owed if each not in overwritten]
    )
    if overwritten:
        task_edit.restore(session, attempt)
    fields = listing([f"the {each.spoken}" for each in owed])
    return sentence(
        "At {} somebody changed {} at the same moment as I did: theirs is back, and mine is a comment there.",
        task_of(attempt).url,
        fields,
    )


RESTORE = Delivery(look=_look, prepare=_prepare, record=_record)
