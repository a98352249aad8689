"""Filing by command: what is asked for becomes an intent, and the courier carries it out."""

from __future__ import annotations

import re

from irscribe.commands import Command
from irscribe.domain.errors import ForbiddenError, RefusedError
from irscribe.domain.intent import Intent, IntentKind, IntentState
from irscribe.domain.permission import NEEDED, Standing
from irscribe.domain.prose import plural
from irscribe.domain.record import Point
from irscribe.domain.request import Errand, Export
from irscribe.domain.text import cut
from irscribe.integrations.taskform import FormDraft, form_url
from irscribe.services import fields, items
from irscribe.services.drafting import closing_comment, title
from irscribe.services.reporting import report_of
from irscribe.services.turn import Case, Outcome
from models import outbox, parts

ONE = re.compile(r"#?(\d{1,6})\s+file$", re.IGNORECASE)
SETTLED_BY = re.compile(r"(retry|drop)\s+#?(\d{1,9})$", re.IGNORECASE)


def task(case: Case, command: Command) -> Outcome:
    """Name the incident's task, draft it, or file it."""
    match command.text.strip().lower():
        case "draft":
            return _draft(case)
        case "file":
            return _file(case)
        case _:
            return fields.task(case, command)


def action(case: Case, command: Command) -> Outcome:
    """Change the follow-ups, or file one."""
    one = ONE.match(command.text.strip())
    if one is None:
        return items.action(case, command)
    return _file_followups(case, [items.point_of(case, "action", int(one[1]))])


def actions(case: Case, command: Command) -> Outcome:
    """List the follow-ups, file them all, or look what became of their tasks."""
    match command.text.strip().lower():
        case "file":
            unfiled = [each for each in parts.points(case.session, case.number, "action") if each.task is None]
            return _file_followups(case, unfiled)
        case "sync":
            return _sync(case)
        case _:
            return items.actions(case, command)


def publish(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Put the report on the wiki, once."""
    _require_trust(case, "!ir publish")
    if case.incident.private:
        raise RefusedError(f"Incident {case.number} is private and is not published.")
    if not case.turn.house.config.mediawiki.url:
        raise RefusedError("There is no wiki set up: [mediawiki] url names it; !ir export wikitext writes the page.")
    if not case.incident.title:
        raise RefusedError("A page needs a name: !ir title TEXT gives the incident one.")
    return _send(case, IntentKind.PAGE, saying="Publishing the report")


def show_outbox(case: Case, command: Command) -> Outcome:
    """What is still to be done outside, since when, why; try it again, or let it be."""
    typed = SETTLED_BY.match(command.text.strip())
    if typed is not None:
        return _settle(case, typed[1].lower(), int(typed[2]))
    waiting = outbox.unsettled(case.session, case.number)
    if not waiting:
        return case.say(f"Nothing of {case.number} waits to be sent.")
    return case.turn.answer([_spelled(each) for each in waiting], about=f"Outbox of {case.number}")


def tell_task(case: Case, *, closed: bool) -> Outcome:
    """Let the task that was filed know that its incident is over, or goes on after all."""
    settings = case.turn.house.config.phabricator
    number = parts.fields(case.session, case.number).get("filed")
    status = settings.status_closed if closed else settings.status_open
    comments = closed and settings.comment_on_close
    if number is None or settings.token is None or not (status or comments):
        return []
    text = closing_comment(report_of(case.session, case.turn.house, case.number), case.turn.house) if comments else ""
    return _add(case, IntentKind.UPDATE, text=text)


def _draft(case: Case) -> Outcome:
    settings = case.turn.house.config.phabricator
    report = report_of(case.session, case.turn.house, case.number)
    draft = FormDraft(
        title=title(report),
        description=report.summary or "",
        tags=settings.projects,
        priority=settings.priorities.get(case.incident.severity or 0),
        form=settings.form,
    )
    url = form_url(settings.url, draft)
    to = case.turn.request.channel or case.turn.request.person.nick
    written = Export(incident=case.number, forms=("remarkup",), to=to)
    return [case.turn.say(f"Fill in and save: {url}") if url else case.turn.say("Paste the file:"), written]


def _file(case: Case) -> Outcome:
    _require_service(case, "!ir task file")
    known = parts.fields(case.session, case.number)
    if known.get("filed"):
        raise RefusedError(f"It is filed already: {fields.task_url(case, known['filed'])}.")
    if "task" in known:
        return _send(case, IntentKind.COMMENT, saying=f"Commenting on {fields.task_url(case, known['task'])}")
    return _send(case, IntentKind.TASK, saying="Filing the task")


def _file_followups(case: Case, points: list[Point]) -> Outcome:
    _require_service(case, "!ir actions file")
    if not points:
        raise RefusedError("Every actionable has its task already, or there is none.")
    filed = [each for each in points if each.task]
    if filed:
        raise RefusedError(
            f"Actionable {filed[0].number} has a task already: {fields.task_url(case, str(filed[0].task))}."
        )
    if "task" not in parts.fields(case.session, case.number) and not _is_underway(case, IntentKind.TASK, 0):
        raise RefusedError("Follow-ups stand under the incident's task: !ir task file first, or !ir task T123.")
    for each in points:
        _refuse_twice(case, IntentKind.FOLLOW_UP, each.number)
        _add(case, IntentKind.FOLLOW_UP, subject=each.number)
    return [case.turn.say(f"Filing {plural(len(points), 'follow-up')}; I say when it is done."), Errand()]


def _sync(case: Case) -> Outcome:
    if case.turn.house.config.phabricator.token is None:
        raise RefusedError("Phabricator is not set up: [phabricator] token opens it.")
    return _send(case, IntentKind.SYNC, saying="Looking at the tasks")


def _send(case: Case, kind: IntentKind, *, saying: str) -> Outcome:
    _refuse_twice(case, kind, 0)
    return [case.turn.say(f"{saying}; I say when it is done."), *_add(case, kind)]


def _add(case: Case, kind: IntentKind, *, subject: int = 0, text: str = "") -> Outcome:
    turn = case.turn
    outbox.add(
        case.session,
        number=case.number,
        kind=kind,
        at=turn.now,
        subject=subject,
        text=text,
        person=turn.person,
        to=turn.request.channel or turn.request.person.nick,
    )
    return [Errand()]


def _refuse_twice(case: Case, kind: IntentKind, subject: int) -> None:
    if _is_underway(case, kind, subject):
        raise RefusedError(f"That is on its way already: !ir outbox shows where {kind.spoken} stands.")


def _is_underway(case: Case, kind: IntentKind, subject: int) -> bool:
    waiting = outbox.unsettled(case.session, case.number)
    return any(each.kind is kind and each.subject == subject for each in waiting)


def _settle(case: Case, what: str, number: int) -> Outcome:
    _require_trust(case, f"!ir outbox {what}")
    intent = outbox.get(case.session, number)
    if intent is None or intent.incident != case.number or intent not in outbox.unsettled(case.session, case.number):
        raise RefusedError(f"There is no {number} in the outbox of {case.number}: !ir outbox shows what is.")
    if what == "drop":
        outbox.set_outcome(case.session, number, state=IntentState.DROPPED.value)
        perhaps = " It may have been done all the same: nobody heard." if intent.sent_at else ""
        return case.say(f"Dropped: {intent.name}.{perhaps}")
    outbox.set_outcome(
        case.session,
        number,
        state=IntentState.WAITING.value,
        due_at=case.turn.now,
        told=False,
        to=case.turn.request.channel,
    )
    return [case.turn.say(f"Trying again: {intent.name}."), Errand()]


def _spelled(intent: Intent) -> str:
    since = f"since {intent.created_at:%H:%M}"
    why = f": {cut(intent.reason, 200)}" if intent.reason else ""
    tried = f", tried {plural(intent.attempts, 'time')}" if intent.attempts else ""
    return f"{intent.id}. {intent.name}, {intent.state} {since}{tried}{why}"


def _require_service(case: Case, command: str) -> None:
    _require_trust(case, command)
    settings = case.turn.house.config.phabricator
    if settings.token is None:
        raise RefusedError("Phabricator is not set up ([phabricator] token): !ir task draft gives a form to fill in.")
    if case.incident.private and not settings.private_policy:
        raise RefusedError("A private incident is filed only where [phabricator] private_policy says who may see it.")


def _require_trust(case: Case, command: str) -> None:
    if case.standing < Standing.TRUSTED:
        raise ForbiddenError(f"{command}: {NEEDED[Standing.TRUSTED]}")
