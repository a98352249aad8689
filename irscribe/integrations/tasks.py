"""Tasks as Phabricator takes and gives them: drafts, changes, filed tasks and their states.

PHIDs are the server's own names for objects (``PHID-TASK-…``); a priority or status is a keyword of the server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from irscribe.domain.taskfields import TaskField
from irscribe.domain.text import clean

LONGEST_TITLE = 255
"""Characters, not bytes; the server refuses a longer title."""

UNTITLED = "Untitled"

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Characters to remove: the server would store and show control characters, and change lone surrogates."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The account of a token; an administrator passes the policy ``admin``."""

    phid: str
    name: str
    administrator: bool = False


@dataclass(frozen=True, kw_only=True)
class Priority:
    """A priority of the server; an edit takes any of its ``keywords``, a search gives its ``number``."""

    keywords: tuple[str, ...]
    name: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Status:
    """A status of the server."""

    keyword: str
    name: str
    closed: bool


@dataclass(frozen=True, kw_only=True)
class TaskDraft:
    """A task to file.

    ``owner``, ``parent``, ``projects``, ``subscribers`` are PHIDs; policies (``view``, ``edit``) may be keywords.

    Projects and status are those that the server has given: it takes unknown ones without a word.
    """

    title: str
    description: str
    priority: str | None = None
    projects: tuple[str, ...] = ()
    subscribers: tuple[str, ...] = ()
    owner: str | None = None
    parent: str | None = None
    subtype: str | None = None
    view: str | None = None
    edit: str | None = None
    status: Status | None = None


@dataclass(frozen=True, kw_only=True)
class TaskChange:
    """A change of a task, with a comment; None leaves a value as it is. ``policy`` is that for seeing and for editing.

    Projects (PHIDs) and status are those that the server has given: it takes unknown ones without a word.
    """

    title: str | None = None
    description: str | None = None
    priority: str | None = None
    status: Status | None = None
    owner: str | None = None
    unassign: bool = False
    add_projects: tuple[str, ...] = ()
    remove_projects: tuple[str, ...] = ()
    add_subscribers: tuple[str, ...] = ()
    policy: str | None = None
    comment: str | None = None

    @property
    def is_empty(self) -> bool:
        """True if it leaves everything as it is."""
        return self == TaskChange()


@dataclass(frozen=True, kw_only=True)
class FiledTask:
    """A task on the server."""

    number: int
    phid: str
    url: str


@dataclass(frozen=True, kw_only=True)
class TaskState:
    """The state of a task; ``owner`` is a username, ``view`` the policy for seeing it.

    ``priority`` is a number; ``author``, ``owner_phid`` and ``projects`` are PHIDs.
    """

    number: int
    phid: str
    url: str
    title: str
    status: str
    status_name: str
    closed: bool
    view: str
    owned: bool
    owner: str | None = None
    author: str = ""
    owner_phid: str = ""
    priority: str = ""
    projects: tuple[str, ...] = ()
    description: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """One change of one field of a task, by the author (a PHID), with the values before and after it."""

    author: str
    field: TaskField
    old: str
    new: str


def fit_title(text: str) -> str:
    """Turn a text into a task's title: one visible line that is not too long."""
    title = clean(text) or UNTITLED
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


def fit_text(text: str) -> str:
    """Make a text that the server stores unchanged: no control characters but line feeds and tabs."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def creation(draft: TaskDraft) -> list[dict[str, Any]]:
    """Give a draft as the transactions of one ``maniphest.edit``, which is atomic and sends one mail."""
    unassign = _closes(draft.status) and draft.owner is None
    return [*_transactions(_creating(draft)), *([UNASSIGNED] if unassign else [])]


def alteration(change: TaskChange, *, owned: bool) -> list[dict[str, Any]]:
    """Give a change of a task as the transactions of one ``maniphest.edit``."""
    unassign = change.unassign or (_closes(change.status) and change.owner is None and not owned)
    return [*_transactions(_changing(change)), *([UNASSIGNED] if unassign else [])]


def _closes(status: Status | None) -> bool:
    return status is not None and status.closed


def _creating(draft: TaskDraft) -> Iterator[tuple[str, Any]]:
    yield "title", fit_title(draft.title)
    yield "description", fit_text(draft.description)
    yield "priority", draft.priority
    yield "projects.add", list(draft.projects) or None
    yield "subscribers.add", list(draft.subscribers) or None
    yield "owner", draft.owner
    yield "parent", draft.parent
    yield "subtype", draft.subtype
    yield "view", draft.view
    yield "edit", draft.edit
    yield "status", draft.status and draft.status.keyword


def _changing(change: TaskChange) -> Iterator[tuple[str, Any]]:
    yield "title", None if change.title is None else fit_title(change.title)
    yield "description", None if change.description is None else fit_text(change.description)
    yield "priority", change.priority
    yield "status", change.status and change.status.keyword
    yield "owner", change.owner
    yield "projects.add", list(change.add_projects) or None
    yield "projects.remove", list(change.remove_projects) or None
    yield "subscribers.add", list(change.add_subscribers) or None
    yield "view", change.policy
    yield "edit", change.policy
    yield "comment", None if change.comment is None else fit_text(change.comment)


def _transactions(pairs: Iterator[tuple[str, Any]]) -> Iterator[dict[str, Any]]:
    return ({"type": kind, "value": value} for kind, value in pairs if value is not None)


UNASSIGNED: dict[str, Any] = {"type": "owner", "value": None}
"""The transaction that removes the owner; without it, an account that closes an unassigned task becomes its owner."""
