"""Commands that a final report takes, and commands that it refuses."""

from __future__ import annotations

from irscribe.commands import NOTHING, Command
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.finality import require_notes_taken


def require_unfinished(ctx: IncidentContext, command: Command) -> None:
    """Require a command that the report of this incident accepts.

    Raises RefusedError for one that would change a final report.
    """
    if not command.is_among(command.verb.final_takes):
        require_notes_taken(ctx)


def require_undoable(ctx: IncidentContext, command: Command) -> None:
    """Require a command that may be undone; one of which only the verb is kept counts as a change of the report.

    Raises RefusedError if that would change a final report.
    """
    verb = command.verb
    changing = [each for each in verb.final_takes if each is not NOTHING]
    if not (verb.undone_in_final and command.is_among(changing)):
        require_notes_taken(ctx)
