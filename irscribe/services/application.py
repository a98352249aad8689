"""Collects all commands, and builds the application context."""

from __future__ import annotations

from irscribe.commands import Commands, collect
from irscribe.config import Config
from irscribe.domain.errors import ConfigError
from irscribe.domain.nearest import nearest
from irscribe.services.context.application import ApplicationContext, load_questionnaires
from irscribe.services.document import fields, items
from irscribe.services.filing import filing_commands, followup_commands, outbox_commands, page_commands
from irscribe.services.incident import close, lookup, manual, privacy, start, status
from irscribe.services.people import coordinator, questions, responders
from irscribe.services.report import exports
from irscribe.services.revision import adoption, redaction, undo
from irscribe.services.scorecard import score
from irscribe.services.timeline import corrections, entry_lists, notes

MODULES = (
    *(responders, coordinator, questions),
    *(start, status, fields, privacy, items),
    *(followup_commands, filing_commands, page_commands, close, lookup, exports, outbox_commands),
    *(notes, corrections, entry_lists, redaction, undo, adoption),
    *(score, manual),
)
"""The modules whose functions carry out commands; within its group of the manual a command stands in this order."""


def all_commands() -> Commands:
    """Collect all commands."""
    return collect(MODULES)


def build_application(config: Config) -> ApplicationContext:
    """Make the application context.

    Raises ConfigError for a questionnaire or command that does not exist.
    """
    questionnaires, commands = load_questionnaires(config), all_commands()
    refuse_unknown_commands(config, commands)
    return ApplicationContext(config=config, questionnaires=questionnaires, commands=commands)


def refuse_unknown_commands(config: Config, commands: Commands) -> None:
    """Check the names of commands in the permissions.

    Raises ConfigError for an unknown one.
    """
    known = {each.name for each in commands.rows}
    for _, command in config.permissions.rules:
        if command not in known:
            close = nearest(command, known)
            hint = f"did you mean {close}?" if close else "docs/commands.md lists them."
            raise ConfigError(f"[irscribe] permissions: there is no command {command!r}; {hint}")
