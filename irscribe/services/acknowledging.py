"""Acknowledgements: what was recorded, under which number, at what time."""

from __future__ import annotations

from irscribe.domain.moment import Moment
from irscribe.domain.request import Acknowledged
from irscribe.domain.spelling import label
from irscribe.services.turn import Case, Outcome


def acknowledge(case: Case, number: int, moment: Moment, *, what: str = "logged", hint: str = "") -> Outcome:
    """``#7 15:40 logged``, with the date where it is not today's and the incident where that is not plain."""
    where = where_of(case)
    # What was done may be a whole sentence: "alice becomes IC."
    done = f"{what.removesuffix('.')}{where}." if where and what.endswith(".") else f"{what}{where}"
    text = f"#{number} {label(moment, day_shown=shows_day_of(case, moment))} {done}{hint}"
    plain = what == "logged" and not hint
    together = Acknowledged(incident=case.number, first=number, last=number, label=f"logged{where}") if plain else None
    return [case.turn.say(text, together)]


def where_of(case: Case) -> str:
    """`` in 12`` where it is not plain which incident is meant, `` in closed 12`` where that one is over."""
    if not case.incident.open:
        return f" in {case.incident.state} {case.number}"
    return f" in {case.number}" if case.aside else ""


def shows_day_of(case: Case, moment: Moment) -> bool:
    """Whether a time alone would not say which day it is of."""
    today = case.turn.now.date()
    elsewhere = moment.at is not None and moment.at.date() != today
    return case.incident.retrospective or case.incident.opened_at.date() != today or elsewhere
