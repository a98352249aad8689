"""The day rule: resolves a typed WHEN to a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from irscribe.domain.errors import RefusedError
from irscribe.domain.moment import Moment, Precision
from irscribe.domain.spelling import label, spell
from irscribe.domain.timelike import Meant
from irscribe.domain.when import EARLIEST_YEAR, DayName, Point, Unclear, When, Word, parse

LONGEST_AHEAD = timedelta(minutes=5)
"""A begin up to this far ahead is accepted, because clocks differ."""
LONGEST_UNCLEAR_AHEAD = timedelta(hours=1)
"""A bare time up to this far ahead may be meant as one to come, and not only as yesterday's."""
LONGEST_OVER_MIDNIGHT = timedelta(hours=12)
"""The longest range whose bare end is read as one of the next day."""
RETROSPECTIVE_AFTER = timedelta(hours=24)
LONGEST_BACK = timedelta(hours=12)
"""A bare time further before the previous entry than this may be meant on another day."""
LONGEST_RANGE = timedelta(days=366)

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Context:
    """The context in which a WHEN is resolved.

    ``day`` is the day of this person's previous entry, or the incident's first day; it is read in a retrospective
    incident only. ``previous`` is the time of this person's previous entry.
    """

    said_at: datetime
    retrospective: bool = False
    day: date | None = None
    previous: datetime | None = None


def resolve(when: When | None, *, context: Context) -> Moment:
    """Resolve a WHEN to a moment; None is the moment at which the line was said.

    ``-10m`` drops the seconds of the clock (a person counts in minutes), ``-90s`` keeps them.

    Raises RefusedError for a begin more than five minutes ahead, a bare time that may be of yesterday or of the next
    hour, an end before its begin or more than a year behind it, a time out of reach, or an offset that may be an end.
    The moments that it offers to type instead are accepted.
    """
    said_at = context.said_at.astimezone(UTC).replace(microsecond=0)
    if when is None:
        return Moment(at=said_at, precision=Precision.SECOND)
    if isinstance(when.begin, Unclear):
        raise RefusedError(_say_unclear(when.begin, context))
    try:
        moment = _place(when.begin, when, said_at=said_at, day=context.day if context.retrospective else None)
    except OverflowError as error:
        raise RefusedError(_OUT_OF_REACH) from error
    if wrong := _wrong_with(moment, said_at):
        raise RefusedError(wrong)
    return moment


def require_when(when: When | None, *, context: Context, meant: Meant | None = None) -> None:
    """Require a WHEN in a retrospective incident; ``meant`` is the WHEN that the text may begin with.

    Raises RefusedError if there is none.
    """
    if when is None and context.retrospective:
        if meant is not None:
            raise RefusedError(f"{say_unread(meant)}, or `now` in front of the text if you mean now.")
        raise RefusedError(
            "This incident is being written down afterwards: put the time before the text (15:40 or 2019-10-07 15:40), "
            "or `now` if you mean now."
        )


def say_unread(meant: Meant) -> str:
    """Say that a text is no time; more may be added to the sentence."""
    return f"“{meant.typed}” is no time I can read: type {meant.when}"


def carries_date(when: When | None) -> bool:
    """True if a day was typed; it then holds for this person's next bare times."""
    return when is not None and any(isinstance(end, Point) and end.day is not None for end in (when.begin, when.end))


def far_back(when: When | None, moment: Moment, *, context: Context) -> bool:
    """True if a bare time is so far before this person's previous entry that another day may be meant."""
    if when is None or not isinstance(when.begin, Point) or carries_date(when):
        return False
    return moment.at is not None and context.previous is not None and context.previous - moment.at > LONGEST_BACK


def is_retrospective(opened: Moment, said_at: datetime) -> bool:
    """True if an incident was opened for a time long past; ``said_at`` is the time at which ``start`` was typed."""
    return opened.at is not None and said_at - opened.at > RETROSPECTIVE_AFTER


_OUT_OF_REACH = (
    f"That is further away than I can count: type a date of {EARLIEST_YEAR} or later, like 2019-10-07 14:00."
)


def _say_unclear(unclear: Unclear, context: Context) -> str:
    refusals = [_refusal_of(reading, context) for reading, _ in unclear.readings]
    accepted = [
        f"{reading} {meaning}"
        for (reading, meaning), refusal in zip(unclear.readings, refusals, strict=True)
        if refusal is None
    ]
    if accepted:
        return f"{unclear.what}: type {', or '.join(accepted)}."
    neither = ", and cannot be meant as either" if len(refusals) > 1 else ""
    return f"{unclear.what}{neither}. {refusals[-1]}"


def _refusal_of(typed: str, context: Context) -> str | None:
    try:
        resolve(parse(typed).when, context=context)
    except RefusedError as refusal:
        return str(refusal)
    return None


def _place(begin: Point | timedelta | Word, when: When, *, said_at: datetime, day: date | None) -> Moment:
    if begin is Word.UNKNOWN:
        return Moment(at=None, precision=Precision.UNKNOWN, approximate=when.approximate)
    if begin is Word.NOW:
        return Moment(at=said_at, precision=Precision.SECOND, approximate=when.approximate)
    if isinstance(begin, Point):
        return _place_points(begin, when, said_at=said_at, day=day)
    return _place_ago(begin, said_at, approximate=when.approximate)


def _place_ago(span: timedelta, said_at: datetime, *, approximate: bool) -> Moment:
    at = said_at - span
    if span % timedelta(minutes=1):
        return Moment(at=at, precision=Precision.SECOND, approximate=approximate)
    return Moment(at=at.replace(second=0), approximate=approximate)


def _place_points(begin: Point, when: When, *, said_at: datetime, day: date | None) -> Moment:
    dated = _date_point(begin, said_at)
    at = dated or _place_bare(_clock_in_utc(begin), said_at, day=day)
    moment = Moment(at=at, precision=begin.precision, approximate=when.approximate)
    if when.end is not None:
        moment = _with_end(moment, at, when.end, said_at)
    if dated is None and day is None:
        _refuse_to_come(moment, at, said_at)
    if when.end is not None and when.end.day is None:
        _refuse_reversed(moment, at, when.end, said_at)
    return moment


def _with_end(begun: Moment, at: datetime, end: Point, said_at: datetime) -> Moment:
    """The range to an end; an end without a day is the first such time after the begin."""
    precision = Precision.SECOND if end.precision is Precision.SECOND else begun.precision
    until = _date_point(end, said_at) or datetime.combine(at.date(), _clock_in_utc(end), UTC)
    if end.day is None and until <= at:
        until += _ONE_DAY
    return replace(begun, until=until, precision=precision)


def _date_point(point: Point, said_at: datetime) -> datetime | None:
    day = point.day
    if isinstance(day, DayName):
        day = said_at.date() - _ONE_DAY * day.value
    return None if day is None else datetime.combine(day, point.clock or time.min, UTC) - point.offset


def _clock_in_utc(point: Point) -> time:
    any_day = date(2000, 1, 2)
    return (datetime.combine(any_day, point.clock or time.min) - point.offset).time()


def _place_bare(clock: time, said_at: datetime, *, day: date | None) -> datetime:
    if day is not None:
        return datetime.combine(day, clock, UTC)
    latest = said_at + LONGEST_AHEAD
    at = datetime.combine(latest.date(), clock, UTC)
    return at if at <= latest else at - _ONE_DAY


def _refuse_to_come(moment: Moment, at: datetime, said_at: datetime) -> None:
    """Refuse a bare begin that may be one of the next hour; ``moment`` is the reading that has passed."""
    ahead = at + _ONE_DAY
    if ahead > said_at + LONGEST_UNCLEAR_AHEAD or _wrong_with(moment, said_at):
        return
    to_come = spell(Moment(at=ahead, precision=moment.precision))
    raise RefusedError(
        f"{to_come.split()[1]} may be {to_come}, which is still to come (it is {said_at:%H:%M} UTC), "
        f"or {spell(moment)}: type the latter with its date if you mean it, or a time that has passed."
    )


def _refuse_reversed(moment: Moment, begin: datetime, end: Point, said_at: datetime) -> None:
    """Refuse a bare end of the next day that is far away; midnight is that of the clock the end was read from."""
    until = moment.until or begin
    over_midnight = (until + end.offset).date() > (begin + end.offset).date()
    if not over_midnight or until - begin <= LONGEST_OVER_MIDNIGHT:
        return
    before = until - _ONE_DAY
    swapped = replace(moment, at=before, until=begin if before < begin else None)
    raise RefusedError(_say_reversed(swapped, moment, said_at))


def _say_reversed(swapped: Moment, overnight: Moment, said_at: datetime) -> str:
    readings = {swapped: spell(swapped), overnight: f"{spell(overnight)} if it went on for so long"}
    accepted = [spelled for moment, spelled in readings.items() if _wrong_with(moment, said_at) is None]
    if not accepted:
        return _wrong_with(overnight, said_at) or ""
    return f"That range ends before it begins: type {', or '.join(accepted)}."


def _wrong_with(moment: Moment, said_at: datetime) -> str | None:
    """The reason to refuse a moment whose days are known; None if there is none."""
    if moment.at is None:
        return None
    if moment.at.year < EARLIEST_YEAR:
        return _OUT_OF_REACH
    if moment.at > said_at + LONGEST_AHEAD:
        return (
            f"{label(moment, day_shown=True)} is in the future (it is {said_at:%Y-%m-%d %H:%M} UTC): "
            "type a time that has passed, or none for now."
        )
    if moment.until is not None and moment.until < moment.at:
        return (
            f"That range ends ({moment.until:%Y-%m-%d %H:%M}) before it begins ({moment.at:%Y-%m-%d %H:%M}): "
            "type the earlier time first, each with its date."
        )
    if moment.until is not None and moment.until - moment.at > LONGEST_RANGE:
        return (
            f"That range is longer than a year ({moment.at:%Y-%m-%d} to {moment.until:%Y-%m-%d}): "
            "check the year of its end."
        )
    return None
