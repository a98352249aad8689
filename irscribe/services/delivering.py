"""Carrying intents out: what is sent, how it is found again, and what the record learns of it.

Nothing here holds a transaction while it speaks to a service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from irscribe.domain.errors import ServiceRefusedError, ServiceUnavailableError
from irscribe.domain.intent import Intent, IntentKind
from irscribe.domain.report import Actionable, Report, Role
from irscribe.domain.request import fold
from irscribe.integrations.tasks import FiledTask, TaskChange, TaskDraft, TaskState
from irscribe.integrations.wikititle import page_title
from irscribe.render import render
from irscribe.services import drafting
from irscribe.services.exporting import style
from irscribe.services.turn import House
from models import Session, parts
from models.changes import Trail

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit
    from irscribe.integrations.mediawiki import Page, Wiki

KEYWORD_POLICIES = frozenset({"public", "users", "admin", "no-one"})


class Clients(Protocol):
    """The services, each made when first asked for."""

    def phabricator(self) -> Conduit:
        """The server tasks are filed on."""

    def wiki(self) -> Wiki:
        """The wiki pages are published on."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """An intent with what it needs: the report, the frozen text, the number of the incident's task."""

    intent: Intent
    report: Report
    house: House
    text: str
    task: int | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How one kind is carried out; ``look`` says what an earlier attempt has left, None for nothing."""

    compose: Callable[[Intent, Report, House], str]
    look: Callable[[Job, Clients], Any]
    send: Callable[[Job, Clients], Any]
    record: Callable[[Session, Job, Any], str]


def _task_text(intent: Intent, report: Report, house: House) -> str:
    return drafting.description(report, house, mark=drafting.marker(report.incident.network, intent))


def _look_for_task(job: Job, clients: Clients) -> FiledTask | None:
    server = clients.phabricator()
    mark = drafting.marker(job.report.incident.network, job.intent)
    return server.find_task(mark, author=server.whoami().phid, since=job.intent.created_at)


def _create_task(job: Job, clients: Clients) -> FiledTask:
    server, settings = clients.phabricator(), job.house.config.phabricator
    policy = _policy(job, server)
    return server.create_task(
        TaskDraft(
            title=drafting.title(job.report),
            description=job.text,
            priority=settings.priorities.get(job.report.incident.severity or 0),
            projects=_projects(server, settings.projects, setting="projects"),
            owner=_owner(job, server),
            status=settings.status_open or None if job.report.incident.closed_at is None else None,
            view=policy,
            edit=policy,
        )
    )


def _record_task(session: Session, job: Job, filed: FiledTask) -> str:
    for name in ("task", "filed"):
        parts.set_field(session, _trail(job), name, f"T{filed.number}")
    return f"The task of {job.intent.incident} is {filed.url}"


def _description(_intent: Intent, report: Report, house: House) -> str:
    return drafting.description(report, house)


def _look_for_comment(job: Job, clients: Clients) -> bool | None:
    if not job.text:
        return None
    server, author = clients.phabricator(), clients.phabricator().whoami().phid
    return server.find_comment(_number(job), job.text, author=author, since=job.intent.created_at) or None


def _comment(job: Job, clients: Clients) -> bool:
    clients.phabricator().comment(_number(job), job.text)
    return True


def _record_comment(session: Session, job: Job, _done: bool) -> str:  # noqa: FBT001 - what look and send give
    parts.set_field(session, _trail(job), "filed", f"T{_number(job)}")
    return f"The report of {job.intent.incident} is on its task: {job.house.config.phabricator.url}/T{_number(job)}"


def _frozen(intent: Intent, _report: Report, _house: House) -> str:
    return intent.text


def _update(job: Job, clients: Clients) -> bool:
    settings = job.house.config.phabricator
    status = settings.status_open if job.report.incident.closed_at is None else settings.status_closed
    clients.phabricator().edit_task(_number(job), TaskChange(status=status or None, comment=job.text or None))
    return True


def _record_update(_session: Session, job: Job, _done: bool) -> str:  # noqa: FBT001 - what look and send give
    return f"The task of {job.intent.incident} is up to date."


def _followup_text(intent: Intent, report: Report, _house: House) -> str:
    mark = drafting.marker(report.incident.network, intent)
    return drafting.followup_description(report, _actionable(report, intent), mark=mark)


def _create_followup(job: Job, clients: Clients) -> FiledTask:
    server, settings = clients.phabricator(), job.house.config.phabricator
    point, policy = _actionable(job.report, job.intent), _policy(job, server)
    parent = server.tasks([_number(job)]).get(_number(job))
    if parent is None:
        raise ServiceRefusedError(f"Phabricator has no task T{_number(job)}, or hides it: !ir task T123 names another.")
    return server.create_task(
        TaskDraft(
            title=drafting.followup_title(point),
            description=job.text,
            projects=_projects(server, settings.followup_projects, setting="followup_projects"),
            owner=_person(server, job, point.owner),
            parent=parent.phid,
            view=policy,
            edit=policy,
        )
    )


def _record_followup(session: Session, job: Job, filed: FiledTask) -> str:
    values = {"task": f"T{filed.number}", "task_title": None, "task_status": None}
    parts.set_point(session, _trail(job), "action", job.intent.subject, values=values)
    return f"The task of actionable {job.intent.subject} is {filed.url}"


def _nothing(_intent: Intent, _report: Report, _house: House) -> str:
    return ""


def _never(_job: Job, _clients: Clients) -> None:
    return None


def _read_tasks(job: Job, clients: Clients) -> Mapping[int, TaskState]:
    known = [each.task for each in job.report.actionables] + [job.report.metadata.task]
    return clients.phabricator().tasks(int(task.id.removeprefix("T")) for task in known if task)


def _record_tasks(session: Session, job: Job, states: Mapping[int, TaskState]) -> str:
    trail, task = _trail(job), job.report.metadata.task
    state = states.get(int(task.id.removeprefix("T"))) if task else None
    if state is not None:
        parts.set_field(session, trail, "task_title", state.title)
        parts.set_field(session, trail, "task_status", state.status_name)
    for point in job.report.actionables:
        found = states.get(int(point.task.id.removeprefix("T"))) if point.task else None
        if found is not None:
            values = {
                "task_title": found.title,
                "task_status": found.status_name,
                "owner": found.owner or point.owner,
                "done": point.done or found.closed,
            }
            parts.set_point(session, trail, "action", point.number, values=values)
    return f"The tasks of {job.intent.incident} were read: {len(states)} found. !ir actions shows them."


def _page_text(_intent: Intent, report: Report, house: House) -> str:
    return render(report, "wikitext", style(house))


def _page_name(job: Job) -> str:
    return page_title(job.report.incident.opened_at.date(), job.report.incident.title or "")


def _look_for_page(job: Job, clients: Clients) -> Page | None:
    return clients.wiki().look(_page_name(job), job.text)


def _publish(job: Job, clients: Clients) -> Page:
    return clients.wiki().publish(_page_name(job), job.text, summary=job.house.config.mediawiki.summary)


def _record_page(session: Session, job: Job, page: Page) -> str:
    parts.set_field(session, _trail(job), "published", page.url)
    return f"The report of {job.intent.incident} is published: {page.url}"


DELIVERIES: Mapping[IntentKind, Delivery] = {
    IntentKind.TASK: Delivery(compose=_task_text, look=_look_for_task, send=_create_task, record=_record_task),
    IntentKind.COMMENT: Delivery(compose=_description, look=_look_for_comment, send=_comment, record=_record_comment),
    IntentKind.UPDATE: Delivery(compose=_frozen, look=_look_for_comment, send=_update, record=_record_update),
    IntentKind.FOLLOW_UP: Delivery(
        compose=_followup_text, look=_look_for_task, send=_create_followup, record=_record_followup
    ),
    IntentKind.SYNC: Delivery(compose=_nothing, look=_never, send=_read_tasks, record=_record_tasks),
    IntentKind.PAGE: Delivery(compose=_page_text, look=_look_for_page, send=_publish, record=_record_page),
}


def _trail(job: Job) -> Trail:
    return Trail(incident=job.intent.incident, line=None, person=None, nick="", at=job.intent.due_at)


def _number(job: Job) -> int:
    if job.task is None:
        raise ServiceUnavailableError("It waits for the incident's own task.")
    return job.task


def _actionable(report: Report, intent: Intent) -> Actionable:
    for each in report.actionables:
        if each.number == intent.subject:
            return each
    raise ServiceRefusedError(f"Actionable {intent.subject} is gone: !ir outbox drop {intent.id}.")


def _projects(server: Conduit, slugs: tuple[str, ...], *, setting: str) -> tuple[str, ...]:
    found = server.projects(slugs) if slugs else {}
    unknown = [slug for slug in slugs if slug not in found]
    if unknown:
        raise ServiceRefusedError(f"Phabricator has no project {unknown[0]}: mend [phabricator] {setting}.")
    return tuple(found.values())


def _policy(job: Job, server: Conduit) -> str | None:
    if not job.report.incident.private:
        return None
    policy = job.house.config.phabricator.private_policy
    if not policy:
        raise ServiceRefusedError("A private incident is filed only with [phabricator] private_policy.")
    if policy in KEYWORD_POLICIES:
        return policy
    return _projects(server, (policy,), setting="private_policy")[0]


def _owner(job: Job, server: Conduit) -> str | None:
    serving = [each for each in job.report.metadata.responders if each.role is Role.COORDINATOR]
    return _person(server, job, serving[-1].account or None) if serving else None


def _person(server: Conduit, job: Job, account: str | None) -> str | None:
    if not account:
        return None
    name = job.house.config.phabricator.people.get(fold(account), account)
    return server.people([name]).get(name)
