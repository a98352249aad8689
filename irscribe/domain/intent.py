"""What is to happen outside the database: committed first, carried out after, its outcome committed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class IntentKind(StrEnum):
    """What is to be done."""

    REWRITE = "rewrite"
    TASK = "task"
    COMMENT = "comment"
    UPDATE = "update"
    FOLLOW_UP = "follow-up"
    SYNC = "sync"
    PAGE = "page"

    @property
    def spoken(self) -> str:
        """How a sentence calls it."""
        return _SPOKEN[self]


class IntentState(StrEnum):
    """Where it stands; ``sending`` after a crash means that nobody knows whether it was done."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    DROPPED = "dropped"


UNDERWAY = (IntentState.WAITING, IntentState.SENDING)
"""States in which the bot is still at it."""

UNSETTLED = (*UNDERWAY, IntentState.REFUSED)
"""States in which something is still to be done, by the bot or by a person."""

_SPOKEN = {
    IntentKind.REWRITE: "the rewriting of the reports",
    IntentKind.TASK: "the task",
    IntentKind.COMMENT: "the comment on the task",
    IntentKind.UPDATE: "the update of the task",
    IntentKind.FOLLOW_UP: "the task of the actionable",
    IntentKind.SYNC: "reading the tasks",
    IntentKind.PAGE: "the page",
}


@dataclass(frozen=True, kw_only=True)
class Intent:
    """One thing to be done.

    ``subject`` is the number of an actionable, 0 for the incident itself; ``marker`` is what it is found by again;
    ``text`` a copy of what was sent, for what is found by nothing else; ``sent_at`` is None while it is certain that
    nothing was done.
    """

    id: int
    incident: int
    kind: IntentKind
    subject: int
    state: IntentState
    marker: str
    to: str | None
    text: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    reason: str | None
    told: bool

    @property
    def name(self) -> str:
        """How a sentence calls it, with the actionable's number where it is about one."""
        return f"{self.kind.spoken} {self.subject}" if self.subject else self.kind.spoken
