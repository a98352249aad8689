"""Intents: actions outside the database. Each is committed, then carried out; then its result is committed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import token_hex

SEARCH_TEXT_BYTES = 8


class IntentKind(StrEnum):
    """The kind of an intent."""

    REWRITE = "rewrite"
    TASK = "task"
    COMMENT = "comment"
    UPDATE = "update"
    RESTORE = "restore"
    FOLLOW_UP = "follow-up"
    SYNC = "sync"
    PAGE = "page"
    PAGE_ANEW = "page-anew"
    PAGE_FOLLOW = "page-follow"
    PAGE_MERGE = "page-merge"
    PAGE_DIFF = "page-diff"

    @property
    def spoken(self) -> str:
        """The name that a sentence uses."""
        return _SPOKEN[self]


class IntentState(StrEnum):
    """The state of an intent; after a crash, ``sending`` means an unknown outcome."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    DROPPED = "dropped"


UNDERWAY = (IntentState.WAITING, IntentState.SENDING)
"""The states in which the bot has still to act."""

UNSETTLED = (*UNDERWAY, IntentState.REFUSED)
"""The states in which the bot or a person has still to act."""

PAGES = frozenset(
    {
        IntentKind.PAGE,
        IntentKind.PAGE_ANEW,
        IntentKind.PAGE_FOLLOW,
        IntentKind.PAGE_MERGE,
        IntentKind.PAGE_DIFF,
    }
)
"""The kinds about the wiki page."""

TASKS = frozenset(IntentKind) - PAGES - {IntentKind.REWRITE}
"""The kinds about tasks."""

_SPOKEN = {
    IntentKind.REWRITE: "the rewriting of the reports",
    IntentKind.TASK: "the task",
    IntentKind.COMMENT: "the comment on the task",
    IntentKind.UPDATE: "the update of the task",
    IntentKind.RESTORE: "the return of what a person wrote on the task",
    IntentKind.FOLLOW_UP: "the task of the actionable",
    IntentKind.SYNC: "reading the tasks",
    IntentKind.PAGE: "the page",
    IntentKind.PAGE_ANEW: "the page",
    IntentKind.PAGE_FOLLOW: "the update of the page",
    IntentKind.PAGE_MERGE: "the merge with the page",
    IntentKind.PAGE_DIFF: "the comparison with the page",
}


@dataclass(frozen=True, kw_only=True)
class Intent:
    """One action at the task server, at the wiki or on the report files.

    ``subject`` is the number of an actionable, 0 for the incident itself. ``search_text`` is a text by which the result
    can be found at the service. ``text`` is a copy of the sent text, if the result can be found only by that.
    ``sent_at`` is None while it is certain that nothing was done. ``person`` asked for it, None if nobody did.
    """

    id: int
    incident: int
    kind: IntentKind
    subject: int
    state: IntentState
    search_text: str
    person: int | None
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
        """The name that a sentence uses, with the number of the actionable if there is one."""
        if self.subject and self.kind is not IntentKind.FOLLOW_UP:
            return f"{self.kind.spoken} of actionable {self.subject}"
        return f"{self.kind.spoken} {self.subject}" if self.subject else self.kind.spoken


def new_search_text(incident: int) -> str:
    """Make a text by which the result of a new intent can be found at the service."""
    return f"irscribe-{incident}-{token_hex(SEARCH_TEXT_BYTES)}"
