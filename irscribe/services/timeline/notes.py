"""Notes: the entries of the timeline as people type them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from irscribe.commands import Addressed, Group, Verb, address
from irscribe.domain import when
from irscribe.domain.errors import KeptError, RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.listed import is_listed
from irscribe.domain.marker import find as find_marker
from irscribe.domain.marker import kept as keep_marker
from irscribe.domain.marker import nearly as nearly_a_marker
from irscribe.domain.moment import Moment
from irscribe.domain.record import Incident, Version
from irscribe.domain.report import Kind, Marker
from irscribe.domain.request import LineKind
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean
from irscribe.domain.time_resolution import far_back, require_when, resolve, say_unread
from irscribe.domain.timelike import Meant
from irscribe.domain.when import When
from irscribe.services.context import finality, target
from irscribe.services.context.acknowledgement import acknowledge
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.context.wording import Manner, Timed, begun_with_a_word, context, meant_behind_marker, meant_in
from irscribe.services.timeline.contradictions import hint_of_entry
from models import entries, incidents, lines, origins
from models.entries import TAKEN_BACK, Typist, Writing

USAGE = sentence("{log} [WHEN] TEXT")
GOING_ON = (Manner.CONTINUE, Manner.PARAGRAPH)
CONTINUED_WITHIN = timedelta(minutes=30)
KEPT_FOR = timedelta(hours=1)
NOT_KEPT_YET = sentence("your line is kept for an hour: {ir} start TITLE opens one, {ir} adopt then takes it in.")


@dataclass(frozen=True, kw_only=True)
class Note:
    """The parts of a typed note; ``by`` is its author, whose line a relay may have forwarded."""

    moment: Moment
    text: str
    kind: Kind
    by: Typist
    hint: str = ""
    timed: Timed | None = None


@Verb(
    "log",
    "[WHEN] TEXT",
    does=sentence("adds a timeline entry; {note} does the same"),
    example="15:45 OUTAGE BEGINS",
    group=Group.TIMELINE,
    line_kind=LineKind.LOG,
    aliases=("note",),
)
@Verb(
    "log +",
    "+ TEXT",
    does="continues your last note; +| starts a new line",
    example="+ and the replicas lag",
    group=Group.TIMELINE,
    line_kind=LineKind.LOG,
)
def note(ctx: CommandContext, *, quiet: bool, into: Incident | None = None) -> Outcome:
    """Record a typed note, or continue the last one; ``into`` is the incident that adopts it.

    Raises KeptError if no incident takes it now, RefusedError if it is no note.
    """
    addressed = Addressed(incident=None, text=ctx.request.text) if quiet else address(ctx.request.text)
    sign, _, rest = addressed.text.strip().partition(" ")
    if sign in GOING_ON and not quiet:
        return extend(ctx, Manner(sign), clean(rest), named=addressed.incident)
    if not clean(addressed.text):
        raise RefusedError(sentence("There is no text there: type {}.", USAGE))
    about = incident_for(ctx, addressed, quiet=quiet, into=into)
    read = _read_quietly(about, addressed.text) if quiet else _read(about, addressed, adopted=into is not None)
    number = enter(about, read.moment, read.text, kind=read.kind, by=read.by)
    hint = read.timed.hint(number) if read.timed else ""
    return acknowledge(about, number, read.moment, hint=hint or read.hint or marker_hint(about, number, read.text))


def incident_for(
    ctx: CommandContext, addressed: Addressed, *, quiet: bool = False, into: Incident | None = None
) -> IncidentContext:
    """Give the context of the incident that takes a note, or adopts it (``into``).

    Raises KeptError if none takes it now, RefusedError if its report is final.
    """
    about = target.context_of(ctx, into or _incident(ctx, addressed, quiet=quiet))
    _refuse_in_final(about, addressed)
    return about


def continues(typed: str) -> bool:
    """True if a note continues the one before."""
    return typed.strip().partition(" ")[0] in GOING_ON


def enter(
    ctx: IncidentContext,
    moment: Moment,
    text: str,
    *,
    kind: Kind,
    by: Typist | None = None,
    marker: Marker | None = None,
) -> int:
    """Append an entry to the timeline; give its number."""
    writing = Writing(moment=moment, text=text, kind=kind, marker=marker or find_marker(text))
    return entries.add(ctx.session, ctx.audit, writing, by=by or ctx.typist, after=ctx.incident.entries)


def extend(ctx: CommandContext, manner: Manner, text: str, *, named: int | None = None) -> Outcome:
    """Continue this person's last note, behind a blank or on a new line; ``named`` is the incident it must be in.

    Raises RefusedError if there is no such note.
    """
    if not text:
        raise RefusedError(sentence("There is no text behind {}: type {log} {} TEXT.", manner, manner))
    incident, number = _last_entry(ctx)
    if named not in (None, incident.number):
        raise RefusedError(
            sentence("Your last note is #{} in {}: log one there with {log} @{} TEXT.", number, incident.number, named)
        )
    about = target.context_of(ctx, incident)
    moment = append(about, number, text, manner=manner)
    return acknowledge(about, number, moment, what="continued", hint=hint_of_entry(about, number))


def append(ctx: IncidentContext, number: int, text: str, *, manner: Manner = Manner.CONTINUE) -> Moment:
    """Put a text behind an entry of this person; the moment of the entry.

    Raises RefusedError when the report takes no notes, or the entry does not stand as theirs.
    """
    finality.require_notes_taken(ctx)
    before = entries.get(ctx.session, ctx.number, number)
    if before is not None and before.current.struck is not None and before.current.redacted is None:
        raise RefusedError(
            sentence("{}: {ir} unstrike {} puts it back, {} logs a new one.", taken_out(before.current), number, USAGE)
        )
    if before is None or not before.current.standing or before.current.kind is Kind.QUOTE:
        raise RefusedError(
            sentence("Your last note, #{}, does not stand as yours any more: log a new one with {}.", number, USAGE)
        )
    amend(ctx, number, before.current.text + ("\n" if manner is Manner.PARAGRAPH else " ") + text)
    return before.current.moment


def marker_hint(ctx: IncidentContext, number: int, text: str) -> Speech:
    """The hint behind the acknowledgement of a new entry; one without a marker needs no query."""
    return hint_of_entry(ctx, number) if find_marker(text) else _hint_of_nearly_a_marker(number, text)


def _hint_of_nearly_a_marker(number: int, text: str) -> Speech:
    found = nearly_a_marker(text)
    if found is None:
        return ""
    slash = "|" if "/" in found[0] else "/"
    substitution = slash.join(("s", *found, ""))
    return sentence(" (no marker: {ir} fix {} {} makes it one)", number, substitution)


def taken_out(version: Version) -> str:
    """The beginning of a sentence that says why an entry is not in the report."""
    return f"#{version.number} was {'taken back' if version.struck == TAKEN_BACK else 'struck'}"


def amend(ctx: IncidentContext, number: int, text: str, *, moment: Moment | None = None) -> None:
    """Change the text of an entry, and its time if one is given."""
    before = entries.get(ctx.session, ctx.number, number)
    if before is None:
        raise RefusedError(f"There is no entry {number} in incident {ctx.number}.")
    current = before.current
    marker = keep_marker(current.marker, text)
    writing = replace(Writing.of(current), moment=moment or current.moment, text=text, marker=marker)
    entries.revise(ctx.session, ctx.audit, {number: writing})


def _incident(ctx: CommandContext, addressed: Addressed, *, quiet: bool) -> Incident:
    channel = ctx.request.place
    if addressed.incident is not None or channel is None:
        return target.find(ctx, addressed.incident)
    current = target.current(ctx, channel)
    if current is None or (quiet and not current.live):
        raise KeptError(sentence("No incident is open here; {}", NOT_KEPT_YET))
    return current


def _read(ctx: IncidentContext, addressed: Addressed, *, adopted: bool = False) -> Note:
    parsed, meant = when.parse(addressed.text), meant_in(ctx, addressed.text)
    understood = context(ctx, parsed.when)
    if parsed.when is not None and not clean(parsed.rest):
        raise RefusedError(sentence("There is no text behind the time: type {}.", USAGE))
    if not adopted and addressed.incident is None:
        refuse_after_the_end(ctx, parsed.when, meant)
    if not adopted and (ctx.incident.open or addressed.incident is None):
        require_when(parsed.when, context=understood, meant=meant)
    moment = resolve(parsed.when, context=understood)
    late = far_back(parsed.when, moment, context=understood)
    hint = " (more than 12 hours before your last entry: type the date if you mean another day)" if late else ""
    text = clean(parsed.rest) if parsed.when else begun_with_a_word(parsed.rest, usage=USAGE)
    meant = meant or (None if parsed.when else meant_behind_marker(ctx, text))
    read = Timed(moment=moment, text=text, when=parsed.when, meant=meant)
    return _by_relay(ctx, Note(moment=moment, text=text, kind=Kind.NOTE, by=ctx.typist, hint=hint, timed=read))


def _refuse_in_final(ctx: IncidentContext, addressed: Addressed) -> None:
    """Refuse a note for a final report; one without a time and without ``@N`` is kept for another incident."""
    if not finality.is_final(ctx):
        return
    if addressed.incident is None and when.parse(addressed.text).when is None:
        raise KeptError(
            sentence(
                "Incident {} is {} and its report final; your line is kept for an hour. {}; {}.",
                ctx.incident.name,
                ctx.incident.state,
                _where_else(ctx),
                finality.way_back(ctx),
            )
        )
    finality.require_notes_taken(ctx)


def refuse_after_the_end(ctx: IncidentContext, typed: When | None = None, meant: Meant | None = None) -> None:
    """Keep a note without a time for another incident if this one is over; ``meant`` is the time it may begin with.

    Raises KeptError then.
    """
    if typed is None and not ctx.incident.open:
        unread = f"{say_unread(meant)}. " if meant else ""
        raise KeptError(
            sentence(
                "{}Incident {} is {}; your line is kept for an hour. {log} WHEN TEXT still enters it; {}.",
                unread,
                ctx.incident.name,
                ctx.incident.state,
                _where_else(ctx),
            )
        )


def _where_else(ctx: IncidentContext) -> Speech:
    """Say which incident can take a line that was kept because this one is over."""
    beside = target.open_beside(ctx, ctx.incident)
    if beside is None:
        return sentence("{ir} start TITLE opens a new one and {ir} adopt takes your line in there")
    return sentence("{} is open here and {ir} adopt @{} takes your line in there", beside.name, beside.number)


def _read_quietly(ctx: IncidentContext, typed: str) -> Note:
    """Read a line that another bot answers: nothing in it is refused; words that are no WHEN are text of now."""
    try:
        return _read(ctx, Addressed(incident=None, text=typed))
    except RefusedError:
        now = resolve(None, context=context(ctx))
        return _by_relay(ctx, Note(moment=now, text=clean(typed), kind=Kind.NOTE, by=ctx.typist))


def _by_relay(ctx: IncidentContext, read: Note) -> Note:
    author, _, text = read.text.partition(" ")
    is_forwarded = "@" in author.strip("@") and text
    if not (is_forwarded and is_listed(ctx.request.person, ctx.application.config.relays)):
        return read
    by = Typist(person=ctx.person, nick=author, account=None)
    return replace(read, text=text, kind=Kind.ALERT, by=by)


def _waits_with_it(ctx: CommandContext, place: str | None) -> Speech:
    current = target.current(ctx, place) if place else None
    if current is not None and current.open:
        return sentence("Your last note waits to be taken in, and so does this one: {ir} adopt takes both.")
    return sentence("Your last note waits for an incident, and so does this one; {}", NOT_KEPT_YET)


def _last_entry(ctx: CommandContext) -> tuple[Incident, int]:
    place = None if ctx.request.place is None else ctx.casemapping.fold(ctx.request.place)
    last = lines.last_note(ctx.session, person=ctx.person, channel=ctx.channel, place=place, before=ctx.line)
    made = origins.noted_by(ctx.session, last.id) if last else None
    incident = incidents.get(ctx.session, made[0]) if made else None
    if last is None or (incident is not None and not ctx.may_see(incident)):
        raise RefusedError(sentence("You have no note here to go on with: log one with {}.", USAGE))
    if last.disposition == "waiting":
        raise KeptError(_waits_with_it(ctx, place))
    if made is None or incident is None:
        raise RefusedError(
            sentence(
                "Your last note was {}, so there is nothing to go on with: log it with {}.", last.disposition, USAGE
            )
        )
    if ctx.request.said_at - last.said_at > CONTINUED_WITHIN:
        raise RefusedError(
            sentence("Your last note, #{}, is more than 30 minutes old: log a new one with {}.", made[1], USAGE)
        )
    return incident, made[1]
