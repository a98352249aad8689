"""Checks the settings for Phabricator and the wiki against the services; each finding names the setting to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from irscribe.config import Config
from irscribe.domain.errors import OtherServiceError, ServiceError, ServiceRefusedError
from irscribe.domain.prose import listing
from irscribe.integrations.taskform import DEFAULT_FORM
from irscribe.services.filing import phabricator_names
from irscribe.services.filing.clients import Clients

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit


class Verdict(StrEnum):
    """The result of a check: well, out of reach for now, or wrong until a setting is changed."""

    WELL = "well"
    PASSING = "passing"
    WRONG = "wrong"


@dataclass(frozen=True)
class Point:
    """One finding."""

    verdict: Verdict
    text: str


def inspect_phabricator(config: Config, clients: Clients) -> Iterator[Point]:
    """Check token, user, projects, priorities, statuses, policy and people; nothing is written."""
    settings = config.phabricator
    if settings.token is None:
        nothing = "no [phabricator] url: task numbers are no links, and nothing is filed"
        drafts = "no [phabricator] token: tasks are drafted, not filed"
        yield Point(Verdict.WELL, nothing if settings.url is None else drafts)
        return
    if settings.url is None:
        yield Point(Verdict.WRONG, "[phabricator] token is set without url: write the address of the server.")
        return
    server = clients.phabricator()
    for look in LOOKS:
        point, away = _judged(look, server, config)
        if point.text:
            yield point
        if away or (look is _user and point.verdict is Verdict.WRONG):
            return


def inspect_wiki(config: Config, clients: Clients, *, templates: Sequence[str] = ()) -> Iterator[Point]:
    """Check login, rights, state and whether the wiki has these templates; nothing is written."""
    settings = config.mediawiki
    if settings.url is None or not settings.has_login:
        yield Point(Verdict.WELL, f"no [mediawiki] {'url' if settings.url is None else 'login'}: nothing is published")
        return
    try:
        wiki = clients.wiki()
    except ServiceRefusedError as refusal:
        yield Point(Verdict.WRONG, str(refusal))
        return
    for each in wiki.check(task_prefix=settings.task_prefix, templates=templates):
        unwell = Verdict.PASSING if each.passing else Verdict.WRONG
        yield Point(Verdict.WELL if each.well else unwell, each.text)


def _judged(look: Callable[[Conduit, Config], str | Point], server: Conduit, config: Config) -> tuple[Point, bool]:
    """Give the finding, and whether the server is away, so that nothing more can be asked."""
    try:
        found = look(server, config)
    except (ServiceRefusedError, OtherServiceError) as refusal:
        return Point(Verdict.WRONG, str(refusal)), isinstance(refusal, OtherServiceError)
    except ServiceError as failure:
        return Point(Verdict.PASSING, str(failure)), True
    return (found if isinstance(found, Point) else Point(Verdict.WELL, found)), False


def _user(server: Conduit, config: Config) -> str:
    return f"{config.phabricator.url}, as {server.whoami().name}"


def _projects(server: Conduit, config: Config) -> str:
    named = config.phabricator.projects
    return _found("projects", named, phabricator_names.projects(server, named, setting="projects"))


def _followup_projects(server: Conduit, config: Config) -> str:
    named = config.phabricator.followup_projects
    return _found("followup_projects", named, phabricator_names.projects(server, named, setting="followup_projects"))


def _found(setting: str, named: tuple[str, ...], phids: tuple[str, ...]) -> str:
    return f"{setting}: {listing([f'{name} ({phid})' for name, phid in zip(named, phids, strict=True)]) or 'none'}"


def _priorities(server: Conduit, config: Config) -> str:
    settings = config.phabricator
    for keyword in settings.priorities.values():
        phabricator_names.priority(server, keyword, setting="priorities")
    phabricator_names.priority(server, settings.followup_priority, setting="followup_priority")
    named = [f"{severity}={keyword}" for severity, keyword in sorted(settings.priorities.items())]
    return f"priorities: {listing(named) or 'none'}"


def _statuses(server: Conduit, config: Config) -> str:
    settings = config.phabricator
    named = {"status_open": settings.status_open, "status_closed": settings.status_closed}
    found = [
        f"{setting} is {status.name}"
        for setting, keyword in named.items()
        if (status := phabricator_names.status(server, keyword, setting=setting))
    ]
    return f"statuses: {listing(found) or 'left alone'}"


def _policy(server: Conduit, config: Config) -> str | Point:
    named = config.phabricator.private_policy
    if not named:
        return "no private_policy: private incidents are not filed"
    policy, bot = phabricator_names.policy(server, config.phabricator), server.whoami()
    if policy in phabricator_names.OPEN_POLICIES:
        whom = "everybody sees" if policy == "public" else "everybody with an account sees"
        return Point(
            Verdict.PASSING, f"[phabricator] private_policy is {named}: {whom} the tasks of private incidents."
        )
    passes = bot.administrator if policy in phabricator_names.KEYWORD_POLICIES else bot.phid in server.members(policy)
    if policy == "no-one" or not passes:
        raise ServiceRefusedError(
            f"{bot.name} would not see what it restricts to {named}: name a project in which it is in [phabricator] "
            "private_policy."
        )
    return f"private_policy: {named} ({policy})"


def _private_projects(server: Conduit, config: Config) -> str:
    named = config.phabricator.private_projects
    found = phabricator_names.projects(server, named, setting="private_projects")
    return _found("private_projects", named, found) if named else ""


def _severity_projects(server: Conduit, config: Config) -> str:
    named = tuple(config.phabricator.severity_projects.values())
    found = phabricator_names.projects(server, named, setting="severity_projects")
    return _found("severity_projects", named, found) if named else ""


def _form(server: Conduit, config: Config) -> str:
    named = config.phabricator.form
    if named != DEFAULT_FORM and server.lacks_form(named):
        raise ServiceRefusedError(f"{server.name} has no form {named}: mend [phabricator] form.")
    return ""


def _people(server: Conduit, config: Config) -> str:
    named = sorted(set(config.phabricator.people.values()))
    unknown = sorted(set(named) - server.people(named).keys())
    if unknown:
        raise ServiceRefusedError(f"{server.name} knows no {listing(unknown)}: mend [phabricator] people.")
    return f"people: {listing(named)}" if named else ""


LOOKS = (
    _user,
    _projects,
    _followup_projects,
    _private_projects,
    _severity_projects,
    _priorities,
    _statuses,
    _policy,
    _people,
    _form,
)
