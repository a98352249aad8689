"""A final report: what people may still do to it, and what waits until somebody types review."""

from __future__ import annotations

import re
from collections.abc import Mapping

from irscribe.commands import Command
from irscribe.domain.errors import RefusedError
from irscribe.domain.prose import as_named
from irscribe.domain.report import DocumentStatus
from irscribe.services import filing, items
from irscribe.services.turn import Case

ANYTHING = re.compile(".*", re.DOTALL)
NOTHING = re.compile("")
"""What stands behind a verb that only shows."""

STAY_OPEN: Mapping[str, tuple[re.Pattern[str], ...]] = {
    **dict.fromkeys(("missing", "recap", "history", "timeline", "who", "export"), (ANYTHING,)),
    **dict.fromkeys(("draft", "review", "final", "reopen", "close", "cancel"), (ANYTHING,)),
    **dict.fromkeys(("actions", "publish", "outbox", "ask", "private", "redact"), (ANYTHING,)),
    # undo looks at the change that is taken back, adopt at whether the incident is open
    **dict.fromkeys(("undo", "adopt"), (ANYTHING,)),
    **dict.fromkeys(("status", "title", "sev", "paged", "metrics", "start-time", "end-time"), (NOTHING,)),
    **dict.fromkeys(("summary", "impact", "detection", "others", "ic", "scorecard"), (NOTHING,)),
    **dict.fromkeys(("well", "poorly", "lucky", "link"), (NOTHING,)),
    "task": (NOTHING, re.compile("draft|file", re.IGNORECASE)),
    "action": (NOTHING, items.DONE, items.GIVE, filing.ONE),
}
"""The commands about an incident that a final report takes, by what may stand behind them. It takes no others."""
NOT_UNDONE = frozenset({"close", "cancel", "reopen", "adopt"})
"""Commands that refuse a closed incident by themselves, or open it; under a final report nobody takes them back."""


def require_unfinished(case: Case, command: Command) -> None:
    """Let a command pass that the report of this incident takes.

    Raises RefusedError for one that would change a final report.
    """
    if _alters_report(command):
        require_notes_taken(case)


def require_undoable(case: Case, command: Command) -> None:
    """Let pass that what a command did is taken back.

    Raises RefusedError where that would change a final report.
    """
    if command.verb.name in NOT_UNDONE or _alters_report(command):
        require_notes_taken(case)


def require_notes_taken(case: Case) -> None:
    """Let a note pass, or anything else that changes what the report says.

    Raises RefusedError where the report is final.
    """
    if is_final(case):
        raise RefusedError(f"The report of {case.number} is final: {way_back(case)}.")


def is_final(case: Case) -> bool:
    """Whether the report takes no changes."""
    return case.incident.document_status is DocumentStatus.FINAL


def way_back(case: Case) -> str:
    """How the report takes changes again."""
    return f"!ir review @{case.number} (a responder may) opens it"


def _alters_report(command: Command) -> bool:
    text = as_named(command.text).strip()
    return not any(each.fullmatch(text) for each in STAY_OPEN.get(command.verb.name, ()))
