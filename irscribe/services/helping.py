"""Help: the table of commands, read out."""

from __future__ import annotations

from irscribe.commands import BY_NAME, COMMANDS, VERBS, Command
from irscribe.domain.errors import RefusedError
from irscribe.domain.nearest import nearest
from irscribe.domain.text import clean
from irscribe.services.turn import Outcome, Turn


def help_with(turn: Turn, command: Command) -> Outcome:
    """One line for each command in private, or the usage of one and an example here."""
    name = clean(command.text).lower().removeprefix("!ir ").removeprefix("!").strip()
    if not name:
        lines = [f"{each.usage} – {each.does}" for each in COMMANDS]
        return turn.answer_in_private(lines, about=f"The {len(lines)} commands")
    if name in ("log", "note"):
        return help_with_notes(turn)
    verb = BY_NAME.get(name)
    if verb is None:
        close = nearest(name, [each.name for each in VERBS])
        raise RefusedError(f"There is no {name[:40]}: {f'did you mean {close}?' if close else '!ir help lists all.'}")
    return [turn.say(f"{verb.usage} – {verb.does}. For example: {verb.example}")]


def help_with_notes(turn: Turn) -> Outcome:
    """How a note is typed."""
    return [
        turn.say(
            "!log [WHEN] TEXT writes a line of the timeline: !log 15:45 OUTAGE BEGINS. WHEN is a time (15:40, ~16:20, "
            "14:00-15:30, 2019-10-07 14:00, -10m); !log + TEXT goes on. !ir help lists everything else."
        )
    ]
