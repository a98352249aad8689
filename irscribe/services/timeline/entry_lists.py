"""The commands that list entries: every version of one, the last ones of the timeline."""

from __future__ import annotations

from operator import itemgetter

from irscribe.commands import ANYTHING, Command, Group, Verb
from irscribe.domain.chronology import chronological
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.prose import plural, without_ping
from irscribe.domain.sentence import sentence
from irscribe.domain.spelling import label
from irscribe.domain.text import cut
from irscribe.render.wording import said
from irscribe.services.context.acknowledgement import shows_day_of
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.wording import numbered
from irscribe.services.timeline.corrections import existing
from models import entries

A_NOTE = sentence("{log} TEXT writes a line of the timeline.")
LISTED = 10
"""Entries that ``timeline`` lists by default."""
MOST_LISTED = 500


@Verb(
    "history",
    "N",
    does="shows every version of entry N",
    example="history 7",
    group=Group.TIMELINE,
    free_text=False,
    reads_only=(ANYTHING,),
    final_takes=(ANYTHING,),
)
def history(ctx: IncidentContext, command: Command) -> Outcome:
    """List every version of an entry, with its author and its time."""
    number, _ = numbered(command.text, usage=sentence("{ir} history N"))
    existing(ctx, number)
    return ctx.answer(
        [
            f"#{number} v{each.version} {each.made_at:%Y-%m-%d %H:%M:%S} {without_ping(each.nick)}: "
            f"{_deed(each.struck, each.redacted)}{label(each.moment, day_shown=True)} {_one_line(each.text)}"
            for each in entries.versions(ctx.session, ctx.number, number)
        ],
        about=f"History of #{number}",
    )


@Verb(
    "timeline",
    "[N]",
    does="sends you the last N entries",
    example="timeline 10",
    aliases=("notes", "tl"),
    meant_by=("entries", "last"),
    refused=dict.fromkeys(("event", "add-timeline-event", "timeline-event"), A_NOTE),
    group=Group.TIMELINE,
    free_text=False,
    reads_only=(ANYTHING,),
    final_takes=(ANYTHING,),
)
def timeline(ctx: IncidentContext, command: Command) -> Outcome:
    """List the last entries of the timeline, in private."""
    usage = sentence("{ir} timeline [N] for the last entries, {log} TEXT for a new one")
    wanted, rest = numbered(command.text, usage=usage) if command.text.strip() else (LISTED, "")
    if rest or not wanted:
        raise RefusedError(sentence("How many? Type {ir} timeline, or {ir} timeline 20. {}", A_NOTE))
    in_order = chronological(entries.times(ctx.session, ctx.number), at=itemgetter(1))
    found = entries.some_of(ctx.session, ctx.number, [n for n, _ in in_order[-min(wanted, MOST_LISTED) :]])
    if not found:
        return ctx.inform(sentence("Incident {} has no entries yet: {log} TEXT writes one.", ctx.incident.name))
    shows_day = any(shows_day_of(ctx, each.current.moment) for each in found)
    return ctx.answer_in_private(
        [
            f"#{each.current.number} {label(each.current.moment, day_shown=shows_day)} "
            f"{_one_line(said(each.current))} ({each.nick})"
            for each in found
        ],
        about=f"The last {'entry' if len(found) == 1 else plural(len(found), 'entry')} of {ctx.number}",
    )


def _deed(struck: str | None, redacted: str | None) -> str:
    if redacted is not None:
        return f"[redacted: {redacted}] "
    if struck is None:
        return ""
    return f"[struck: {struck}] " if struck else "[struck] "


def _one_line(text: str) -> str:
    return cut(text.replace("\n", " / "), 300)
