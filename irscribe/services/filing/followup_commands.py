"""The commands about follow-ups that may file them or read their tasks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from irscribe.commands import ANYTHING, NOTHING, BareNumber, Command, Group, Phrase, Stricter, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import OutboxFilled, Outcome
from irscribe.domain.intent import UNDERWAY, IntentKind, new_search_text
from irscribe.domain.permission import Standing
from irscribe.domain.prose import plural
from irscribe.domain.record import Point
from irscribe.domain.sentence import TaskName, sentence
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.document import fields, followups
from irscribe.services.document.items import point_of
from irscribe.services.filing.filing_commands import (
    promise,
    refuse_twice,
    require_same_server,
    require_service,
    require_token,
    send,
    underway,
)
from models import outbox, parts

ONE = re.compile(r"#?(\d{1,6})\s+file$", re.IGNORECASE)
NOT_ASSIGNED = sentence(
    "Which one, to whom? {ir} assign N NAME gives follow-up N to NAME; {ir} ic NICK names the coordinator."
)


@Verb(
    "action",
    "TEXT [@OWNER] [TASK] | + TEXT | done N | N assign NAME | N due DATE | N TASK | N file | drop N | fix N TEXT "
    "| none",
    does="adds a follow-up, or changes one",
    example=sentence("action add a runbook @andrew {}", TaskName(234)),
    group=Group.REPORT,
    aliases=("todo", "followup", "follow-up"),
    phrases=(Phrase(word="assign", arguments="N NAME", typed=followups.ASSIGNED, meaning=r"\1 assign \2"),),
    meant_by=("task-add", "create-task"),
    refused={"assign": NOT_ASSIGNED},
    bare_number=BareNumber.UNCLEAR_ALONE,
    standing=Standing.JOINED,
    stricter=(Stricter("N file", Standing.TRUSTED, typed=ONE),),
    reads_only=(NOTHING,),
    final_takes=(NOTHING, followups.DONE, followups.GIVE, followups.ASSIGN, followups.DUE, ONE),
)
def action(ctx: IncidentContext, command: Command) -> Outcome:
    """Change the follow-ups, or file one."""
    one = ONE.match(command.text.strip())
    if one is None:
        return followups.action(ctx, command)
    require_service(ctx)
    return _file_followup(ctx, point_of(ctx, "action", int(one[1])))


@Verb(
    "actions",
    "[file|sync]",
    does="lists the follow-ups, files them, reads their tasks",
    example="actions file",
    group=Group.REPORT,
    meant_by=("todos", "followups", "tasks", "list-tasks", "list-my-tasks"),
    bare_number=BareNumber.INCIDENT,
    free_text=False,
    stricter=(Stricter("sync", Standing.JOINED), Stricter("file", Standing.TRUSTED)),
    reads_only=(NOTHING,),
    final_takes=(ANYTHING,),
)
def actions(ctx: IncidentContext, command: Command) -> Outcome:
    """List the follow-ups, file them all, or read the states of their tasks."""
    match command.text.strip().lower():
        case "file":
            return _file_followups(ctx)
        case "sync":
            return _sync(ctx)
        case _:
            return followups.actions(ctx, command)


def _file_followup(ctx: IncidentContext, point: Point) -> Outcome:
    if point.task:
        raise RefusedError(f"Actionable {point.number} has a task already: {fields.task_url(ctx, point.task)}.")
    refuse_twice(ctx, IntentKind.FOLLOW_UP, point.number)
    return _file_points(ctx, [point])


def _file_followups(ctx: IncidentContext) -> Outcome:
    require_service(ctx)
    unfiled = [each for each in parts.points(ctx.session, ctx.number, "action") if each.task is None]
    if not unfiled:
        raise RefusedError("Every actionable has its task already, or there is none.")
    waiting = outbox.unsettled(ctx.session, ctx.number)
    on_their_way = {each.subject for each in waiting if each.kind is IntentKind.FOLLOW_UP and each.state in UNDERWAY}
    left = [each for each in unfiled if each.number not in on_their_way]
    if not left:
        raise RefusedError(sentence("They are all on their way already: {ir} outbox shows where they stand."))
    return _file_points(ctx, left)


def _file_points(ctx: IncidentContext, points: Sequence[Point]) -> Outcome:
    if "task" not in parts.fields(ctx.session, ctx.number) and not underway(ctx, IntentKind.TASK):
        raise RefusedError(
            sentence("Follow-ups stand under the incident's task: {ir} task file first, or {ir} task TASK.")
        )
    _add_followups(ctx, [each.number for each in points])
    return [ctx.reply(f"Filing {plural(len(points), 'follow-up')}; {promise(ctx)}"), OutboxFilled()]


def _sync(ctx: IncidentContext) -> Outcome:
    require_token(ctx.application.config.phabricator)
    require_same_server(ctx)
    points = parts.points(ctx.session, ctx.number, "action")
    if "task" not in parts.fields(ctx.session, ctx.number) and not any(each.task for each in points):
        raise RefusedError(sentence("There is no task to look at yet: {ir} task file and {ir} actions file make them."))
    return send(ctx, IntentKind.SYNC, saying="Looking at the tasks")


def _add_followups(ctx: IncidentContext, subjects: Sequence[int]) -> None:
    """Add the intents of follow-ups; those that were refused before are tried again instead."""
    at, to = ctx.now, ctx.request.channel or ctx.incident.channel_name
    waiting = outbox.unsettled(ctx.session, ctx.number)
    refused = {each.subject: each.id for each in waiting if each.kind is IntentKind.FOLLOW_UP}
    for subject in subjects:
        if subject in refused:
            outbox.revive(ctx.session, refused[subject], at=at, to=to, person=ctx.person)
    outbox.add_all(
        ctx.session,
        number=ctx.number,
        kind=IntentKind.FOLLOW_UP,
        at=at,
        rows=[
            {"subject": each, "search_text": new_search_text(ctx.number), "person": ctx.person, "to": to}
            for each in subjects
            if each not in refused
        ],
    )
