"""The filing commands: each adds an intent, which the outbox worker carries out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from irscribe.commands import NOTHING, Command, Group, Stricter, Verb
from irscribe.config import Phabricator, Subscribe
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Export, OutboxFilled, Outcome
from irscribe.domain.intent import UNDERWAY, Intent, IntentKind, IntentState, new_search_text
from irscribe.domain.permission import Standing
from irscribe.domain.prose import capital, listing
from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech, TaskName, joined, sentence
from irscribe.domain.taskfields import TaskField
from irscribe.domain.tasks import number_of
from irscribe.services.context.contexts import LINE_BYTES, IncidentContext
from irscribe.services.document import fields
from irscribe.services.filing import draft_form
from irscribe.services.report.assembly import report_of
from irscribe.services.report.exports import DRAFT_FORM
from models import outbox, parts
from models.visibility import is_public

DRAFT = re.compile("draft", re.IGNORECASE)
LONGEST_IN_PRIVATE = 2_000
"""Characters of a form's address at most that a person can be expected to put together again."""


@Verb(
    "task",
    "TASK | draft | file | none",
    does="names the task, drafts it or files it",
    example="task file",
    group=Group.INCIDENT,
    meant_by=("ticket", "issue", "bug"),
    free_text=False,
    standing=Standing.JOINED,
    stricter=(Stricter("file", Standing.TRUSTED),),
    reads_only=(DRAFT,),
    final_takes=(NOTHING, re.compile("draft|file", re.IGNORECASE)),
)
def task(ctx: IncidentContext, command: Command) -> Outcome:
    """Name the incident's task, draft it, or file it."""
    match command.text.strip().lower():
        case "draft":
            return _draft(ctx)
        case "file":
            return _file(ctx)
        case _:
            return _name_task(ctx, command)


def unsettled(ctx: IncidentContext, kind: IntentKind, subject: int = 0) -> Sequence[Intent]:
    """Give the intents of a kind that are not settled: the bot or a person has still to act."""
    waiting = outbox.unsettled(ctx.session, ctx.number)
    return [each for each in waiting if each.kind is kind and each.subject == subject]


def underway(ctx: IncidentContext, kind: IntentKind, subject: int = 0) -> Sequence[Intent]:
    """Give the intents of a kind that the bot has still to carry out."""
    return [each for each in unsettled(ctx, kind, subject) if each.state in UNDERWAY]


def _name_task(ctx: IncidentContext, command: Command) -> Outcome:
    """Show, set or empty the task; of one that was there before, say what filing would change."""
    before, outcome = parts.fields(ctx.session, ctx.number), fields.task(ctx, command)
    named = parts.fields(ctx.session, ctx.number).get("task")
    if named is None or named in (before.get("task"), before.get("filed")):
        return outcome
    hint = would_change(ctx)
    if not hint:
        return outcome
    return [replace(each, text=joined(" ", [each.text, hint])) if isinstance(each, Reply) else each for each in outcome]


def would_change(ctx: IncidentContext) -> Speech:
    """Say what filing would change of a task that was there before; empty where nothing can be filed."""
    settings = ctx.application.config.phabricator
    if settings.token is None:
        return ""
    return sentence("I change nothing there; {ir} task file would comment there with the report{}.", _changes(settings))


def _changes(settings: Phabricator) -> str:
    """Say what the bot changes of a task that was there before."""
    possible = [f"set its {each}" for each in _may_set(settings)]
    possible += [f"subscribe the {settings.subscribe.value}"] if settings.subscribe is not Subscribe.NONE else []
    possible += ["comment again at the close"] if settings.comment_on_close else []
    return f", and may {listing(possible)}" if possible else ", and change nothing else"


def _may_set(settings: Phabricator) -> Iterator[str]:
    for each in settings.existing:
        if each is not TaskField.STATUS or settings.status_open:
            yield each.spoken
        elif settings.status_closed:
            yield "status at the close"


def _draft(ctx: IncidentContext) -> Outcome:
    """Give the form with the whole description if it fits into a line, or in private; else with the summary."""
    _require_server(ctx.application.config.phabricator)
    report = report_of(ctx.session, ctx.application, ctx.number)
    beginning = "Look over and save: " if is_public(ctx.incident) else "Fill in who may see it, then save: "
    whole = draft_form.whole_form(report, ctx.application)
    if whole and len(beginning + whole) <= LINE_BYTES:
        return [ctx.reply(beginning + whole)]
    if whole and len(whole) <= LONGEST_IN_PRIVATE:
        return ctx.answer_in_private(
            [beginning + whole], about="The form's address takes several lines, to be put together"
        )
    short = draft_form.short_form(report, ctx.application, room=LINE_BYTES - len(beginning))
    said = beginning + short if short else "The form's address is too long for a line."
    return [ctx.reply(said), _draft_file(ctx)]


def _draft_file(ctx: IncidentContext) -> Export:
    """Have the whole description written: as a page with a link to the form where people can open it."""
    opened = ctx.application.config.reports_url and is_public(ctx.incident)
    form, asked = DRAFT_FORM if opened else "remarkup", ctx.request
    return Export(
        incident=ctx.number, forms=(form,), to=asked.origin, asker=asked.asker, recipient_keys=asked.recipient_keys
    )


def _file(ctx: IncidentContext) -> Outcome:
    require_service(ctx)
    known = parts.fields(ctx.session, ctx.number)
    filed, named = known.get("filed"), known.get("task")
    if filed and named == filed:
        raise RefusedError(f"It is filed already: {fields.task_url(ctx, filed)}.")
    if filed and named is None and "none:task" not in known:
        raise RefusedError(
            sentence(
                "It was filed as {}, which is not named here any more: {ir} task {} names it again; {ir} task none, "
                "then {ir} task file, files another one.",
                fields.task_url(ctx, filed),
                TaskName(number_of(filed)),
            )
        )
    for kind in (IntentKind.TASK, IntentKind.COMMENT):
        refuse_twice(ctx, kind, 0)
    if named:
        changes = _changes(ctx.application.config.phabricator)
        return send(ctx, IntentKind.COMMENT, saying=f"Commenting on {fields.task_url(ctx, named)}{changes}")
    beside = f" beside {fields.task_url(ctx, filed)}, which stays as it is" if filed else ""
    return send(ctx, IntentKind.TASK, saying=f"Filing the task{beside}")


def send(ctx: IncidentContext, kind: IntentKind, *, saying: str) -> Outcome:
    """Add an intent and say so; refuse if one of its kind is on its way."""
    refuse_twice(ctx, kind, 0)
    return [ctx.reply(f"{saying}; {promise(ctx)}"), *add(ctx, kind)]


def promise(ctx: IncidentContext) -> str:
    """Say where the result will be said: in a channel, as a nick may be somebody else's by then."""
    place = "" if ctx.channel else f" in {ctx.incident.channel_name}"
    return f"I say{place} when it is done."


def add(ctx: IncidentContext, kind: IntentKind, *, subject: int = 0) -> Outcome:
    """Add an intent; one that was refused before is tried again instead."""
    at, to = ctx.now, ctx.request.channel or ctx.incident.channel_name
    refused = [each for each in unsettled(ctx, kind, subject) if each.state is IntentState.REFUSED]
    if refused:
        outbox.revive(ctx.session, refused[-1].id, at=at, to=to, person=ctx.person)
        return [OutboxFilled()]
    values = {"subject": subject, "person": ctx.person, "to": to}
    outbox.add(ctx.session, number=ctx.number, kind=kind, at=at, search_text=new_search_text(ctx.number), **values)
    return [OutboxFilled()]


def refuse_twice(ctx: IncidentContext, kind: IntentKind, subject: int) -> None:
    """Refuse what is on its way already."""
    if underway(ctx, kind, subject):
        raise RefusedError(sentence("That is on its way already: {ir} outbox shows where {} stands.", kind.spoken))


def require_service(ctx: IncidentContext) -> None:
    """Refuse to file where no server is set up for it, or not for this incident."""
    settings = ctx.application.config.phabricator
    require_token(settings)
    require_same_server(ctx)
    if not is_public(ctx.incident) and not settings.private_policy:
        raise RefusedError("A private incident is filed only where [phabricator] private_policy says who may see it.")


def _require_server(settings: Phabricator) -> None:
    if settings.url is None:
        raise RefusedError(
            sentence("There is no task server set up: {ir} export writes the report, and {ir} task TASK names a task.")
        )


def require_same_server(ctx: IncidentContext) -> None:
    """Refuse to file for an imported incident whose tasks are on another server."""
    tracker = ctx.application.tracker(parts.fields(ctx.session, ctx.number))
    if tracker != ctx.application.config.phabricator.url:
        there = f"on {tracker}" if tracker else "on a server that its report does not name"
        raise RefusedError(f"Incident {ctx.number} was imported, and its tasks are {there}: nothing is filed for it.")


def require_token(settings: Phabricator) -> None:
    """Refuse to ask the server without a token."""
    _require_server(settings)
    if settings.token is None:
        raise RefusedError(
            sentence(
                "{} is not set up ([phabricator] token): {ir} task draft gives a form to fill in.",
                capital(settings.name),
            )
        )
