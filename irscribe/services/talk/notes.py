"""Notes that are typed, or taken in from what was said: ``^``, a reply, a pasted line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from irscribe.commands import Addressed, Group, Verb, address
from irscribe.domain.errors import KeptError, RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.mark import harmless
from irscribe.domain.marker import find as find_marker
from irscribe.domain.moment import Moment
from irscribe.domain.prose import spans
from irscribe.domain.record import Incident
from irscribe.domain.report import Kind
from irscribe.domain.request import LineKind
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.spelling import label
from irscribe.domain.taking_in import Pasted, Promotion, read_pasted, read_promotion
from irscribe.domain.talk import HeardLine, is_off_record, show
from irscribe.domain.text import clean, cut
from irscribe.domain.time_resolution import Context, resolve
from irscribe.services.context import target
from irscribe.services.context.acknowledgement import acknowledge, shows_day_of, where_of
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.context.wording import context
from irscribe.services.talk import finding
from irscribe.services.timeline import notes
from models import entries, talk
from models.entries import Writing
from models.talk import Source

SHOWN_BYTES, SHOWN_OF_SEVERAL = 60, 30
"""Bytes of a line that its acknowledgement shows, alone and beside others."""
LOCAL_TIME_BEYOND = timedelta(minutes=10)
"""A pasted time that is further from now may be that of another time zone."""


@Verb(
    "log ^",
    "^ [NICK] [WORDS] | ^^^",
    does="takes in what was said: the last line, NICK's, the one with WORDS; ^^^ the last three",
    example="^ alice restarting",
    group=Group.TIMELINE,
    line_kind=LineKind.LOG,
)
@Verb(
    "log <",
    "[WHEN] <NICK> TEXT",
    does=sentence("takes in a pasted line; a bare {log} sent as a reply takes in the line that it answers"),
    example="[15:40:12] <alice> restarting it",
    group=Group.TIMELINE,
    line_kind=LineKind.LOG,
)
def note(ctx: CommandContext, *, quiet: bool, into: Incident | None = None) -> Outcome:
    """Record a typed note, or take in what it asks for; ``into`` is the incident that adopts it.

    In a quiet channel a line that another bot answers is text, whatever it begins with.

    Raises KeptError if no incident takes it now, RefusedError if it cannot be recorded.
    """
    if not quiet:
        addressed = address(ctx.request.text)
        wanted = read_promotion(addressed.text)
        if wanted is not None:
            return _promote(ctx, addressed, wanted, into=into)
        if ctx.request.reply_to is not None and not clean(addressed.text):
            return _take_answered(ctx, addressed)
        pasted = read_pasted(addressed.text)
        if pasted is not None:
            about = notes.incident_for(ctx, addressed, into=into)
            if _is_quotation(about, pasted):
                return _quote(about, pasted, addressed, adopted=into is not None)
    return notes.note(ctx, quiet=quiet, into=into)


def _refuse_off_record(ctx: IncidentContext, text: str) -> None:
    if is_off_record(text, ctx.application.config.off_record):
        raise RefusedError("That line was said off the record, so I do not keep it.")


def _promote(ctx: CommandContext, addressed: Addressed, wanted: Promotion, *, into: Incident | None) -> Outcome:
    about = notes.incident_for(ctx, addressed, into=into)
    if addressed.incident is None and into is None:
        notes.refuse_after_the_end(about)
    return _take(about, finding.promoted(about, wanted))


def _take_answered(ctx: CommandContext, addressed: Addressed) -> Outcome:
    """Take in the line that a bare ``!log`` answers; that holds no text to keep for another incident."""
    try:
        about = notes.incident_for(ctx, addressed)
        if addressed.incident is None:
            notes.refuse_after_the_end(about)
    except KeptError as error:
        raise RefusedError(target.NOTHING_OPEN) from error
    return _take(about, [finding.answered(about)])


def _is_quotation(ctx: IncidentContext, pasted: Pasted) -> bool:
    """True if a text is a pasted line: by its time, or as somebody of that name was heard. ``* item`` may be a list."""
    return (pasted.when is not None and not pasted.action) or finding.has_spoken(ctx, pasted.nick)


def _quote(ctx: IncidentContext, pasted: Pasted, addressed: Addressed, *, adopted: bool) -> Outcome:
    """Take in a pasted line: as it was heard, else as it was pasted."""
    _refuse_off_record(ctx, pasted.text)
    try:
        moment, refusal = resolve(pasted.when, context=context(ctx, pasted.when)), None
    except RefusedError as error:
        moment, refusal = None, error
    heard = finding.pasted(ctx, pasted, moment)
    if heard is not None:
        finding.refuse_taken(ctx, heard)
        return _take(ctx, [heard])
    if refusal is not None or moment is None:
        raise refusal or RefusedError("That line has no time.")
    if pasted.when is None and addressed.incident is None and not adopted:
        notes.refuse_after_the_end(ctx)
    return _enter_unheard(ctx, pasted, moment)


def _enter_unheard(ctx: IncidentContext, pasted: Pasted, moment: Moment) -> Outcome:
    words = finding.without_command(ctx, pasted.text)
    shown = show(pasted.nick, words, action=pasted.action)
    text = f"{shown} (pasted by {ctx.typist.nick})"
    source = Source(nick=pasted.nick, account=None, msgid=None, said_at=None)
    number = _enter(ctx, moment, text, source)
    return acknowledge(ctx, number, moment, hint=_quoted(shown) + _behind(ctx, number, text, pasted, moment))


def _behind(ctx: IncidentContext, number: int, text: str, pasted: Pasted, moment: Moment) -> Speech:
    """The hint that the pasted time may be a local one, else that of a marker."""
    off = pasted.when is not None and moment.at is not None and abs(ctx.request.said_at - moment.at) > LOCAL_TIME_BEYOND
    if off and ctx.incident.live:
        return sentence(" (read as UTC; clients print local time: {ir} move {} WHEN puts it right)", number)
    return notes.marker_hint(ctx, number, text)


def _take(ctx: IncidentContext, lines: Sequence[HeardLine]) -> Outcome:
    """Enter lines that were heard, one entry each, and acknowledge them together."""
    texts = [show(each.nick, finding.without_command(ctx, each.text), action=each.action) for each in lines]
    moments = [resolve(None, context=Context(said_at=each.said_at)) for each in lines]
    numbers = [
        _enter(ctx, moment, text, Source.of(line)) for line, text, moment in zip(lines, texts, moments, strict=True)
    ]
    if len(lines) == 1:
        hint = notes.marker_hint(ctx, numbers[0], texts[0])
        return acknowledge(ctx, numbers[0], moments[0], hint=_quoted(texts[0]) + hint)
    first, last = (label(each, day_shown=shows_day_of(ctx, each)) for each in (moments[0], moments[-1]))
    span = first if first == last else f"{first}–{last}"
    shown = "; ".join(harmless(cut(each, SHOWN_OF_SEVERAL)) for each in texts)
    return ctx.say(f"{spans(numbers)} {span} logged{where_of(ctx)}: {shown}")


def _enter(ctx: IncidentContext, moment: Moment, text: str, source: Source) -> int:
    writing = Writing(moment=moment, text=text, kind=Kind.QUOTE, marker=find_marker(text), speaker=source.nick)
    number = entries.add(ctx.session, ctx.audit, writing, by=ctx.typist, after=ctx.incident.entries)
    talk.add_source(ctx.session, ctx.number, number, source)
    return number


def _quoted(text: str) -> str:
    """Show the beginning of a line behind its acknowledgement, so that it wakes nobody and no bot answers it."""
    return f": {harmless(cut(text, SHOWN_BYTES))}"
