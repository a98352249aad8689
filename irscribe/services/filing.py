"""Filing by command: what is asked for becomes an intent, and the courier carries it out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from secrets import token_hex

from irscribe.commands import Command
from irscribe.config import MediaWiki
from irscribe.domain.errors import RefusedError
from irscribe.domain.intent import UNDERWAY, Intent, IntentKind, IntentState
from irscribe.domain.permission import Standing
from irscribe.domain.prose import plural
from irscribe.domain.record import Point
from irscribe.domain.request import Errand, Export
from irscribe.services import fields, items, permitting
from irscribe.services.drafting import form
from irscribe.services.reporting import report_of
from irscribe.services.turn import LINE, Case, Outcome
from models import outbox, parts

ONE = re.compile(r"#?(\d{1,6})\s+file$", re.IGNORECASE)
MARKER_BYTES = 8


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
    _require_service(case, "!ir action N file")
    return _file_followup(case, items.point_of(case, "action", int(one[1])))


def actions(case: Case, command: Command) -> Outcome:
    """List the follow-ups, file them all, or look what became of their tasks."""
    match command.text.strip().lower():
        case "file":
            return _file_followups(case)
        case "sync":
            return _sync(case)
        case _:
            return items.actions(case, command)


def publish(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Put the report on the wiki, once."""
    permitting.require_trust(case, spoken="!ir publish")
    known = parts.fields(case.session, case.number)
    if case.incident.private:
        raise RefusedError(f"Incident {case.number} is private and is not published.")
    if "published" in known:
        raise RefusedError(
            f"It is published already and never overwritten: {known['published']} (!ir export wikitext writes it anew)."
        )
    lacking = _lacking(case.turn.house.config.mediawiki)
    if lacking:
        raise RefusedError(f"There is no wiki set up ([mediawiki] {lacking}): !ir export wikitext writes the page.")
    if not case.incident.title:
        raise RefusedError("A page needs a name: !ir title TEXT gives the incident one.")
    return _send(case, IntentKind.PAGE, saying="Publishing the report")


def tell_task(case: Case) -> Outcome:
    """Let the task that was filed know that its incident is over, or goes on after all."""
    settings, known = case.turn.house.config.phabricator, parts.fields(case.session, case.number)
    told = settings.comment_on_close or settings.status_open or settings.status_closed
    if settings.token is None or not told or "filed" not in known or known["filed"] != known.get("task"):
        return []
    # an update that has not left yet tells what holds when it does
    if any(each.sent_at is None for each in underway(case, IntentKind.UPDATE)):
        return []
    return _add(case, IntentKind.UPDATE)


def unsettled(case: Case, kind: IntentKind, subject: int = 0) -> Sequence[Intent]:
    """What of a kind is still to be done, by the bot or by a person."""
    waiting = outbox.unsettled(case.session, case.number)
    return [each for each in waiting if each.kind is kind and each.subject == subject]


def underway(case: Case, kind: IntentKind, subject: int = 0) -> Sequence[Intent]:
    """What of a kind the bot is still at."""
    return [each for each in unsettled(case, kind, subject) if each.state in UNDERWAY]


def _lacking(wiki: MediaWiki) -> str:
    """The settings without which nothing is published."""
    if wiki.url is None:
        return "url"
    return "" if wiki.token or (wiki.account and wiki.password) else "account and password, or token"


def _draft(case: Case) -> Outcome:
    report, asked = report_of(case.session, case.turn.house, case.number), case.turn.request
    written = Export(incident=case.number, forms=("remarkup",), to=asked.origin, whom=asked.whom)
    beginning = "Fill in who may see it, then save: " if case.incident.private else "Look over and save: "
    url = form(report, case.turn.house, room=LINE - len(beginning))
    said = beginning + url if url else "The form's address is too long for a line: paste the file into a new task."
    return [case.turn.say(said), written]


def _file(case: Case) -> Outcome:
    _require_service(case, "!ir task file")
    known = parts.fields(case.session, case.number)
    filed, named = known.get("filed"), known.get("task")
    if filed and named in (filed, None):
        raise RefusedError(f"It is filed already: {fields.task_url(case, filed)}.")
    for kind in (IntentKind.TASK, IntentKind.COMMENT):
        _refuse_twice(case, kind, 0)
    if named:
        return _send(case, IntentKind.COMMENT, saying=f"Commenting on {fields.task_url(case, named)}")
    return _send(case, IntentKind.TASK, saying="Filing the task")


def _file_followup(case: Case, point: Point) -> Outcome:
    if point.task:
        raise RefusedError(f"Actionable {point.number} has a task already: {fields.task_url(case, point.task)}.")
    _refuse_twice(case, IntentKind.FOLLOW_UP, point.number)
    return _file_points(case, [point])


def _file_followups(case: Case) -> Outcome:
    _require_service(case, "!ir actions file")
    unfiled = [each for each in parts.points(case.session, case.number, "action") if each.task is None]
    if not unfiled:
        raise RefusedError("Every actionable has its task already, or there is none.")
    left = [each for each in unfiled if not underway(case, IntentKind.FOLLOW_UP, each.number)]
    if not left:
        raise RefusedError("They are all on their way already: !ir outbox shows where they stand.")
    return _file_points(case, left)


def _file_points(case: Case, points: Sequence[Point]) -> Outcome:
    if "task" not in parts.fields(case.session, case.number) and not underway(case, IntentKind.TASK):
        raise RefusedError("Follow-ups stand under the incident's task: !ir task file first, or !ir task TASK.")
    for each in points:
        _add(case, IntentKind.FOLLOW_UP, subject=each.number)
    return [case.turn.say(f"Filing {plural(len(points), 'follow-up')}; {_promise(case)}"), Errand()]


def _sync(case: Case) -> Outcome:
    permitting.require(case, "actions", Standing.JOINED, spoken="!ir actions sync")
    if case.turn.house.config.phabricator.token is None:
        raise RefusedError("Phabricator is not set up: [phabricator] token opens it.")
    points = parts.points(case.session, case.number, "action")
    if "task" not in parts.fields(case.session, case.number) and not any(each.task for each in points):
        raise RefusedError("There is no task to look at yet: !ir task file and !ir actions file make them.")
    return _send(case, IntentKind.SYNC, saying="Looking at the tasks")


def _send(case: Case, kind: IntentKind, *, saying: str) -> Outcome:
    _refuse_twice(case, kind, 0)
    return [case.turn.say(f"{saying}; {_promise(case)}"), *_add(case, kind)]


def _promise(case: Case) -> str:
    """Where the outcome is told: a nick may be somebody else's by then, a channel is not."""
    place = "" if case.turn.channel else f" in {case.incident.channel_name}"
    return f"I say{place} when it is done."


def _add(case: Case, kind: IntentKind, *, subject: int = 0) -> Outcome:
    """Have it done; what was refused before is tried again."""
    at, to = case.turn.now, case.turn.request.channel or case.incident.channel_name
    refused = [each for each in unsettled(case, kind, subject) if each.state is IntentState.REFUSED]
    # what an update may have told already is not what is to be told now
    if refused and (kind is not IntentKind.UPDATE or refused[-1].sent_at is None):
        outbox.revive(case.session, refused[-1].id, at=at, to=to)
        return [Errand()]
    marker = f"irscribe-{case.number}-{token_hex(MARKER_BYTES)}"
    values = {"subject": subject, "marker": marker, "person": case.turn.person, "to": to}
    outbox.add(case.session, number=case.number, kind=kind, at=at, **values)
    return [Errand()]


def _refuse_twice(case: Case, kind: IntentKind, subject: int) -> None:
    if underway(case, kind, subject):
        raise RefusedError(f"That is on its way already: !ir outbox shows where {kind.spoken} stands.")


def _require_service(case: Case, command: str) -> None:
    permitting.require_trust(case, spoken=command)
    settings = case.turn.house.config.phabricator
    if settings.token is None:
        raise RefusedError("Phabricator is not set up ([phabricator] token): !ir task draft gives a form to fill in.")
    if case.incident.private and not settings.private_policy:
        raise RefusedError("A private incident is filed only where [phabricator] private_policy says who may see it.")
