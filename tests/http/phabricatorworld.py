"""The data of the fake Phabricator: accounts, projects, priorities, statuses, tasks and their transactions."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

BOT = "PHID-USER-vu5wyy75cvpnuxr22ypp"
ALICE = "PHID-USER-oaud73empuvw5cq6seen"
BOB = "PHID-USER-rp7qumbvldfatnhtradv"
DAVE_UNVERIFIED = "PHID-USER-bus5snhadznmyiippzw2"
CAROL_DISABLED = "PHID-USER-nd57vmi24fi46s6jrlul"
INCIDENT = "PHID-PROJ-vfssnev6fs2ikopfe4ho"
FOLLOWUP = "PHID-PROJ-jjt547pzj3ysxwx3v2sy"
SRE = "PHID-PROJ-ryuqpiatrxy4lubdgoou"
HIDDEN_PROJECT = "PHID-PROJ-gfpjaafcb3bh75ihhvzi"
TOKEN = "api-" + "x" * 28


class ConduitError(Exception):
    """An error of the envelope: its code and its text."""

    def __init__(self, code: str, info: str) -> None:
        super().__init__(info)
        self.code, self.info = code, info


def core_error(info: str) -> ConduitError:
    return ConduitError("ERR-CONDUIT-CORE", info)


@dataclass(frozen=True)
class User:
    id: int
    phid: str
    name: str
    real_name: str
    roles: tuple[str, ...] = ("verified", "approved", "activated")


@dataclass(frozen=True)
class Project:
    id: int
    phid: str
    name: str
    slug: str
    hidden: bool = False
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """One transaction, as ``transaction.search`` shows it; ``comment`` is what was said."""

    id: int
    phid: str
    type: str | None
    author: str
    task: str
    at: int
    fields: dict
    comment: str | None = None


@dataclass
class Task:
    id: int
    phid: str
    author: str
    created: int
    title: str = ""
    description: str = ""
    owner: str | None = None
    status: str = "open"
    priority: int = 90
    subtype: str = "default"
    view: str = "users"
    edit: str = "users"
    closer: str | None = None
    closed: int | None = None
    projects: list[str] = field(default_factory=list)
    subscribers: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    subtasks: list[str] = field(default_factory=list)


USERS = (
    User(1, "PHID-USER-5xf34nwam2gicfnoagr5", "admin", "Local Admin", ("admin", "verified", "approved", "activated")),
    User(2, BOT, "incidentbot", "Incident Bot", ("bot", "verified", "approved", "activated")),
    User(3, ALICE, "alice", "Alice Example"),
    User(4, BOB, "bob", "Bob Example"),
    User(5, CAROL_DISABLED, "carol-disabled", "Carol Disabled", ("disabled", "verified", "approved")),
    User(6, DAVE_UNVERIFIED, "dave-unverified", "Dave Unverified", ("approved",)),
)
PROJECTS = (
    Project(1, INCIDENT, "Wikimedia-Incident", "wikimedia-incident", members=(BOT, ALICE)),
    Project(2, FOLLOWUP, "Sustainability (Incident Followup)", "sustainability_incident_followup"),
    Project(3, SRE, "SRE", "sre", members=(BOT, ALICE, BOB)),
    Project(4, HIDDEN_PROJECT, "Private Project", "private-project", hidden=True),
)
PRIORITIES = (
    ("Unbreak Now!", "Unbreak!", "pink", ("unbreak",), 100),
    ("Needs Triage", "Triage", "violet", ("triage",), 90),
    ("High", "High", "red", ("high",), 80),
    ("Medium", "Medium", "orange", ("medium", "normal"), 50),
    ("Low", "Low", "yellow", ("low",), 25),
    ("Lowest", "Lowest", "sky", ("lowest",), 10),
)
STATUSES = (
    {"name": "Open", "value": "open", "closed": False, "special": "default"},
    {"name": "Stalled", "value": "stalled", "closed": False},
    {"name": "In Progress", "value": "progress", "closed": False},
    {"name": "Resolved", "value": "resolved", "closed": True, "special": "closed"},
    {"name": "Invalid", "value": "invalid", "closed": True},
    {"name": "Duplicate", "value": "duplicate", "closed": True, "special": "duplicate"},
    {"name": "Declined", "value": "declined", "closed": True},
)
SUBTYPES = ("default", "bug", "log", "deadline", "release")


class World:
    """Everything the server remembers; ``viewer`` is whose token is used, ``now`` its clock in epoch seconds."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.now = lambda: int(now())
        self.users = list(USERS)
        self.projects = list(PROJECTS)
        self.tasks: list[Task] = []
        self.changes: list[Change] = []
        self.tokens: dict[str, str] = {TOKEN: BOT}
        self._random = random.Random(8)  # noqa: S311 - names, not secrets
        self._last_number = 0

    def phid(self, kind: str, letters: int = 20) -> str:
        return f"PHID-{kind}-" + "".join(self._random.choices(string.ascii_lowercase + string.digits, k=letters))

    def new_task(self, author: str = BOT, *, number: int | None = None, phid: str | None = None, **fields: Any) -> Task:
        """A task as if made by somebody, without history."""
        self._last_number = number or self._last_number + 1
        task = Task(self._last_number, phid or self.phid("TASK"), author, self.now(), **fields)
        self.tasks.append(task)
        return task

    def record(self, task: Task, author: str, type: str | None, fields: dict, comment: str | None = None) -> Change:  # noqa: A002 - the server's word for it
        phid = self.phid("XACT-TASK", 15)
        change = Change(len(self.changes) + 1, phid, type, author, task.phid, self.now(), fields, comment)
        self.changes.append(change)
        return change

    def task(self, number: int) -> Task:
        """A task by its number, for tests to look at."""
        return next(task for task in self.tasks if task.id == number)

    def comments(self, number: int) -> list[str]:
        """The comments on a task, the oldest first."""
        phid = self.task(number).phid
        return [change.comment for change in self.changes if change.task == phid and change.comment is not None]

    def user(self, phid: str | None) -> User | None:
        return next((user for user in self.users if user.phid == phid), None)

    def visible_tasks(self, viewer: str) -> list[Task]:
        return [task for task in self.tasks if self.may(viewer, task.view, task)]

    def visible_projects(self) -> list[Project]:
        return [project for project in self.projects if not project.hidden]

    def may(self, viewer: str, policy: str, task: Task | None = None) -> bool:
        """True if a policy lets a person in: the members of a project, and the owner of the task always."""
        if task is not None and task.owner == viewer:
            return True
        if policy == "admin":
            return "admin" in self.user(viewer).roles
        mine = (project.phid for project in self.projects if viewer in project.members)
        return policy in {"public", "users", viewer, *mine}


def is_closed(status: str) -> bool:
    """True if a status closes a task; an unknown one does."""
    return next((known["closed"] for known in STATUSES if known["value"] == status), True)


def priority_value(keyword: str) -> int | None:
    return next((value for *_, keywords, value in PRIORITIES if keyword in keywords), None)
