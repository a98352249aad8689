"""Client of Conduit, the API of Phabricator and Phorge: files tasks, changes them, finds them.

A task is filed or changed by one call; the caller has asked for projects, statuses and the task before. Closing a task
does not make the bot its owner. Nothing is sent twice; after an ``OutcomeUnknownError`` the caller looks with
``find_task`` or ``find_comment`` before sending again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

from irscribe.domain.taskfields import TaskField
from irscribe.domain.tasks import name_of, url_of
from irscribe.integrations import envelope
from irscribe.integrations.http import Http, Wire
from irscribe.integrations.tasks import (
    Account,
    FiledTask,
    Priority,
    Status,
    TaskChange,
    TaskDraft,
    TaskState,
    Transaction,
    alteration,
    creation,
)

_Named = TypeVar("_Named", int, str)
_Thing = TypeVar("_Thing", int, str)

RESULTS_PER_PAGE = 100
"""Most results of one search, and most values in one constraint."""

CLOCK_DIFFERENCE = timedelta(days=1)
"""The most by which the server's clock may differ; a search text is unique, so the time only narrows the search."""


def connect(url: str, token: str, *, name: str, contact: str = "", ca_file: Path | None = None) -> Conduit:
    """Make a client of the server at ``url``, which sentences call ``name``; it sends nothing yet."""
    wire = Wire(service=name, section="phabricator", contact=contact, ca_file=ca_file, secrets=(token,))
    return Conduit(url, token, Http(wire))


class Conduit:
    """A client of one server with one account; every method raises the three kinds of ``ServiceError``."""

    def __init__(self, url: str, token: str, http: Http) -> None:
        self._url = url.rstrip("/")
        self._token = token.strip()
        self._http = http
        http.hide(self._token)

    @property
    def name(self) -> str:
        """The name of the server where it begins a sentence."""
        return self._http.wire.subject

    def task_url(self, number: int) -> str:
        """The address at which people read a task."""
        return url_of(self._url, name_of(number))

    def whoami(self) -> Account:
        """Give the account of the token."""
        found = self._call("user.whoami")
        with self._understood():
            roles = found["roles"]
            return Account(phid=_phid(found["phid"]), name=str(found["userName"]), administrator="admin" in roles)

    def create_task(self, draft: TaskDraft) -> FiledTask:
        """File a task in one call; its only subscriber is the account itself."""
        made = self._call("maniphest.edit", {"transactions": creation(draft)}, changes=True)
        with self._understood(changes=True):
            return self._filed(made["object"])

    def edit_task(self, task: TaskState, change: TaskChange) -> None:
        """Change a task atomically; a change without a comment can be repeated without harm."""
        transactions = alteration(change, owned=task.owned)
        if transactions:
            # Without a number the same call would create a task.
            number = _required(task.number)
            self._call("maniphest.edit", {"objectIdentifier": number, "transactions": transactions}, changes=True)

    def comment(self, task: TaskState, text: str) -> None:
        """Comment on a task; a repeated call would add the comment twice."""
        self.edit_task(task, TaskChange(comment=text))

    def find_task(self, search_text: str, *, author: str, since: datetime) -> FiledTask | None:
        """Find the first task by ``author`` (a PHID), created about ``since`` or later, with the search text in it."""
        return next(iter(self.find_tasks(search_text, author=author, since=since)), None)

    def find_tasks(self, search_text: str, *, author: str, since: datetime) -> tuple[FiledTask, ...]:
        """Find all such tasks, the first filed first.

        The server reads its database for this, not its search index, so a task is found as soon as it is created.
        """
        pattern = _standing_alone(search_text)
        # An empty list would count as no constraint and match everybody's tasks.
        constraints = {"authorPHIDs": [_required(author)], "createdStart": _epoch(since - CLOCK_DIFFERENCE)}
        found: list[FiledTask] = []
        for task in self._search("maniphest.search", {"constraints": constraints, "order": "newest"}):
            with self._understood():
                if pattern.search(task["fields"]["description"]["raw"]):
                    found.append(self._filed(task))
        return tuple(reversed(found))

    def find_comment(self, number: int, search_text: str, *, author: str, since: datetime) -> bool:
        """True if ``author`` (a PHID) commented on a task with the search text, about ``since`` or later."""
        pattern, earliest = _standing_alone(search_text), _epoch(since - CLOCK_DIFFERENCE)
        question = {"objectIdentifier": name_of(_required(number)), "constraints": {"authorPHIDs": [_required(author)]}}
        for transaction in self._search("transaction.search", question):
            with self._understood():
                if int(transaction["dateCreated"]) < earliest:
                    return False
                if any(pattern.search(said["content"]["raw"]) for said in transaction["comments"]):
                    return True
        return False

    def history(self, number: int) -> Iterator[Transaction]:
        """Give the changes of a task's own fields (not of its projects), the latest first."""
        for found in self._search("transaction.search", {"objectIdentifier": name_of(_required(number))}):
            with self._understood():
                if found["type"] in _RECORDED:
                    field, values = TaskField(found["type"]), found["fields"]
                    old, new = (_recorded(values[each]) for each in ("old", "new"))
                    yield Transaction(author=_phid(found["authorPHID"]), field=field, old=old, new=new)

    def tasks(self, numbers: Iterable[int]) -> dict[int, TaskState]:
        """Give the states of tasks; tasks that do not exist or are hidden from the account are left out."""
        found: list[dict[str, Any]] = []
        for some in _parts(sorted(set(numbers))):
            found += self._search("maniphest.search", {"constraints": {"ids": some}, "attachments": {"projects": True}})
        with self._understood():
            names = self.names(task["fields"]["ownerPHID"] for task in found)
            states = [self._state(task, names) for task in found]
        return {state.number: state for state in states}

    def projects(self, slugs: Iterable[str]) -> dict[str, str]:
        """Give the PHIDs of projects by slug as given (with or without ``#``); unknown projects are left out."""
        found: dict[str, str] = {}
        for some in _parts(sorted({slug for slug in slugs if slug.strip("# ")})):
            answer = self._call("project.search", {"constraints": {"slugs": some}, "limit": RESULTS_PER_PAGE})
            with self._understood():
                # The server gives an empty map as a list.
                entries = answer["maps"]["slugMap"] or {}
                found |= {slug: _phid(entry["projectPHID"]) for slug, entry in entries.items()}
        return found

    def lacks_form(self, form: str) -> bool:
        """True if the server certainly has no such form for tasks; one that asks for a login first does not say."""
        answer = self._http.get(f"{self._url}/maniphest/task/edit/form/{form}/", {})
        return answer.status == HTTPStatus.NOT_FOUND

    def members(self, project: str) -> frozenset[str]:
        """Give the PHIDs of the members of a project, by its PHID."""
        question = {"constraints": {"phids": [_required(project)]}, "attachments": {"members": True}}
        found: set[str] = set()
        for each in self._search("project.search", question):
            with self._understood():
                found |= {_phid(member["phid"]) for member in each["attachments"]["members"]["members"]}
        return frozenset(found)

    def people(self, usernames: Iterable[str]) -> dict[str, str]:
        """Give the PHIDs of accounts by username as given, in any case; unknown and disabled accounts are left out."""
        asked = {name: name.strip().removeprefix("@").casefold() for name in usernames}
        phids: dict[str, str] = {}
        for some in _parts(sorted({name for name in asked.values() if name})):
            for user in self._search("user.search", {"constraints": {"usernames": some}}):
                with self._understood():
                    if "disabled" not in user["fields"]["roles"]:
                        phids[user["fields"]["username"].casefold()] = _phid(user["phid"])
        return {name: phids[folded] for name, folded in asked.items() if folded in phids}

    def names(self, phids: Iterable[str | None]) -> dict[str, str]:
        """Give the usernames of accounts by PHID."""
        found: dict[str, str] = {}
        for some in _parts(sorted({phid for phid in phids if phid})):
            for user in self._search("user.search", {"constraints": {"phids": some}}):
                with self._understood():
                    found[_phid(user["phid"])] = str(user["fields"]["username"])
        return found

    def priorities(self) -> tuple[Priority, ...]:
        """Give the priorities that a task can have."""
        found = self._call("maniphest.priority.search")
        with self._understood():
            return tuple(
                Priority(keywords=tuple(one["keywords"]), name=str(one["name"]), number=str(one["value"]))
                for one in found["data"]
            )

    def statuses(self) -> tuple[Status, ...]:
        """Give the statuses that a task can have."""
        found = self._call("maniphest.status.search")
        with self._understood():
            return tuple(
                Status(keyword=str(one["value"]), name=str(one["name"]), closed=bool(one["closed"]))
                for one in found["data"]
            )

    def _call(self, method: str, parameters: dict[str, Any] | None = None, *, changes: bool = False) -> Any:
        """Make one call, with its parameters as one JSON document, which keeps the types of values."""
        document = {**(parameters or {}), "__conduit__": {"token": self._token}}
        form = {"params": json.dumps(document), "output": "json"}
        answer = self._http.post(f"{self._url}/api/{method}", form, changes=changes)
        return envelope.read(answer, self._http, changes=changes)

    def _search(self, method: str, parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Give all results of a search, page by page."""
        after = None
        while True:
            page = self._call(method, {**parameters, "limit": RESULTS_PER_PAGE, **({"after": after} if after else {})})
            with self._understood():
                found, after = list(page["data"]), page["cursor"]["after"]
            yield from found
            if after is None:
                return

    @contextmanager
    def _understood(self, *, changes: bool = False) -> Iterator[None]:
        """Turn a missing value in an answer, or one of another type, into a ServiceError."""
        try:
            yield
        except (KeyError, TypeError, ValueError, AttributeError):
            server = self._http.wire.subject
            sentence = f"{server} answered in a way irscribe does not understand: is its version very old or very new?"
            raise self._http.lost(sentence, changes=changes) from None

    def _filed(self, task: dict[str, Any]) -> FiledTask:
        number = int(task["id"])
        return FiledTask(number=number, phid=_phid(task["phid"]), url=self.task_url(number))

    def _state(self, task: dict[str, Any], names: dict[str, str]) -> TaskState:
        fields = task["fields"]
        number = int(task["id"])
        return TaskState(
            number=number,
            phid=_phid(task["phid"]),
            url=self.task_url(number),
            title=str(fields["name"]),
            status=str(fields["status"]["value"]),
            status_name=str(fields["status"]["name"]),
            closed=fields["dateClosed"] is not None,
            owned=fields["ownerPHID"] is not None,
            owner=names.get(fields["ownerPHID"]),
            author=_phid(fields["authorPHID"]),
            owner_phid=fields["ownerPHID"] or "",
            priority=str(fields["priority"]["value"]),
            projects=tuple(task["attachments"]["projects"]["projectPHIDs"]),
            view=str(fields["policy"]["view"]),
            description=str(fields["description"]["raw"]),
        )


_RECORDED = frozenset(TaskField) - {TaskField.TAGS}
"""The fields whose transactions name the value before and after; that of a priority is an object."""


def _recorded(value: Any) -> str:
    return str(value["value"]) if isinstance(value, dict) else value or ""


def _required(value: _Named) -> _Named:
    """Give the value, or raise ValueError if it is empty, which the server reads as everything or as a new task."""
    if not value:
        raise ValueError(value)
    return value


def _standing_alone(search_text: str) -> re.Pattern[str]:
    """Make a pattern of the search text that does not match inside a longer one."""
    return re.compile(rf"(?<![\w:-]){re.escape(_required(search_text))}(?![\w:-])")


def _parts(things: Sequence[_Thing]) -> Iterator[Sequence[_Thing]]:
    return (things[start : start + RESULTS_PER_PAGE] for start in range(0, len(things), RESULTS_PER_PAGE))


def _epoch(moment: datetime) -> int:
    return max(1, int(moment.timestamp()))


def _phid(value: object) -> str:
    if not isinstance(value, str) or not value.startswith("PHID-"):
        raise ValueError(value)
    return value
