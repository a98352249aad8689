"""Looks up the names that settings and record have for projects, people and policies at Phabricator.

The server takes most unknown names without a word, so each is looked up first; a refusal names the setting to correct.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from irscribe.config import Phabricator
from irscribe.domain.errors import HiddenTaskError, ServiceRefusedError
from irscribe.domain.prose import listing
from irscribe.domain.sentence import sentence
from irscribe.domain.tasks import name_of
from irscribe.services.filing.attempt import Attempt
from models.visibility import is_public

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit
    from irscribe.integrations.tasks import Priority, Status, TaskState

OPEN_POLICIES = frozenset({"public", "users"})
"""Policies by which everybody sees a task, or everybody with an account."""
KEYWORD_POLICIES = OPEN_POLICIES | {"admin", "no-one"}


def projects(server: Conduit, slugs: Sequence[str], *, setting: str) -> tuple[str, ...]:
    """Give the PHIDs of projects."""
    found = server.projects(slugs) if slugs else {}
    unknown = [slug for slug in slugs if slug not in found]
    if unknown:
        raise ServiceRefusedError(
            f"{server.name} has no project {listing(unknown)}, or hides it from the bot: mend [phabricator] {setting}."
        )
    return tuple(found[slug] for slug in slugs)


def policy(server: Conduit, settings: Phabricator) -> str:
    """Give the policy for tasks of private incidents, as a keyword or a PHID."""
    named = settings.private_policy
    if not named:
        raise ServiceRefusedError("A private incident is filed only where [phabricator] private_policy says for whom.")
    if named in KEYWORD_POLICIES:
        return named
    return projects(server, (named,), setting="private_policy")[0]


def policy_for(server: Conduit, attempt: Attempt) -> str | None:
    """Give the policy for the task that an attempt files; None for the server's default."""
    return None if is_public(attempt.report.incident) else policy(server, attempt.application.config.phabricator)


def priority(server: Conduit, keyword: str | None, *, setting: str) -> Priority | None:
    """Give the priority for the keyword in a setting; None if there is no keyword."""
    known = server.priorities() if keyword else ()
    found = next((each for each in known if keyword in each.keywords), None)
    if keyword and found is None:
        names = listing([name for each in known for name in each.keywords])
        raise ServiceRefusedError(
            f"{server.name} has no priority {keyword}: mend [phabricator] {setting}, it knows {names}."
        )
    return found


def status(server: Conduit, keyword: str, *, setting: str) -> Status | None:
    """Give the status for the keyword in a setting; None if the keyword is empty."""
    if not keyword:
        return None
    known = {each.keyword: each for each in server.statuses()}
    if keyword not in known:
        raise ServiceRefusedError(
            f"{server.name} has no status {keyword}: mend [phabricator] {setting}, it knows {listing(list(known))}."
        )
    return known[keyword]


def person(server: Conduit, attempt: Attempt, name: str | None) -> str | None:
    """Give the PHID of a person by account or nick; None if the server does not know them."""
    if not name:
        return None
    called = username(attempt, name)
    return server.people([called]).get(called)


def accounts(server: Conduit, attempt: Attempt, named: Sequence[str]) -> tuple[str, ...]:
    """Give the PHIDs of the people with these accounts on IRC whom the server knows."""
    return tuple(sorted(server.people([username(attempt, each) for each in named]).values())) if named else ()


def username(attempt: Attempt, name: str) -> str:
    """Give a person's username on Phabricator, by account or nick."""
    account = _account(attempt, name)
    return attempt.casemapping.value_of(attempt.application.config.phabricator.people, account) or account


def there(server: Conduit, number: int) -> TaskState:
    """Give a task that exists.

    Raises HiddenTaskError if there is none, or the bot does not see it.
    """
    found = server.tasks([number]).get(number)
    if found is None:
        raise HiddenTaskError(
            sentence(
                "{} has no {}, or hides it from the bot: {ir} task TASK names another.",
                server.name,
                server.task_url(number),
            ),
            task=name_of(number),
        )
    return found


def fit(server: Conduit, attempt: Attempt, number: int) -> TaskState:
    """Give a task that exists, and that no more people can see than may see the report.

    Raises ServiceRefusedError if there is none.
    """
    found = there(server, number)
    require_fit(found, policy_for(server, attempt))
    return found


def require_fit(task: TaskState, policy: str | None) -> None:
    """Accept only a task that no more people can see than a policy allows; None allows everybody."""
    if policy is not None and task.view != policy:
        raise ServiceRefusedError(
            f"The incident is private, but not only those of [phabricator] private_policy see {task.url}: make it so."
        )


def _account(attempt: Attempt, name: str) -> str:
    """Give the account of a responder by nick or name; the name itself if there is none."""
    for each in attempt.report.metadata.responders:
        if each.account and any(attempt.casemapping.same(name, known) for known in (each.name, each.nick) if known):
            return each.account
    return name
