"""The commands that silence the bot: for an incident, or for an update until the next one is promised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from irscribe.commands import ANYTHING, NOTHING, BareNumber, Command, Group, Verb
from irscribe.domain.duration import read_length
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.finality import require_open
from irscribe.services.context.wording import DASHES
from models import parts

MUTED = "mute"
"""The field with the moment until which nothing is said unasked about the incident, or with ``ALWAYS``."""
ALWAYS = "always"
PROMISED = "next_update"
"""The field with the moment for which the next update is promised."""
LONGEST = timedelta(days=30)
SHOWN = 40
"""Bytes of a typed length that a refusal repeats."""
NONE = (*DASHES, "none", "off")


@Verb(
    "mute",
    "[2h]",
    does="silences what is said unasked about the incident, for so long or for good",
    example="mute 2h",
    group=Group.INCIDENT,
    meant_by=("silence", "snooze", "hush", "shush", "quiet"),
    bare_number=BareNumber.UNCLEAR_ALONE,
    free_text=False,
    final_takes=(ANYTHING,),
)
def mute(ctx: IncidentContext, command: Command) -> Outcome:
    """Say nothing unasked about the incident from now on."""
    typed = clean(command.text)
    until = ctx.now + _length(typed, usage=sentence("{ir} mute 2h, or {ir} mute")) if typed else None
    value = ALWAYS if until is None else until.isoformat()
    parts.set_field(ctx.session, ctx.audit, MUTED, value)
    how_long = "" if until is None else f" until {_spell(ctx, until)}"
    return ctx.say(sentence("I say nothing unasked about {}{}: {ir} unmute ends that.", ctx.number, how_long))


@Verb(
    "unmute",
    does="ends that silence",
    example="unmute",
    group=Group.INCIDENT,
    bare_number=BareNumber.INCIDENT,
    final_takes=(ANYTHING,),
)
def unmute(ctx: IncidentContext, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Speak unasked again.

    Raises RefusedError if nobody has silenced the bot.
    """
    if not is_muted(parts.fields(ctx.session, ctx.number), ctx.now):
        raise RefusedError(sentence("I am not muted about {}: {ir} mute does that.", ctx.number))
    parts.set_field(ctx.session, ctx.audit, MUTED, None)
    return ctx.say(f"I speak about {ctx.number} again when something needs somebody.")


@Verb(
    "nextupdate",
    "LENGTH | none",
    does="promises the next update, so that none is asked for until then",
    example="nextupdate 2h",
    group=Group.INCIDENT,
    meant_by=("next-update", "next_update", "promise"),
    bare_number=BareNumber.UNCLEAR_ALONE,
    free_text=False,
    standing=Standing.JOINED,
    final_takes=(NOTHING,),
)
def next_update(ctx: IncidentContext, command: Command) -> Outcome:
    """Promise an update, take the promise back, or show it."""
    typed = clean(command.text)
    usage = sentence("{ir} nextupdate 2h")
    if not typed:
        until = promised(parts.fields(ctx.session, ctx.number))
        if until is None:
            return ctx.inform(sentence("No update is promised: {} promises one.", usage))
        return ctx.inform(f"The next update of {ctx.number} is promised for {_spell(ctx, until)}.")
    require_open(ctx)
    if typed.lower() in NONE:
        if not parts.set_field(ctx.session, ctx.audit, PROMISED, None):
            raise RefusedError(sentence("No update is promised: {} promises one.", usage))
        return ctx.say(f"No update of {ctx.number} is promised any more.")
    until = ctx.now + _length(typed, usage=usage)
    parts.set_field(ctx.session, ctx.audit, PROMISED, until.isoformat())
    return ctx.say(f"The next update of {ctx.number} is promised for {_spell(ctx, until)}; until then I ask for none.")


def is_muted(fields: Mapping[str, str], now: datetime) -> bool:
    """True if nothing is to be said unasked about the incident with these fields."""
    value = fields.get(MUTED)
    return value is not None and (value == ALWAYS or datetime.fromisoformat(value) > now)


def promised(fields: Mapping[str, str]) -> datetime | None:
    """Give the moment for which the next update is promised; None if nobody has promised one."""
    value = fields.get(PROMISED)
    return None if value is None else datetime.fromisoformat(value)


def _length(typed: str, *, usage: Speech) -> timedelta:
    length = read_length(typed)
    if length is None:
        raise RefusedError(sentence("“{}” is no length of time I can read: type {}.", cut(typed, SHOWN), usage))
    if not timedelta() < length <= LONGEST:
        raise RefusedError(sentence("From a second to {} days: type {}.", LONGEST.days, usage))
    return length


def _spell(ctx: IncidentContext, at: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == ctx.now.date() else f"{at:%Y-%m-%d %H:%M}"
