"""The rest of a command that a client cut in two."""

from __future__ import annotations

from irscribe.domain.text import clean
from irscribe.services import addressing
from irscribe.services.acknowledging import acknowledge
from irscribe.services.noting import amend
from irscribe.services.turn import Outcome, Turn
from models import changes, entries, incidents, lines
from models.changes import Trail


def append_rest(turn: Turn, beginning: int) -> Outcome | None:
    """Put the rest behind what the beginning recorded; None where the whole command has to be carried out again."""
    rest = f" {clean(turn.request.text)}"
    if lines.get(turn.session, beginning).fate == "waiting":
        lines.append(turn.session, beginning, rest)
        return []
    made = entries.made_by(turn.session, beginning)
    if not made:
        return None
    incident, number, _ = made[-1]
    case = addressing.case_of(turn, addressing.visible(turn, incident))
    before = entries.get(turn.session, incident, number)
    if before is None or not before.current.standing:
        return None
    amend(case, number, before.current.text + rest)
    return acknowledge(case, number, before.current.moment)


def take_back(turn: Turn, beginning: int) -> None:
    """Undo what the beginning of a command changed, so that the whole can be carried out."""
    for number in incidents.changed_by(turn.session, beginning):
        trail = Trail(incident=number, line=turn.line, person=turn.person, nick=turn.request.person.nick, at=turn.now)
        for each in changes.of_line(turn.session, number, beginning):
            changes.revert(turn.session, trail, each)
        changes.mark_undone(turn.session, number, [beginning, turn.line])
