"""Changes of entries: fix, move, strike, put back; and the commands that list them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from irscribe.commands import Command, Group, Phrase, Verb
from irscribe.domain import sed, when
from irscribe.domain.errors import ForbiddenError, RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.marker import outage_marker, outage_text
from irscribe.domain.permission import Need, Standing
from irscribe.domain.prose import plural, without_ping
from irscribe.domain.record import Recorded, Version
from irscribe.domain.report import Kind, MarkerKind
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.spelling import label
from irscribe.domain.text import clean, cut
from irscribe.domain.time_resolution import Context, resolve
from irscribe.domain.when import When
from irscribe.services.context import permission
from irscribe.services.context.acknowledgement import acknowledge
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.names import named_place
from irscribe.services.context.wording import context, numbered, prose, timed
from irscribe.services.timeline.contradictions import hint_of_entry
from irscribe.services.timeline.notes import amend, enter, taken_out
from models import entries
from models.entries import Writing

STRIKE_USAGE = sentence("{ir} strike N [REASON] or {ir} strike N-M [REASON]")
FIX_USAGE = sentence("{ir} fix N s/old/new/ or {ir} fix N [WHEN] TEXT")
RANGE = re.compile(r"#?(\d{1,9})(?:\s*[-–]\s*#?(\d{1,9}))?(?:\s+(.*))?$", re.DOTALL)
ENTRIES = re.compile(r"#?\d{1,9}(?!\w).*", re.DOTALL)
"""The text behind ``remove`` if it is about entries, not about somebody on the list."""
MARKS = {
    **dict.fromkeys(("begins", "begin", "began", "starts", "start", "started"), MarkerKind.BEGINS),
    **dict.fromkeys(("ends", "end", "ended"), MarkerKind.ENDS),
}
MOST_AT_ONCE = 50
MORE_NUMBERS = re.compile(r"(?:(?:,|&|and|[-–])?\s*#?\d{1,9}\s*)+", re.IGNORECASE)
"""Matches a reason that names more entries."""


@Verb(
    "outage",
    "begins|ends [WHEN] [SCOPE]",
    does="marks where an outage begins or ends",
    example="outage begins 15:45 NFS",
    group=Group.TIMELINE,
)
def outage(ctx: IncidentContext, command: Command) -> Outcome:
    """Mark where an outage begins or ends."""
    word, _, rest = command.text.partition(" ")
    kind = MARKS.get(word.lower())
    if kind is None:
        raise RefusedError(sentence("Begins or ends? Type {ir} outage begins [WHEN] [SCOPE], or ends."))
    read = timed(ctx, rest)
    if read.meant is not None:
        # The words would become the scope, in bold letters.
        raise RefusedError(
            sentence(
                "“{}” is no time I can read: type {ir} outage {} {} [SCOPE], or a word before it in a scope.",
                read.meant.typed,
                word.lower(),
                read.meant.when,
            )
        )
    scope = prose(read.text, usage=sentence("{ir} outage begins [WHEN] [SCOPE]")) if read.text.strip() else None
    marker = outage_marker(kind, scope)
    number = enter(ctx, read.moment, outage_text(kind, scope), kind=Kind.NOTE, marker=marker)
    hint = hint_of_entry(ctx, number)
    return acknowledge(ctx, number, read.moment, what=f"logged: {marker.phrase}", hint=hint)


@Verb(
    "fix",
    "N s/old/new/ | N [WHEN] TEXT",
    does="corrects entry N",
    example="fix 7 s/1003/1004/",
    group=Group.TIMELINE,
    aliases=("edit", "correct"),
    meant_by=("amend",),
    corrects_entries=True,
)
def fix(ctx: IncidentContext, command: Command) -> Outcome:
    """Correct the words of an entry, with or without its time."""
    number, typed = numbered(command.text, usage=FIX_USAGE)
    current = _correctable(ctx, number)
    if sed.looks_like_substitution(typed):
        text, moment = clean(sed.substitute(typed, current.text), lines=True), current.moment
    else:
        parsed = when.parse(typed)
        text = prose(parsed.rest, usage=FIX_USAGE)
        moment = resolve(parsed.when, context=_around(ctx, current, parsed.when)) if parsed.when else current.moment
    if not text:
        raise RefusedError(sentence("Nothing would be left of #{}: take it out with {ir} strike {}.", number, number))
    if (text, moment) == (current.text, current.moment):
        raise RefusedError(f"#{number} says that already: {_quoted(current.text)}")
    amend(ctx, number, text, moment=moment)
    return acknowledge(ctx, number, moment, what="fixed", hint=hint_of_entry(ctx, number))


@Verb(
    "move",
    "N WHEN",
    does="gives entry N another time",
    example="move 7 ~15:40",
    group=Group.TIMELINE,
    free_text=False,
    corrects_entries=True,
)
def move(ctx: IncidentContext, command: Command) -> Outcome:
    """Give an entry another time."""
    number, typed = numbered(command.text, usage=sentence("{ir} move N WHEN"))
    current = _correctable(ctx, number)
    parsed = when.parse(typed)
    if parsed.when is None or parsed.rest:
        raise RefusedError(sentence("When? Type {ir} move {} WHEN, like {ir} move {} ~15:40.", number, number))
    moment = resolve(parsed.when, context=_around(ctx, current, parsed.when))
    if moment == current.moment:
        raise RefusedError(f"#{number} is at {label(moment, day_shown=True)} already.")
    amend(ctx, number, current.text, moment=moment)
    return acknowledge(ctx, number, moment, what="moved", hint=hint_of_entry(ctx, number))


@Verb(
    "strike",
    "N[-M] [REASON]",
    does="takes entries out of the report",
    example="strike 7 logged twice",
    group=Group.TIMELINE,
    aliases=("delete",),
    phrases=(Phrase(word="remove", arguments="N", typed=ENTRIES),),
    meant_by=("drop", "rm"),
    corrects_entries=True,
)
def strike(ctx: IncidentContext, command: Command) -> Outcome:
    """Take entries out of the report."""
    first, last, reason = _range(command.text, usage=STRIKE_USAGE)
    _refuse_two_things(ctx, command, reason)
    found = all_existing(ctx, range(first, last + 1))
    for each in found:
        if first == last or each.current.redacted is None:
            require_changeable(ctx, each)
    standing = [each.current for each in found if each.current.redacted is None and each.current.struck is None]
    if not standing:
        which, them = (f"#{first} is", "it") if first == last else (f"#{first}–#{last} are", "each")
        raise RefusedError(sentence("{} struck already: {ir} unstrike {} puts {} back.", which, first, them))
    _set_struck(ctx, standing, reason)
    hint = _not_for_good(command, first)
    if first == last:
        return acknowledge(ctx, first, standing[0].moment, what="struck", hint=hint)
    return ctx.say(f"#{first}–#{last} struck ({plural(len(standing), 'entry')})." + hint)


@Verb(
    "unstrike",
    "N",
    does="puts entry N back",
    example="unstrike 7",
    group=Group.TIMELINE,
    free_text=False,
    corrects_entries=True,
)
def unstrike(ctx: IncidentContext, command: Command) -> Outcome:
    """Put an entry back into the report."""
    number, _ = numbered(command.text, usage=sentence("{ir} unstrike N"))
    current = changeable(ctx, number).current
    if current.struck is None:
        raise RefusedError(f"#{number} is not struck: it says {_quoted(current.text)}")
    _set_struck(ctx, [current], None)
    return acknowledge(ctx, number, current.moment, what="is back")


def existing(ctx: IncidentContext, number: int) -> Recorded:
    """Find an entry of the incident.

    Raises RefusedError if none has this number.
    """
    found = entries.get(ctx.session, ctx.number, number)
    if found is None:
        raise _there_is_none(ctx, number)
    return found


def all_existing(ctx: IncidentContext, numbers: Iterable[int]) -> Sequence[Recorded]:
    """Find several entries of the incident, in this order.

    Raises RefusedError if there is none with the first number that has none.
    """
    wanted = list(numbers)
    found = entries.by_number(ctx.session, ctx.number, wanted)
    absent = next((number for number in wanted if number not in found), None)
    if absent is not None:
        raise _there_is_none(ctx, absent)
    return [found[number] for number in wanted]


def changeable(ctx: IncidentContext, number: int) -> Recorded:
    """Find an entry that this person may change.

    Raises RefusedError if there is none, ForbiddenError if it is another person's.
    """
    found = existing(ctx, number)
    require_changeable(ctx, found)
    return found


def require_changeable(ctx: IncidentContext, found: Recorded) -> None:
    """Require an entry that this person may change.

    Raises RefusedError if it was redacted, ForbiddenError if it is another person's.
    """
    number = found.current.number
    if found.current.redacted is not None:
        raise RefusedError(f"#{number} was redacted; its text is gone for good.")
    if found.person != ctx.person and ctx.standing < Standing.RESPONDER:
        needed = permission.needed(ctx, Need.RESPONDER)
        raise ForbiddenError(sentence("#{} is {}'s: of others, {}", number, without_ping(found.nick), needed))


def _correctable(ctx: IncidentContext, number: int) -> Version:
    current = changeable(ctx, number).current
    if current.struck is not None:
        raise RefusedError(
            sentence("{}: {ir} unstrike {} puts it back, then it can be changed.", taken_out(current), number)
        )
    return current


def _around(ctx: IncidentContext, current: Version, typed: When | None) -> Context:
    """The context for a new time of an entry: in a retrospective incident a bare time is on the entry's own day."""
    if current.moment.at is None:
        return context(ctx, typed)
    return Context(said_at=ctx.request.said_at, retrospective=ctx.afterwards, day=current.moment.at.date())


def _not_for_good(command: Command, number: int) -> Speech:
    """Say to somebody who typed ``delete`` that the text is kept, and what removes it."""
    if command.name == command.verb.name:
        return ""
    return sentence(" (kept in the record; {ir} redact {} REASON removes it for good)", number)


def _refuse_two_things(ctx: IncidentContext, command: Command, reason: str) -> None:
    """Refuse a reason that names more entries, or behind ``remove`` somebody on the list, who may be meant as well."""
    if MORE_NUMBERS.fullmatch(reason):
        raise RefusedError(sentence("Which one? Type {}, one at a time.", STRIKE_USAGE))
    listed = named_place(ctx, reason) if command.name == "remove" else None
    if listed is not None:
        name, which = without_ping(listed.name), command.text.strip()[: -len(reason)].strip()
        raise RefusedError(
            sentence(
                "An entry, or {}? Type {ir} strike {} for the entry, {ir} remove {} to take {} off the list.",
                name,
                which,
                name,
                name,
            )
        )


def _set_struck(ctx: IncidentContext, found: Sequence[Version], reason: str | None) -> None:
    writings = {each.number: replace(Writing.of(each), struck=reason) for each in found}
    entries.revise(ctx.session, ctx.audit, writings)


def _there_is_none(ctx: IncidentContext, number: int) -> RefusedError:
    return RefusedError(
        sentence("There is no entry {} in incident {}: {ir} timeline shows the last ones.", number, ctx.number)
    )


def _range(typed: str, *, usage: Speech) -> tuple[int, int, str]:
    found = RANGE.match(typed.strip())
    if found is None:
        raise RefusedError(sentence("Which one? Type {}.", usage))
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first or last - first >= MOST_AT_ONCE:
        raise RefusedError(f"#{first}–#{last} is no range: the first number comes first, {MOST_AT_ONCE} at most.")
    return first, last, clean(found[3] or "")


def _quoted(text: str) -> str:
    return f"“{cut(text.replace(chr(10), ' / '), 200)}”"
