"""Acknowledgements of entries, with their numbers and times."""

from __future__ import annotations

from irscribe.domain.events import Outcome
from irscribe.domain.moment import Moment
from irscribe.domain.request import Acknowledged
from irscribe.domain.sentence import Speech
from irscribe.domain.spelling import label
from irscribe.services.context.contexts import IncidentContext

LOGGED = "logged"
"""The word for a new entry; acknowledgements with it and nothing else may be joined to one line."""


def acknowledge(ctx: IncidentContext, number: int, moment: Moment, *, what: str = LOGGED, hint: Speech = "") -> Outcome:
    """Acknowledge an entry: ``#7 15:40 logged``, with the date if it is not today, and the incident if needed."""
    where = where_of(ctx)
    # ``what`` may be a whole sentence: "alice becomes IC."
    done = f"{what.removesuffix('.')}{where}." if where and what.endswith(".") else f"{what}{where}"
    text = f"#{number} {label(moment, day_shown=shows_day_of(ctx, moment))} {done}" + hint
    is_plain = what is LOGGED and not hint
    together = Acknowledged(incident=ctx.number, first=number, last=number, label=done) if is_plain else None
    return [ctx.reply(text, together)]


def where_of(ctx: IncidentContext) -> str:
    """Name the incident: `` in 12`` if it may not be clear which one is meant, `` in closed 12`` if it is over."""
    if not ctx.incident.open:
        return f" in {ctx.incident.state} {ctx.number}"
    return f" in {ctx.number}" if ctx.aside else ""


def shows_day_of(ctx: IncidentContext, moment: Moment) -> bool:
    """True if a time needs its day to be clear."""
    today = ctx.now.date()
    elsewhere = moment.at is not None and moment.at.date() != today
    return ctx.incident.retrospective or ctx.incident.opened_at.date() != today or elsewhere
