"""The command that lists what was noted before an incident began, as something may have been changed then."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import chain
from operator import itemgetter

from irscribe.commands import ANYTHING, BareNumber, Command, Group, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.moment import Precision
from irscribe.domain.prose import plural
from irscribe.domain.record import RetainedLine
from irscribe.domain.report import Kind
from irscribe.domain.sentence import sentence
from irscribe.domain.spelling import show
from irscribe.domain.text import clean, cut
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.timeline.facts import span_of
from models import entries, lines, notable, origins

BY_DEFAULT = timedelta(hours=1)
LONGEST = timedelta(days=7)
MOST_LISTED = 50
SPAN = re.compile(r"-?\s*(?:(?P<d>\d{1,3})\s*d\w*)?\s*(?:(?P<h>\d{1,3})\s*h\w*)?\s*(?:(?P<m>\d{1,4})\s*m\w*)?")


@Verb(
    "changes",
    "[-1h]",
    does="sends you the notes of the hour before the start: what was changed?",
    example="changes -3h",
    group=Group.TIMELINE,
    meant_by=("changed", "deploys", "deployments", "whatchanged"),
    bare_number=BareNumber.BEFORE_ARGUMENT,
    free_text=False,
    reads_only=(ANYTHING,),
    final_takes=(ANYTHING,),
)
def changes(ctx: IncidentContext, command: Command) -> Outcome:
    """List, in private, the notes of the channel and the lines of relays from the time before the start."""
    span = _span(command.text)
    until = span_of(ctx.incident, notable.marked_of(ctx.session, ctx.number)).start or ctx.incident.opened_at
    since = until - span
    found = lines.noted_between(
        ctx.session,
        (ctx.incident.network, ctx.incident.channel),
        during=(since, until),
        reader=ctx.reader,
        of_channel=ctx.incident.channel in ctx.request.folded_places,
        limit=MOST_LISTED,
    )
    window = f"{_at(since, ctx.now)}–{_at(until, ctx.now)} UTC"
    told = sorted(chain.from_iterable(_told(ctx, each) for each in found), key=itemgetter(0))
    if not told:
        return ctx.inform(
            sentence("No notes are kept from before {} began ({}): {ir} changes -3h looks further.", ctx.number, window)
        )
    about = f"{plural(len(told), 'note')} from before {ctx.number} began ({window})"
    return ctx.answer_in_private([f"{_at(moment, ctx.now)} {text}" for moment, text in told], about=about)


def _span(typed: str) -> timedelta:
    """Read how long before the start to look.

    Raises RefusedError for anything but a length of time.
    """
    text = typed.strip()
    if not text:
        return BY_DEFAULT
    found = SPAN.fullmatch(text.lower())
    days, hours, minutes = (int(found[name] or 0) for name in "dhm") if found else (0, 0, 0)
    span = timedelta(days=days, hours=hours, minutes=minutes)
    if not timedelta(0) < span <= LONGEST:
        raise RefusedError(sentence("How long before? Type {ir} changes -1h or {ir} changes -90m, a week at most."))
    return span


def _told(ctx: IncidentContext, heard: RetainedLine) -> list[tuple[datetime, str]]:
    """Give a note as it was typed, with its time; for one that took lines in, such as ``^``, those that still stand."""
    noted = origins.noted_by(ctx.session, heard.id)
    entry = entries.get(ctx.session, *noted) if noted is not None else None
    if entry is None or entry.current.kind is not Kind.QUOTE:
        return [(heard.said_at, _line(heard.nick, heard.body))]
    made = sorted({(number, entry_number) for number, entry_number, _ in origins.made_by(ctx.session, heard.id)})
    quotes = [each.current for place in made if (each := entries.get(ctx.session, *place)) is not None]
    return [(each.moment.at or heard.said_at, _line(heard.nick, each.text)) for each in quotes if each.standing]


def _line(nick: str, text: str) -> str:
    return f"{nick}: {cut(clean(text), 300)}"


def _at(moment: datetime, now: datetime) -> str:
    return show(moment, Precision.MINUTE, day_shown=moment.date() != now.date())
