"""Commands that a final report takes, and commands that it refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from irscribe.commands import Command
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.finality import require_notes_taken
from irscribe.services.document import items
from irscribe.services.filing import requests

ANYTHING = re.compile(".*", re.DOTALL)
NOTHING = re.compile("")
"""The empty text behind a verb that only shows."""

STAY_OPEN: Mapping[str, tuple[re.Pattern[str], ...]] = {
    **dict.fromkeys(("missing", "recap", "history", "timeline", "who", "export"), (ANYTHING,)),
    **dict.fromkeys(("draft", "review", "final", "reopen", "close", "cancel"), (ANYTHING,)),
    **dict.fromkeys(("actions", "publish", "outbox", "ask", "private", "redact"), (ANYTHING,)),
    # undo checks the change that is taken back, adopt checks that the incident is open
    **dict.fromkeys(("undo", "adopt"), (ANYTHING,)),
    **dict.fromkeys(("status", "title", "sev", "paged", "metrics", "start-time", "end-time"), (NOTHING,)),
    **dict.fromkeys(("summary", "impact", "detection", "others", "ic", "scorecard"), (NOTHING,)),
    **dict.fromkeys(("well", "poorly", "lucky", "link"), (NOTHING,)),
    "task": (NOTHING, re.compile("draft|file", re.IGNORECASE)),
    "action": (NOTHING, items.DONE, items.GIVE, requests.ONE),
}
"""The commands that a final report accepts, with the texts that may follow them. It accepts no others."""
NOT_UNDONE = frozenset({"close", "cancel", "reopen", "adopt"})
"""Commands that refuse a closed incident by themselves, or open it; under a final report they cannot be undone."""


def require_unfinished(ctx: IncidentContext, command: Command) -> None:
    """Require a command that the report of this incident accepts.

    Raises RefusedError for one that would change a final report.
    """
    if _alters_report(command):
        require_notes_taken(ctx)


def require_undoable(ctx: IncidentContext, command: Command) -> None:
    """Require a command that may be undone; one of which only the verb is kept counts as a change of the report.

    Raises RefusedError if that would change a final report.
    """
    if command.verb.name in NOT_UNDONE or not _is_taken(command, by=_patterns(command) - {NOTHING}):
        require_notes_taken(ctx)


def _alters_report(command: Command) -> bool:
    return not _is_taken(command, by=_patterns(command))


def _patterns(command: Command) -> frozenset[re.Pattern[str]]:
    return frozenset(STAY_OPEN.get(command.verb.name, ()))


def _is_taken(command: Command, *, by: frozenset[re.Pattern[str]]) -> bool:
    text = command.text.strip()
    return any(each.fullmatch(text) for each in by)
