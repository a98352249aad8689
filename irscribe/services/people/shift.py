"""The handing over of a shift: notes for the next one, and what it needs to know."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from irscribe.commands import ANYTHING, NOTHING, About, Command, Group, Stricter, Verb
from irscribe.domain.events import Outcome
from irscribe.domain.moment import Precision
from irscribe.domain.permission import Standing
from irscribe.domain.prose import without_ping
from irscribe.domain.record import Incident, Point
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.spelling import show
from irscribe.domain.text import cut
from irscribe.services.context import permission, target
from irscribe.services.context.contexts import CommandContext
from irscribe.services.context.wording import prose
from irscribe.services.incident.lookup import status, still_open
from models import incidents, shifts

NOTES_OF = timedelta(hours=24)
FOLLOW_UPS_OF = timedelta(days=7)
MOST_LISTED = 30
"""Most lines of each kind."""
TEXT_SHOWN = 300
"""Bytes of a text in a line."""


@Verb(
    "shift",
    "[TEXT]",
    does="sends you what the next shift needs to know, or notes TEXT for it",
    example="shift db1003 is still depooled",
    group=Group.PEOPLE,
    meant_by=("handover-notes", "shift-note", "oncall-notes"),
    about=About.NUMBER,
    stricter=(Stricter("TEXT", Standing.JOINED, typed=re.compile(r".*\S.*", re.DOTALL)),),
    reads_only=(NOTHING,),
    final_takes=(ANYTHING,),
)
def shift(ctx: CommandContext, command: Command) -> Outcome:
    """Note something for the next shift, with the current incident; or tell what the next shift needs."""
    if not command.text.strip():
        return _tell(ctx)
    about = target.context_of(ctx, target.find(ctx, command.incident))
    permission.require_command(about, command)
    text = prose(command.text, usage=sentence("{ir} shift TEXT"))
    number = shifts.add(ctx.session, about.audit, text=text, said_at=ctx.request.said_at)
    return about.say(sentence("Shift note {} of {}: the next shift reads it with {ir} shift.", number, about.number))


def _tell(ctx: CommandContext) -> Outcome:
    open_now = incidents.latest(ctx.session, limit=MOST_LISTED, only_open=True, reader=ctx.reader)
    notes = shifts.since(ctx.session, ctx.now - NOTES_OF, reader=ctx.reader, limit=MOST_LISTED)
    waiting = shifts.follow_ups(ctx.session, ctx.now - FOLLOW_UPS_OF, reader=ctx.reader, limit=MOST_LISTED)
    lines: list[Speech] = [each for head in open_now for each in _incident(ctx, head)] or ["No incident is open."]
    lines += [
        f"Shift note {each.number} of {each.incident}, {_at(each.said_at, ctx.now)}, {without_ping(each.nick)}: "
        f"{cut(each.text, TEXT_SHOWN)}"
        for each in notes
    ] or [sentence("No shift notes in the last 24 hours: {ir} shift TEXT writes one.")]
    lines += [_follow_up(number, each) for number, each in waiting]
    return ctx.answer_in_private(lines, about="For the next shift")


def _incident(ctx: CommandContext, incident: Incident) -> list[str]:
    """Tell where an incident stands, and what is open in it: two lines, as one would be too long for the network."""
    state = f"{'; '.join(status(ctx.session, incident, now=ctx.now))}."
    return [state, f"{incident.number}: {still_open(ctx.session, incident.number)}"]


def _follow_up(number: int, point: Point) -> str:
    signs = [without_ping(point.owner) if point.owner else "nobody's", f"due {point.due}" if point.due else ""]
    behind = ", ".join(sign for sign in signs if sign)
    return f"Follow-up {point.number} of {number}: {cut(point.text, TEXT_SHOWN)} ({behind})"


def _at(moment: datetime, now: datetime) -> str:
    return show(moment, Precision.MINUTE, day_shown=moment.date() != now.date())
