"""Help: the rows of the commands, read out."""

from __future__ import annotations

import re

from irscribe.commands import ANYTHING, About, Command, Group, Verb, read
from irscribe.domain.events import Outcome
from irscribe.domain.sentence import sentence
from irscribe.domain.text import clean
from irscribe.services.context.contexts import CommandContext
from irscribe.services.incident.guides import GUIDES

PREFIXES = re.compile(r"^!?(?:(?:ir|incident)\s+)?")
NOTES = ("log", "note")
ALL = ("all", "commands", "everything")
ANYBODY = "anyone"


@Verb(
    "help",
    "[VERB | all | when | scorecard]",
    does="sends you ten lines to begin with, every command, or how to type one",
    example="help strike",
    group=Group.HELP,
    aliases=("?", "-h", "--help", "commands"),
    about=About.NUMBER,
    unconditional=True,
    reads_only=(ANYTHING,),
)
def help_with(ctx: CommandContext, command: Command) -> Outcome:
    """Send a guide or the list of all commands in private, or show the usage of one command and an example here.

    Raises RefusedError for a verb that does not exist.
    """
    name = PREFIXES.sub("", clean(command.text).lower()).strip()
    if name in GUIDES:
        about, lines = GUIDES[name]
        return ctx.answer_in_private(lines, about=about)
    if name in ALL:
        return _all(ctx)
    return help_with_notes(ctx) if name in NOTES else _help_with_one(ctx, name)


def _all(ctx: CommandContext) -> Outcome:
    """Send a line for each command; the network lets through a few at a time, so the first line says how many come."""
    rows = ctx.application.commands.rows
    coming = f"{len(rows)} lines, one for each command, come to you in private as fast as the network takes them."
    return [ctx.reply(coming), *(ctx.tell(sentence("{} – {}", each.usage, each.does)) for each in rows)]


def _help_with_one(ctx: CommandContext, name: str) -> Outcome:
    verb = read(name, ctx.application.commands).verb
    may = verb.who_may(rule=ctx.application.config.permissions.of(verb.name, ctx.channel, ctx.casemapping))
    need = "" if may == ANYBODY else f" (who may: {may})"
    also = f" (also {', '.join(verb.also)})" if verb.also else ""
    return ctx.inform(sentence("{} – {}{}{}. For example: {}", verb.usage, verb.does, also, need, verb.example_line))


def help_with_notes(ctx: CommandContext) -> Outcome:
    """Explain how a note is typed."""
    return ctx.inform(
        sentence(
            "{log} [WHEN] TEXT writes a line of the timeline: {log} 15:45 OUTAGE BEGINS. WHEN is a time (15:40, "
            "~16:20, 14:00-15:30, 2019-10-07 14:00, -10m); {log} + TEXT goes on. {ir} help lists everything else."
        )
    )
