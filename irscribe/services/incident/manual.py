"""Help: the rows of the commands, read out."""

from __future__ import annotations

import re

from irscribe.commands import About, Command, Group, Verb, read
from irscribe.domain.events import Outcome
from irscribe.domain.sentence import sentence
from irscribe.domain.text import clean
from irscribe.services.context.contexts import CommandContext

PREFIXES = re.compile(r"^!?(?:(?:ir|incident)\s+)?")
NOTES = ("log", "note")
ANYBODY = "anyone"


@Verb(
    "help",
    "[VERB]",
    does="sends you these lines, or shows one verb's usage",
    example="help strike",
    group=Group.HELP,
    about=About.NUMBER,
    unconditional=True,
)
def help_with(ctx: CommandContext, command: Command) -> Outcome:
    """One line for each command in private, or the usage of one and an example here.

    Raises RefusedError for a verb that does not exist.
    """
    commands = ctx.application.commands
    name = PREFIXES.sub("", clean(command.text).lower()).strip()
    if not name:
        lines = [sentence("{} – {}", each.usage, each.does) for each in commands.rows]
        return ctx.answer_in_private(lines, about=f"The {len(lines)} commands")
    if name in NOTES:
        return help_with_notes(ctx)
    verb = read(name, commands).verb
    may = verb.who_may(rule=ctx.application.config.permissions.of(verb.name, ctx.channel))
    need = "" if may == ANYBODY else f" (who may: {may})"
    return ctx.inform(sentence("{} – {}{}. For example: {}", verb.usage, verb.does, need, verb.example_line))


def help_with_notes(ctx: CommandContext) -> Outcome:
    """Explain how a note is typed."""
    return ctx.inform(
        sentence(
            "{log} [WHEN] TEXT writes a line of the timeline: {log} 15:45 OUTAGE BEGINS. WHEN is a time (15:40, "
            "~16:20, 14:00-15:30, 2019-10-07 14:00, -10m); {log} + TEXT goes on. {ir} help lists everything else."
        )
    )
