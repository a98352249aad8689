"""Acknowledgements: what was recorded, under which number, at what time."""

from __future__ import annotations

from irscribe.domain.events import Outcome
from irscribe.domain.moment import Moment
from irscribe.domain.request import Acknowledged
from irscribe.domain.sentence import Speech
from irscribe.domain.spelling import label
from irscribe.services.context.contexts import IncidentContext


def acknowledge(
    ctx: IncidentContext, number: int, moment: Moment, *, what: str = "logged", hint: Speech = ""
) -> Outcome:
    """``#7 15:40 logged``, with the date where it is not today's and the incident where that is not plain."""
    where = where_of(ctx)
    # What was done may be a whole sentence: "alice becomes IC."
    done = f"{what.removesuffix('.')}{where}." if where and what.endswith(".") else f"{what}{where}"
    text = f"#{number} {label(moment, day_shown=shows_day_of(ctx, moment))} {done}" + hint
    plain = what == "logged" and not hint
    together = Acknowledged(incident=ctx.number, first=number, last=number, label=f"logged{where}") if plain else None
    return [ctx.reply(text, together)]


def where_of(ctx: IncidentContext) -> str:
    """`` in 12`` where it is not plain which incident is meant, `` in closed 12`` where that one is over."""
    if not ctx.incident.open:
        return f" in {ctx.incident.state} {ctx.number}"
    return f" in {ctx.number}" if ctx.aside else ""


def shows_day_of(ctx: IncidentContext, moment: Moment) -> bool:
    """Whether a time alone would not say which day it is of."""
    today = ctx.now.date()
    elsewhere = moment.at is not None and moment.at.date() != today
    return ctx.incident.retrospective or ctx.incident.opened_at.date() != today or elsewhere
