"""Phabricator and Phorge through Conduit, their API: file tasks, change them, look for them.

What the server silently accepts is checked here before anything is written: a status or project that does not exist, a
closing that would make the bot the owner. Nothing is ever sent twice; who gets an ``OutcomeUnknownError`` looks with
``find_task`` or ``find_comment`` before sending again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from irscribe.integrations import envelope
from irscribe.integrations.http import Http, Wire
from irscribe.integrations.tasks import (
    UNASSIGNED,
    Account,
    FiledTask,
    Priority,
    Status,
    TaskChange,
    TaskDraft,
    TaskState,
    alteration,
    creation,
)

_Named = TypeVar("_Named", int, str)
_Thing = TypeVar("_Thing", int, str)

PAGE = 100
"""The most that a search gives at once."""

SLACK = timedelta(days=1)
"""How far the server's clock may be from ours: a marker is found by its text, the time only bounds the search."""


def connect(url: str, token: str, *, contact: str = "", ca_file: Path | None = None) -> Conduit:
    """The server at ``url``; nothing is sent before something is asked of it."""
    wire = Wire(service="Phabricator", section="phabricator", contact=contact, ca_file=ca_file, secrets=(token,))
    return Conduit(url, token, Http(wire))


class Conduit:
    """One server, spoken to as one account; every method raises the three kinds of ``ServiceError``."""

    def __init__(self, url: str, token: str, http: Http) -> None:
        self._url = url.rstrip("/")
        self._token = token.strip()
        self._http = http
        http.hide(self._token)

    def task_url(self, number: int) -> str:
        """Where people read a task."""
        return f"{self._url}/T{number}"

    def whoami(self) -> Account:
        """The account of the token."""
        found = self._call("user.whoami")
        with self._understood():
            return Account(phid=_phid(found["phid"]), name=str(found["userName"]))

    def create_task(self, draft: TaskDraft) -> FiledTask:
        """File a task, all of it in one call; its only subscriber is the account itself."""
        self._require_projects(draft.projects)
        transactions = creation(draft)
        if draft.status is not None and self._status(draft.status).closed and draft.owner is None:
            transactions.append(UNASSIGNED)
        made = self._call("maniphest.edit", {"transactions": transactions}, changes=True)
        with self._understood(changes=True):
            return self._filed(made["object"])

    def edit_task(self, number: int, change: TaskChange) -> None:
        """Change a task, all or nothing; repeating a change without a comment does no harm."""
        # without a task's number the same call would create one
        target = _required(number)
        self._require_projects(change.add_projects)
        transactions = alteration(change) + self._extras(target, change)
        if transactions:
            self._call("maniphest.edit", {"objectIdentifier": target, "transactions": transactions}, changes=True)

    def comment(self, number: int, text: str) -> None:
        """Comment on a task; the server would take the same text twice."""
        self.edit_task(number, TaskChange(comment=text))

    def find_task(self, marker: str, *, author: str, since: datetime) -> FiledTask | None:
        """The first task by ``author`` (a PHID), created about ``since`` or later, whose description has the marker.

        Read from the database of the server, not from its search index, so a task is there as soon as it is made.
        """
        pattern = _standing_alone(marker)
        # an empty list would drop the constraint and match everybody's tasks
        constraints = {"authorPHIDs": [_required(author)], "createdStart": _epoch(since - SLACK)}
        found = None
        for task in self._search("maniphest.search", {"constraints": constraints, "order": "newest"}):
            with self._understood():
                if pattern.search(task["fields"]["description"]["raw"]):
                    found = self._filed(task)
        return found

    def find_comment(self, number: int, marker: str, *, author: str, since: datetime) -> bool:
        """Whether ``author`` (a PHID) said something with the marker on a task, about ``since`` or later."""
        pattern, earliest = _standing_alone(marker), _epoch(since - SLACK)
        question = {"objectIdentifier": f"T{_required(number)}", "constraints": {"authorPHIDs": [_required(author)]}}
        for transaction in self._search("transaction.search", question):
            with self._understood():
                if int(transaction["dateCreated"]) < earliest:
                    return False
                if any(pattern.search(said["content"]["raw"]) for said in transaction["comments"]):
                    return True
        return False

    def tasks(self, numbers: Iterable[int]) -> dict[int, TaskState]:
        """What became of tasks; those that are not there, or not to be seen, are left out."""
        found: list[dict[str, Any]] = []
        for some in _parts(sorted(set(numbers))):
            found += self._search("maniphest.search", {"constraints": {"ids": some}})
        with self._understood():
            names = self.names(task["fields"]["ownerPHID"] for task in found)
            states = [self._state(task, names) for task in found]
        return {state.number: state for state in states}

    def projects(self, slugs: Iterable[str]) -> dict[str, str]:
        """The PHIDs of projects by what was asked (a slug, with or without ``#``); unknown ones are left out."""
        found: dict[str, str] = {}
        for some in _parts(sorted({slug for slug in slugs if slug.strip("# ")})):
            answer = self._call("project.search", {"constraints": {"slugs": some}, "limit": PAGE})
            with self._understood():
                # an empty map comes as a list
                entries = answer["maps"]["slugMap"] or {}
                found |= {slug: _phid(entry["projectPHID"]) for slug, entry in entries.items()}
        return found

    def people(self, usernames: Iterable[str]) -> dict[str, str]:
        """The PHIDs of accounts by what was asked, in any case; unknown and disabled ones are left out."""
        asked = {name: name.strip().removeprefix("@").casefold() for name in usernames}
        phids: dict[str, str] = {}
        for some in _parts(sorted({name for name in asked.values() if name})):
            for user in self._search("user.search", {"constraints": {"usernames": some}}):
                with self._understood():
                    if "disabled" not in user["fields"]["roles"]:
                        phids[user["fields"]["username"].casefold()] = _phid(user["phid"])
        return {name: phids[folded] for name, folded in asked.items() if folded in phids}

    def names(self, phids: Iterable[str | None]) -> dict[str, str]:
        """The usernames of accounts by PHID."""
        found: dict[str, str] = {}
        for some in _parts(sorted({phid for phid in phids if phid})):
            for user in self._search("user.search", {"constraints": {"phids": some}}):
                with self._understood():
                    found[_phid(user["phid"])] = str(user["fields"]["username"])
        return found

    def priorities(self) -> tuple[Priority, ...]:
        """The priorities a task can have."""
        found = self._call("maniphest.priority.search")
        with self._understood():
            return tuple(Priority(keywords=tuple(one["keywords"]), name=str(one["name"])) for one in found["data"])

    def statuses(self) -> tuple[Status, ...]:
        """The statuses a task can have."""
        found = self._call("maniphest.status.search")
        with self._understood():
            return tuple(
                Status(keyword=str(one["value"]), name=str(one["name"]), closed=bool(one["closed"]))
                for one in found["data"]
            )

    def _call(self, method: str, parameters: dict[str, Any] | None = None, *, changes: bool = False) -> Any:
        """One call, as the one JSON document that keeps the types of its values."""
        document = {**(parameters or {}), "__conduit__": {"token": self._token}}
        form = {"params": json.dumps(document), "output": "json"}
        answer = self._http.post(f"{self._url}/api/{method}", form, changes=changes)
        return envelope.read(answer, self._http, changes=changes)

    def _search(self, method: str, parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Everything that is found, page by page."""
        after = None
        while True:
            page = self._call(method, {**parameters, "limit": PAGE, **({"after": after} if after else {})})
            with self._understood():
                found, after = list(page["data"]), page["cursor"]["after"]
            yield from found
            if after is None:
                return

    @contextmanager
    def _understood(self, *, changes: bool = False) -> Iterator[None]:
        """Turn what is missing from an answer, or of another type, into one of our errors."""
        try:
            yield
        except (KeyError, TypeError, ValueError, AttributeError):
            sentence = (
                "Phabricator answered in a way irscribe does not understand: is its version very old or very new?"
            )
            raise self._http.lost(sentence, changes=changes) from None

    def _require_projects(self, phids: Sequence[str]) -> None:
        known: set[str] = set()
        for some in _parts(sorted(set(phids))):
            known |= {str(project.get("phid")) for project in self._search("project.search", _by_phid(some))}
        unknown = sorted(set(phids) - known)
        if unknown:
            raise self._http.refused(
                f"Phabricator has no such project, or hides it from irscribe: {', '.join(unknown)}."
            )

    def _extras(self, number: int, change: TaskChange) -> list[dict[str, Any]]:
        """What a change needs beside it, once its status is known to be one."""
        closes = change.status is not None and self._status(change.status).closed
        if change.unassign or (closes and change.owner is None and self._unowned(number)):
            return [UNASSIGNED]
        return []

    def _status(self, keyword: str) -> Status:
        statuses = {status.keyword: status for status in self.statuses()}
        if keyword not in statuses:
            raise self._http.refused(f"Phabricator has no status {keyword}; it knows {', '.join(statuses)}.")
        return statuses[keyword]

    def _unowned(self, number: int) -> bool:
        tasks = list(self._search("maniphest.search", {"constraints": {"ids": [number]}}))
        if not tasks:
            raise self._http.refused(f"Phabricator has no {self.task_url(number)}, or hides it from irscribe.")
        with self._understood():
            return tasks[0]["fields"]["ownerPHID"] is None

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
            owner=names.get(fields["ownerPHID"]),
            view=str(fields["policy"]["view"]),
            description=str(fields["description"]["raw"]),
        )


def _required(value: _Named) -> _Named:
    """The value, which must name something: an empty one would mean everything, or a new task."""
    if not value:
        raise ValueError(value)
    return value


def _standing_alone(marker: str) -> re.Pattern[str]:
    """The marker where it is no part of a longer one."""
    return re.compile(rf"(?<![\w:-]){re.escape(_required(marker))}(?![\w:-])")


def _by_phid(phids: Sequence[str]) -> dict[str, Any]:
    return {"constraints": {"phids": list(phids)}}


def _parts(things: Sequence[_Thing]) -> Iterator[Sequence[_Thing]]:
    return (things[start : start + PAGE] for start in range(0, len(things), PAGE))


def _epoch(moment: datetime) -> int:
    return max(1, int(moment.timestamp()))


def _phid(value: object) -> str:
    if not isinstance(value, str) or not value.startswith("PHID-"):
        raise ValueError(value)
    return value
