"""Notes: the entries of the timeline as people type them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from irscribe.commands import Addressed, address
from irscribe.domain import when
from irscribe.domain.dayrule import Context, far_back, require_when, resolve
from irscribe.domain.errors import KeptError, RefusedError
from irscribe.domain.marker import find as find_marker
from irscribe.domain.marker import kept as keep_marker
from irscribe.domain.moment import Moment
from irscribe.domain.record import Incident, Version
from irscribe.domain.report import Kind, Marker
from irscribe.domain.request import fold
from irscribe.domain.spelling import spell
from irscribe.domain.text import clean
from irscribe.domain.when import When
from irscribe.services import addressing, finality
from irscribe.services.acknowledging import acknowledge
from irscribe.services.contradicting import hint_of_entry
from irscribe.services.turn import Case, Outcome, Turn
from irscribe.services.wording import Manner, begun_with_a_word, context
from models import entries, incidents, lines, origins
from models.entries import TAKEN_BACK, Typist, Writing

USAGE = "!log [WHEN] TEXT"
PROMOTE = "^"
GOING_ON = (Manner.CONTINUE, Manner.PARAGRAPH)
GOES_ON_FOR = timedelta(minutes=30)
KEPT_FOR = timedelta(hours=1)
NOT_KEPT_YET = "your line is kept for an hour: !ir start TITLE opens one, !ir adopt then takes it in."


@dataclass(frozen=True, kw_only=True)
class Note:
    """A typed note taken apart: when, what, and by whom where a relay forwarded it."""

    moment: Moment
    text: str
    kind: Kind
    by: Typist
    hint: str


def note(turn: Turn, *, quiet: bool, into: Incident | None = None) -> Outcome:
    """Record a typed note, or go on with the last one; ``into`` is the incident that adopts it.

    Raises KeptError when no incident takes it now, RefusedError when it is none.
    """
    addressed = Addressed(incident=None, text=turn.request.text) if quiet else address(turn.request.text)
    sign, _, rest = addressed.text.strip().partition(" ")
    if sign in GOING_ON and not quiet:
        return extend(turn, Manner(sign), clean(rest), named=addressed.incident)
    if sign == PROMOTE and not quiet:
        raise RefusedError(f"I cannot take in what was said before yet: type it yourself, {USAGE}.")
    if not clean(addressed.text):
        raise RefusedError(f"There is no text there: type {USAGE}.")
    case = addressing.case_of(turn, into or _incident(turn, addressed, quiet=quiet))
    _refuse_in_final(case, addressed)
    read = _read_quietly(case, addressed.text) if quiet else _read(case, addressed, adopted=into is not None)
    number = enter(case, read.moment, read.text, kind=read.kind, by=read.by)
    meant = f" (time: now; !ir move {number} {read.hint})" if read.hint.startswith("~") else read.hint
    return acknowledge(case, number, read.moment, hint=meant or marker_hint(case, number, read.text))


def continues(typed: str) -> bool:
    """Whether a note is to go on with the one before."""
    return typed.strip().partition(" ")[0] in GOING_ON


def enter(
    case: Case, moment: Moment, text: str, *, kind: Kind, by: Typist | None = None, marker: Marker | None = None
) -> int:
    """Append an entry to the timeline; its number."""
    writing = Writing(moment=moment, text=text, kind=kind, marker=marker or find_marker(text))
    return entries.add(case.session, case.trail, writing, by=by or case.turn.typist, after=case.incident.entries)


def extend(turn: Turn, manner: Manner, text: str, *, named: int | None = None) -> Outcome:
    """Go on with this person's last note, behind a blank or on a new line; ``named`` is the incident it must be in.

    Raises RefusedError when there is nothing to go on with.
    """
    if not text:
        raise RefusedError(f"There is no text behind {manner}: type !log {manner} TEXT.")
    incident, number = _last_entry(turn)
    if named not in (None, incident.number):
        raise RefusedError(f"Your last note is #{number} in {incident.number}: log one there with !log @{named} TEXT.")
    case = addressing.case_of(turn, incident)
    finality.require_notes_taken(case)
    before = entries.get(turn.session, incident.number, number)
    if before is not None and before.current.struck is not None and before.current.redacted is None:
        raise RefusedError(f"{taken_out(before.current)}: !ir unstrike {number} puts it back, {USAGE} logs a new one.")
    if before is None or not before.current.standing or before.current.kind is Kind.QUOTE:
        raise RefusedError(f"Your last note, #{number}, does not stand as yours any more: log a new one with {USAGE}.")
    joined = before.current.text + ("\n" if manner is Manner.PARAGRAPH else " ") + text
    amend(case, number, joined)
    return acknowledge(case, number, before.current.moment, what="continued", hint=marker_hint(case, number, joined))


def marker_hint(case: Case, number: int, text: str) -> str:
    """The hint behind the acknowledgement of an entry whose text may bear a marker that contradicts what is there."""
    return hint_of_entry(case, number) if find_marker(text) else ""


def taken_out(version: Version) -> str:
    """Why an entry is not in the report, as a sentence begins."""
    return f"#{version.number} was {'taken back' if version.struck == TAKEN_BACK else 'struck'}"


def amend(case: Case, number: int, text: str, *, moment: Moment | None = None) -> None:
    """Give an entry other words, and another time where one is given."""
    before = entries.get(case.session, case.number, number)
    if before is None:
        raise RefusedError(f"There is no entry {number} in incident {case.number}.")
    current = before.current
    marker = keep_marker(current.marker, text)
    writing = replace(Writing.of(current), moment=moment or current.moment, text=text, marker=marker)
    entries.revise(case.session, case.trail, number, writing)


def _incident(turn: Turn, addressed: Addressed, *, quiet: bool) -> Incident:
    channel = turn.request.place
    if addressed.incident is not None or channel is None:
        return addressing.find(turn, addressed.incident)
    current = addressing.current(turn, channel)
    if current is None or (quiet and not current.live):
        raise KeptError(f"No incident is open here; {NOT_KEPT_YET}")
    return current


def _read(case: Case, addressed: Addressed, *, adopted: bool = False) -> Note:
    parsed = when.parse(addressed.text)
    understood = context(case, parsed.when)
    if parsed.when is not None and not clean(parsed.rest):
        raise RefusedError(f"There is no text behind the time: type {USAGE}.")
    if not adopted and addressed.incident is None:
        _refuse_after_the_end(case, parsed.when)
    if not adopted and (case.incident.open or addressed.incident is None):
        require_when(parsed.when, context=understood)
    moment = resolve(parsed.when, context=understood)
    late = far_back(parsed.when, moment, context=understood)
    hint = " (more than 12 hours before your last entry: type the date if you mean another day)" if late else ""
    meant = _meant(parsed.doubtful, moment) if parsed.doubtful else ""
    text = clean(parsed.rest) if parsed.when else begun_with_a_word(parsed.rest, usage=USAGE)
    return _by_relay(case, Note(moment=moment, text=text, kind=Kind.NOTE, by=case.turn.typist, hint=meant or hint))


def _meant(doubtful: str, now: Moment) -> str:
    """The time that may have been meant; a span counts from now, which typing it later would not."""
    typed = when.parse(doubtful).when
    if now.at is None or typed is None or not isinstance(typed.begin, timedelta):
        return doubtful
    meant = resolve(typed, context=Context(said_at=now.at))
    return spell(meant) if meant.at is None or meant.at.date() != now.at.date() else f"~{meant.at:%H:%M}"


def _refuse_in_final(case: Case, addressed: Addressed) -> None:
    """Refuse a note for a final report; one that names neither a time nor the incident may be meant for a new one."""
    if not finality.is_final(case):
        return
    if addressed.incident is None and when.parse(addressed.text).when is None:
        raise KeptError(
            f"Incident {case.incident.name} is {case.incident.state} and its report final; your line is kept for an "
            f"hour. !ir start TITLE opens a new one and !ir adopt takes it in there; {finality.way_back(case)}."
        )
    finality.require_notes_taken(case)


def _refuse_after_the_end(case: Case, typed: When | None) -> None:
    if typed is None and not case.incident.open:
        raise KeptError(
            f"Incident {case.incident.name} is {case.incident.state}; your line is kept for an hour. "
            f"!log WHEN TEXT still enters it, !ir start TITLE opens a new one and !ir adopt takes your line in."
        )


def _read_quietly(case: Case, typed: str) -> Note:
    """Another bot owns this line: nothing in it is refused, what is no proper WHEN is text said now."""
    now = resolve(None, context=context(case))
    plain = Note(moment=now, text=clean(typed), kind=Kind.NOTE, by=case.turn.typist, hint="")
    try:
        read = _read(case, Addressed(incident=None, text=typed))
    except RefusedError:
        return _by_relay(case, plain)
    return read


def _by_relay(case: Case, read: Note) -> Note:
    who = case.turn.request.person
    relays = {fold(each) for each in case.turn.house.config.relays}
    author, _, text = read.text.partition(" ")
    if fold(who.account or who.nick) not in relays or "@" not in author.strip("@") or not text:
        return read
    by = Typist(person=case.turn.person, nick=author, account=None)
    return Note(moment=read.moment, text=text, kind=Kind.ALERT, by=by, hint=read.hint)


def _waits_with_it(turn: Turn, place: str | None) -> str:
    current = addressing.current(turn, place) if place else None
    if current is not None and current.open:
        return "Your last note waits to be taken in, and so does this one: !ir adopt takes both."
    return f"Your last note waits for an incident, and so does this one; {NOT_KEPT_YET}"


def _last_entry(turn: Turn) -> tuple[Incident, int]:
    place = None if turn.request.place is None else fold(turn.request.place)
    last = lines.last_note(turn.session, person=turn.person, channel=turn.channel, place=place, before=turn.line)
    made = origins.noted_by(turn.session, last.id) if last else None
    incident = incidents.get(turn.session, made[0]) if made else None
    if last is None or (incident is not None and not addressing.may_see(turn, incident)):
        raise RefusedError(f"You have no note here to go on with: log one with {USAGE}.")
    if last.fate == "waiting":
        raise KeptError(_waits_with_it(turn, place))
    if made is None or incident is None:
        raise RefusedError(f"Your last note was {last.fate}, so there is nothing to go on with: log it with {USAGE}.")
    if turn.request.said_at - last.said_at > GOES_ON_FOR:
        raise RefusedError(f"Your last note, #{made[1]}, is more than 30 minutes old: log a new one with {USAGE}.")
    return incident, made[1]
