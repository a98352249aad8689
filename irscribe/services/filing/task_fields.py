"""The fields of a task: as they should be, by the record and the settings, and as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from irscribe.config import Subscribe
from irscribe.domain.report import Actionable
from irscribe.domain.taskfields import TaskField, Values
from irscribe.services.filing import drafts, phabricator_names, task_text
from irscribe.services.filing.attempt import Attempt
from models.visibility import is_public

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit
    from irscribe.integrations.tasks import Priority, Status, TaskState

ANCHOR = re.compile(r"\{anchor #(?P<search_text>irscribe-[\w-]+)\}")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A task as it should be; a field that is None or empty is left alone.

    ``managed`` are the tags of all severities, ``tags`` those of this one. ``unknown_owner`` is a name that the server
    does not know.
    """

    title: str
    description: str
    priority: Priority | None = None
    owner: str | None = None
    unknown_owner: str | None = None
    status: Status | None = None
    tags: tuple[str, ...] | None = None
    managed: frozenset[str] = frozenset()
    subscribers: tuple[str, ...] = ()

    @property
    def priority_keyword(self) -> str | None:
        """The keyword by which an edit sets the priority."""
        return self.priority.keywords[0] if self.priority else None

    @property
    def values(self) -> Values:
        """The values of the fields that are not left alone."""
        values = {
            TaskField.TITLE: self.title,
            TaskField.DESCRIPTION: self.description,
            TaskField.PRIORITY: self.priority.number if self.priority else None,
            TaskField.OWNER: self.owner,
            TaskField.STATUS: self.status.keyword if self.status else None,
            TaskField.TAGS: None if self.tags is None else " ".join(sorted(self.tags)),
        }
        return {field: value for field, value in values.items() if value is not None}


def values_of(task: TaskState, managed: frozenset[str]) -> Values:
    """Give the values that a task has at the server."""
    return {
        TaskField.TITLE: task.title,
        TaskField.DESCRIPTION: task.description,
        TaskField.PRIORITY: task.priority,
        TaskField.OWNER: task.owner_phid,
        TaskField.STATUS: task.status,
        TaskField.TAGS: " ".join(sorted(managed & {*task.projects})),
    }


def search_text_in(task: TaskState) -> str:
    """Give the search text in a description that the bot wrote; empty if there is none."""
    found = ANCHOR.search(task.description)
    return found["search_text"] if found else ""


def of_incident(server: Conduit, attempt: Attempt, *, search_text: str) -> Wanted:
    """Give what the incident's task should be."""
    from irscribe.integrations.tasks import fit_text, fit_title

    settings, incident = attempt.application.config.phabricator, attempt.report.incident
    keyword = settings.priorities.get(incident.severity) if incident.severity is not None else None
    tags = _severity_tags(server, attempt) if is_public(incident) else {}
    text = task_text.description(attempt.report, attempt.application, search_text=search_text, page=attempt.page_url)
    return Wanted(
        title=fit_title(drafts.title(attempt.report)),
        description=fit_text(text),
        priority=phabricator_names.priority(server, keyword, setting="priorities"),
        owner=phabricator_names.person(server, attempt, attempt.coordinator),
        status=status(server, attempt),
        tags=tuple({tags[incident.severity]} if incident.severity in tags else ()) if tags else None,
        managed=frozenset(tags.values()),
        subscribers=_subscribers(server, attempt),
    )


def of_followup(server: Conduit, attempt: Attempt, point: Actionable, *, search_text: str) -> Wanted:
    """Give what a follow-up's task should be."""
    from irscribe.integrations.tasks import fit_text, fit_title

    keyword = attempt.application.config.phabricator.followup_priority
    owner = phabricator_names.person(server, attempt, point.owner)
    unknown = point.owner if owner is None else None
    text = task_text.followup_description(
        attempt.report,
        point,
        attempt.application,
        search_text=search_text,
        page=attempt.page_url,
        unknown_owner=unknown,
    )
    return Wanted(
        title=fit_title(drafts.followup_title(point)),
        description=fit_text(text),
        priority=phabricator_names.priority(server, keyword, setting="followup_priority"),
        owner=owner,
        unknown_owner=unknown,
    )


def status(server: Conduit, attempt: Attempt) -> Status | None:
    """Give the status of the task of an incident in this state; None if the settings leave it alone."""
    settings = attempt.application.config.phabricator
    if attempt.report.incident.closed_at is None:
        return phabricator_names.status(server, settings.status_open, setting="status_open")
    return phabricator_names.status(server, settings.status_closed, setting="status_closed")


def tags_of(server: Conduit, attempt: Attempt, *, followup: bool) -> tuple[str, ...]:
    """Give the projects with which a task is filed, without those of the severity."""
    settings = attempt.application.config.phabricator
    if not is_public(attempt.report.incident):
        return phabricator_names.projects(server, settings.private_projects, setting="private_projects")
    if followup:
        return phabricator_names.projects(server, settings.followup_projects, setting="followup_projects")
    return phabricator_names.projects(server, settings.projects, setting="projects")


def _severity_tags(server: Conduit, attempt: Attempt) -> Mapping[int | None, str]:
    settings = attempt.application.config.phabricator
    slugs = {severity: slug for severity, slug in settings.severity_projects.items() if slug not in settings.projects}
    found = phabricator_names.projects(server, tuple(slugs.values()), setting="severity_projects")
    return dict(zip(slugs, found, strict=True))


def _subscribers(server: Conduit, attempt: Attempt) -> tuple[str, ...]:
    match attempt.application.config.phabricator.subscribe:
        case Subscribe.COORDINATOR:
            named = [attempt.coordinator] if attempt.coordinator else []
        case Subscribe.RESPONDERS:
            named = [each.account for each in attempt.report.metadata.responders if each.account]
        case _:
            return ()
    return phabricator_names.accounts(server, attempt, named)
