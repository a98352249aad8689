"""Spells moments: as a person would type them, and as acknowledgements and reports show them."""

from __future__ import annotations

from datetime import datetime

from irscribe.domain.moment import Moment, Precision
from irscribe.domain.when import Word

_DAY = "%Y-%m-%d"
_SPELLED = {Precision.DAY: _DAY, Precision.MINUTE: f"{_DAY} %H:%M", Precision.SECOND: f"{_DAY} %H:%M:%S"}


def spell(moment: Moment) -> str:
    """The WHEN that gives this moment on any later day; it always has its date."""
    mark = "~" if moment.approximate else ""
    if moment.at is None:
        return f"{mark}{Word.UNKNOWN}"
    ends = (moment.at,) if moment.until is None else (moment.at, moment.until)
    return mark + " - ".join(f"{end:{_SPELLED[moment.precision]}}" for end in ends)


def label(moment: Moment, *, day_shown: bool) -> str:
    """Spell a moment for a reader, to the minute; a range that ends on another day always names that day."""
    if moment.at is None:
        return str(Word.UNKNOWN)
    text = show(moment.at, moment.precision, day_shown=day_shown)
    if moment.until is not None:
        overnight = moment.until.date() != moment.at.date()
        text = f"{text} – {show(moment.until, moment.precision, day_shown=overnight)}"
    return f"{text} (approximately)" if moment.approximate else text


def show(at: datetime, precision: Precision, *, day_shown: bool) -> str:
    """Spell one end of a moment for a reader, to the minute."""
    if precision is Precision.DAY:
        return str(at.date())
    clock = f"{at.hour:02}:{at.minute:02}"
    return f"{at.date()} {clock}" if day_shown else clock
