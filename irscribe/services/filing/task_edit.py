"""One edit of a task: planned from what is there, sent, and then compared with what was there when it arrived.

The server has no conditional edit. The last look is as late as it can be; the edit's own transactions say afterwards
what it replaced, and so whether a person was faster.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from irscribe.domain.errors import HiddenTaskError, ServiceRefusedError
from irscribe.domain.intent import UNDERWAY, IntentKind, new_search_text
from irscribe.domain.sentence import Speech
from irscribe.domain.taskfields import TEXTS, Plan, Sent, TaskField, Values, arrived, overwritten, plan
from irscribe.domain.tasks import name_of
from irscribe.integrations.tasks import Status, TaskChange, TaskState
from irscribe.services.filing import phabricator_names, task_fields
from irscribe.services.filing.attempt import Attempt
from irscribe.services.filing.doubles import Double
from irscribe.services.filing.occasion import ORDINARY, PRESSING
from irscribe.services.filing.phabricator_names import OPEN_POLICIES
from irscribe.services.filing.task_fields import Wanted
from irscribe.services.filing.task_titles import forget_titles
from models import Session, outbox, sent
from models.sent import UNKNOWN_OWNER

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit
    from irscribe.integrations.tasks import Transaction

COMMENTED, SUBSCRIBED, EXISTING, SENT_AGAIN = "commented", "subscribed", "existing", "again"
"""The names under which the record keeps the close that a comment told of, the subscribers added so far, that the task
was there before, and when an edit was sent again, so that the one before it may arrive behind it."""


@dataclass(frozen=True, kw_only=True)
class Edited:
    """The result of an edit.

    ``lost`` are fields that a person had changed before, ``overwritten`` those that one changed at the same moment.
    ``refusal`` says why only the comment was taken. ``doubles`` are further tasks, of which nobody was told. ``hidden``
    is true if not everybody sees the task.
    """

    lost: frozenset[TaskField] = frozenset()
    overwritten: frozenset[TaskField] = frozenset()
    refusal: Speech = ""
    doubles: tuple[Double, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class Edit:
    """An edit of a task that was looked at just now."""

    task: TaskState
    plan: Plan
    change: TaskChange
    sending: tuple[Sent, ...]

    @property
    def _may_comment_alone(self) -> bool:
        """True if the comment is worth something without the changes; never where the task has to be restricted."""
        only_comment = replace(self.change, comment=None).is_empty
        return bool(self.change.comment) and not only_comment and self.change.policy is None

    @property
    def _is_hidden(self) -> bool:
        return (self.change.policy or self.task.view) not in OPEN_POLICIES

    def _about_task(self, refusal: ServiceRefusedError) -> ServiceRefusedError:
        """Give a refusal as one that says whether not everybody sees the task."""
        if self.task.view in OPEN_POLICIES:
            return refusal
        return HiddenTaskError(refusal.sentence, task=name_of(self.task.number))

    def send(self, server: Conduit, *, bot: str) -> Edited:
        """Make the edit, if there is anything to change; see what it replaced."""
        refusal: Speech = ""
        try:
            server.edit_task(self.task, self.change)
        except ServiceRefusedError as error:
            if not self._may_comment_alone:
                raise self._about_task(error) from error
            # some tasks may be commented on and not edited
            server.comment(self.task, self.change.comment or "")
            refusal = error.sentence
        if refusal or not self.plan.changed:
            return Edited(lost=self.plan.lost, refusal=refusal, hidden=self._is_hidden)
        made = latest_of(server.history(self.task.number), bot, self.plan.changed)
        replaced = overwritten(made, {each.name: each for each in self.sending})
        return Edited(lost=self.plan.lost, overwritten=replaced, hidden=self._is_hidden)


def planned(
    server: Conduit, attempt: Attempt, task: TaskState, wanted: Wanted, *, allowed: Collection[TaskField], bot: str
) -> Edit:
    """Plan an edit of a task that sets the allowed fields, as far as they are the bot's.

    A field that was never sent to this task is the bot's if nobody else set it last; so is a text that is another one
    than the last that is known to have arrived, and any field behind an edit that was sent again.
    """
    values = {field: value for field, value in wanted.values.items() if field in allowed}
    there, known = task_fields.values_of(task, wanted.managed), sent_to(attempt, task)
    apart = [field for field in values if values[field] != there[field]]
    late = TEXTS if sent_again(known) is None else frozenset(TaskField) - {TaskField.TAGS}
    asked = [field for field in apart if _depends_on_author(field, there[field], known.get(field), late=late)]
    untouched = _untouched(server, task, asked, bot) if asked else frozenset()
    made = plan(values, there, sent=known, untouched=untouched)
    subscribers = _new_subscribers(wanted, known)
    change = replace(_change(wanted, made), add_subscribers=subscribers)
    unknown = Sent(name=UNKNOWN_OWNER, sending=wanted.unknown_owner or "")
    return Edit(task=task, plan=made, change=change, sending=(*_sending(made, subscribers, known), unknown))


def sent_to(attempt: Attempt, task: TaskState) -> Mapping[str, Sent]:
    """Give what was sent to this task; nothing if it was another one at that time."""
    known = attempt.sent.get("task")
    return attempt.sent if known is not None and known.value == f"T{task.number}" else {}


def sent_again(known: Mapping[str, Sent]) -> datetime | None:
    """Give the time at which an edit was sent again, if the first one may arrive behind it; None if it may not."""
    again = known.get(SENT_AGAIN)
    return datetime.fromisoformat(again.value) if again and again.value else None


def was_there(attempt: Attempt) -> bool:
    """True if the task was there before the incident, also where the bot filed it for another one."""
    known = attempt.sent.get(EXISTING)
    return known is not None and bool(known.value or known.sending)


def look(server: Conduit, attempt: Attempt, number: int, *, bot: str) -> Edited | None:
    """Give the result of an edit whose answer was lost; None if it did not arrive so far.

    Raises HiddenTaskError if the bot does not see the task any more.
    """
    phabricator_names.there(server, number)
    sending = {name: each for name, each in attempt.sent.items() if each.sending is not None}
    made = latest_of(server.history(number), bot, [field for field in TaskField if field in sending])
    if arrived(made, attempt.sent):
        return Edited(overwritten=overwritten(made, attempt.sent))
    since, text = attempt.intent.created_at, attempt.intent.search_text
    if not _told_by_comment(attempt) or not server.find_comment(number, text, author=bot, since=since):
        return None
    missed = any(each.before is not None and name != TaskField.TAGS for name, each in sending.items())
    return Edited(refusal="the answer was lost" if missed else "")


def _told_by_comment(attempt: Attempt) -> bool:
    """True if the request under way tells in a comment that the incident is closed."""
    known = attempt.sent.get(COMMENTED)
    return known is not None and bool(known.sending)


def latest_of(
    history: Iterable[Transaction], bot: str, fields: Iterable[TaskField]
) -> Mapping[TaskField, tuple[str, str]]:
    """Give the old and the new value in the bot's latest transaction of each field, reading no further than needed."""
    awaited, found = set(fields) - {TaskField.TAGS}, {}
    for each in history if awaited else ():
        if each.author == bot and each.field in awaited:
            found[each.field] = (each.old, each.new)
            awaited.discard(each.field)
            if not awaited:
                break
    return found


def _depends_on_author(field: TaskField, there: str, known: Sent | None, *, late: Collection[TaskField]) -> bool:
    """True if the record alone does not say whose the value is that a field has.

    ``late`` are fields that an edit of the bot may have set after the one that is known to have arrived.
    """
    if known is None or known.theirs:
        return known is None
    return known.value is None or (field in late and known.value != field.kept(there))


def _untouched(server: Conduit, task: TaskState, fields: Iterable[TaskField], bot: str) -> frozenset[TaskField]:
    """Give the fields that nobody but the bot has set last."""
    authors: dict[TaskField, str] = {}
    for each in server.history(task.number):
        authors.setdefault(each.field, each.author)
    return frozenset(field for field in fields if authors.get(field, task.author) == bot)


def _new_subscribers(wanted: Wanted, known: Mapping[str, Sent]) -> tuple[str, ...]:
    """Give the subscribers to add: not those added before, who may have left."""
    return tuple(each for each in wanted.subscribers if each not in _subscribed(known))


def _subscribed(known: Mapping[str, Sent]) -> list[str]:
    before = known.get(SUBSCRIBED)
    return (before.value or "").split() if before else []


def _sending(made: Plan, subscribers: tuple[str, ...], known: Mapping[str, Sent]) -> tuple[Sent, ...]:
    changed = [
        Sent(name=field, sending=field.kept(value), before=field.kept(made.before[field]))
        for field, value in made.changed.items()
    ]
    agreed = [Sent(name=field, sending=field.kept(value)) for field, value in made.agreed.items()]
    everybody = " ".join(sorted({*_subscribed(known), *subscribers}))
    return (*changed, *agreed, *([Sent(name=SUBSCRIBED, sending=everybody)] if subscribers else []))


def _change(wanted: Wanted, made: Plan) -> TaskChange:
    changed = made.changed
    tags = _tag_change(made)
    return TaskChange(
        title=changed.get(TaskField.TITLE),
        description=changed.get(TaskField.DESCRIPTION),
        priority=wanted.priority_keyword if TaskField.PRIORITY in changed else None,
        status=wanted.status if TaskField.STATUS in changed else None,
        owner=changed.get(TaskField.OWNER),
        add_projects=tags[0],
        remove_projects=tags[1],
    )


def _tag_change(made: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the tags to add and those to remove."""
    if TaskField.TAGS not in made.changed:
        return (), ()
    new, old = ({*values[TaskField.TAGS].split()} for values in (made.changed, made.before))
    return tuple(sorted(new - old)), tuple(sorted(old - new))


def given_back(values: Values, *, server: Conduit, statuses: Iterable[Status]) -> TaskChange:
    """Give the change that sets fields to values that they had before."""
    keywords = {each.number: each.keywords[0] for each in server.priorities()}
    by_keyword = {each.keyword: each for each in statuses}
    owner = values.get(TaskField.OWNER)
    return TaskChange(
        title=values.get(TaskField.TITLE),
        description=values.get(TaskField.DESCRIPTION),
        priority=keywords.get(values.get(TaskField.PRIORITY, "")),
        status=by_keyword.get(values.get(TaskField.STATUS, "")),
        owner=owner or None,
        unassign=owner == "",
    )


def taken_over(task: TaskState, wanted: Wanted, *, allowed: Collection[TaskField]) -> Edit:
    """Plan the first edit of a task that was there before, which sets the allowed fields whoever has set them."""
    values = {field: value for field, value in wanted.values.items() if field in allowed}
    made = plan(values, task_fields.values_of(task, wanted.managed), sent={}, untouched=frozenset(values))
    change = replace(_change(wanted, made), add_subscribers=wanted.subscribers)
    return Edit(task=task, plan=made, change=change, sending=_sending(made, wanted.subscribers, {}))


def record(session: Session, attempt: Attempt, edited: Edited, *, task: str) -> None:
    """Record what an edit of a task set, and have given back what it replaced."""
    incident, subject = attempt.intent.incident, attempt.intent.subject
    sent.owe(session, incident, subject, edited.overwritten)
    only = {COMMENTED, PRESSING, ORDINARY} if edited.refusal else None
    sent.confirm(session, incident, subject, only=only)
    sent.give_up(session, incident, subject, edited.lost)
    if edited.overwritten:
        restore(session, attempt)
    if edited.hidden:
        forget_titles(session, attempt.application, [task], at=attempt.at)


def restore(session: Session, attempt: Attempt) -> None:
    """Have given back what a person wrote."""
    _add(session, attempt, IntentKind.RESTORE, due_at=attempt.at)


def look_later(session: Session, attempt: Attempt, *, at: datetime) -> None:
    """Have the task looked at once more, unless an update of it waits anyway."""
    underway = [each for each in outbox.unsettled(session, attempt.intent.incident) if each.state in UNDERWAY]
    if not any((each.kind, each.subject) == (IntentKind.UPDATE, attempt.intent.subject) for each in underway):
        _add(session, attempt, IntentKind.UPDATE, due_at=at)


def _add(session: Session, attempt: Attempt, kind: IntentKind, *, due_at: datetime) -> None:
    intent = attempt.intent
    outbox.add(
        session,
        number=intent.incident,
        kind=kind,
        at=attempt.at,
        search_text=new_search_text(intent.incident),
        subject=intent.subject,
        to=intent.to,
        due_at=due_at,
    )
