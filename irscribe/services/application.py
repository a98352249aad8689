"""Collects all commands, and builds the application context."""

from __future__ import annotations

from irscribe.commands import Commands, collect
from irscribe.config import Config
from irscribe.domain.errors import ConfigError
from irscribe.domain.nearest import nearest
from irscribe.services.alerts import commands as alert_commands
from irscribe.services.announcements import announce
from irscribe.services.context.application import ApplicationContext, load_questionnaires
from irscribe.services.context.held_alerts import HeldAlerts
from irscribe.services.context.recent_talk import RecentTalk
from irscribe.services.document import fields, figures, items
from irscribe.services.filing import filing_commands, followup_commands, outbox_commands, page_commands
from irscribe.services.incident import close, further_channels, lookup, manual, privacy, relations, start, status
from irscribe.services.nudges import silence
from irscribe.services.people import changes, coordinator, questions, responders, roles, shift, theories
from irscribe.services.report import exports
from irscribe.services.revision import adoption, redaction, undo
from irscribe.services.scorecard import score
from irscribe.services.talk import commands as talk_commands
from irscribe.services.talk import notes as talk_notes
from irscribe.services.timeline import corrections, entry_lists, notes

MODULES = (
    *(responders, coordinator, roles, questions, theories, shift),
    *(start, status, fields, figures, privacy, items),
    *(followup_commands, filing_commands, page_commands, close, relations, further_channels),
    *(lookup, exports, outbox_commands, alert_commands),
    *(silence, announce),
    *(notes, talk_notes, corrections, entry_lists, changes, redaction, undo, adoption, talk_commands),
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
    return ApplicationContext(
        config=config,
        questionnaires=questionnaires,
        commands=commands,
        recent=RecentTalk(config.recent),
        held_alerts=HeldAlerts(config.recent),
    )


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
