"""The rest of a command that a client cut in two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from irscribe.commands import read
from irscribe.domain.request import Family, Request
from irscribe.domain.text import clean
from irscribe.services import addressing
from irscribe.services.noting import amend
from irscribe.services.turn import Outcome, Turn
from irscribe.services.undoing import revert_line
from models import changes, entries, lines

ENDS_WITH_ITS_TEXT = frozenset({"update", "decided", "status", "public", "cancel"})
"""Commands whose entry ends with the words typed last, as a note does: the rest belongs behind them."""
FOR_GOOD = frozenset({"redact"})
"""Commands that nothing takes back, and that are done without their rest."""


def complete(turn: Turn, beginning: int, whole: Request, *, carry_out: Callable[[Turn], Outcome]) -> Outcome | None:
    """Make one command of a beginning that was carried out and the rest, which is this turn's line.

    Returns None where what was said to the beginning holds for the whole.
    Raises RefusedError where the whole command is refused; the beginning then stays what it was.
    """
    rest = clean(turn.request.text)
    kept = lines.get(turn.session, beginning)
    name = None if kept.family != Family.INCIDENT or kept.fate == "refused" else read(whole.text).verb.name
    if name in FOR_GOOD:
        return None
    lines.complete(turn.session, beginning, whole)
    lines.blank(turn.session, [turn.line])
    if kept.fate == "waiting":
        return None
    turn = replace(turn, request=whole, line=beginning)
    if (name is None or name in ENDS_WITH_ITS_TEXT) and _append(turn, rest):
        return None
    _take_back(turn)
    replies = carry_out(turn)
    lines.settle(turn.session, [beginning], "taken")
    return replies


def _append(turn: Turn, rest: str) -> bool:
    """Put the rest behind the entry the beginning made; whether there is one that takes it."""
    for number, entry_number, _ in entries.made_by(turn.session, turn.line):
        case = addressing.case_of(turn, addressing.visible(turn, number))
        found = entries.get(turn.session, number, entry_number)
        if found is None or not found.current.standing:
            return False
        amend(case, entry_number, f"{found.current.text} {rest}")
        return True
    return False


def _take_back(turn: Turn) -> None:
    """Undo what the beginning changed, so that the whole can be carried out in its place."""
    for number in changes.incidents_of(turn.session, turn.line):
        case = addressing.case_of(turn, addressing.visible(turn, number))
        revert_line(case, turn.line)
