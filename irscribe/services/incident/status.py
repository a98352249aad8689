"""The status of the work, its updates and decisions."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

from irscribe.commands import NOTHING, BareNumber, Command, Group, Phrase, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.nearest import nearest
from irscribe.domain.report import Kind, Status
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean
from irscribe.services.context.acknowledgement import acknowledge
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.finality import require_open
from irscribe.services.context.wording import Timed, prose, said_now, timed
from irscribe.services.filing.page_commands import tell_page
from irscribe.services.incident.lookup import status_line
from irscribe.services.timeline.notes import enter, marker_hint
from models.parts import set_head

STATES = {
    **{status.value: status for status in Status},
    "mitigated": Status.MONITORING,
    "fixed": Status.RESOLVED,
}
SUGGESTED = MappingProxyType(
    {
        **{word: word for word in STATES},
        "fixed": Status.RESOLVED.value,
        "mitigate": "mitigated",
        "identify": Status.IDENTIFIED.value,
        "investigate": Status.INVESTIGATING.value,
        "monitor": Status.MONITORING.value,
    }
)
"""The states, as they are suggested to a person who typed one, or a form of it, instead of a verb."""
INFLECTED = re.compile(
    r"(?P<stem>investigat|identif|monitor|mitigat|resolv|fix)(?:e|es|s|ed|ing|ion|y|ied|ies|ying|)", re.IGNORECASE
)


@Verb(
    "status",
    "[STATE [TEXT]]",
    does="shows the state in one line, or sets it: investigating, identified, monitoring, resolved",
    example="status monitoring fix is out",
    group=Group.INCIDENT,
    phrases=(Phrase(word="resolve", meaning=r"resolved \g<0>"), Phrase(word="resolved", meaning=r"resolved \g<0>")),
    meant_by=("info", "describe", "duration"),
    first_words=SUGGESTED,
    bare_number=BareNumber.INCIDENT_ALONE,
    text_ends_entry=True,
    reads_only=(NOTHING,),
    final_takes=(NOTHING,),
)
def status(ctx: IncidentContext, command: Command) -> Outcome:
    """Show the state, set it, or take the text as an update."""
    if not command.text:
        return ctx.inform(status_line(ctx))
    word, _, rest = command.text.partition(" ")
    word = word.rstrip(":,.")
    state = STATES.get(word.lower())
    if state is not None:
        return _set(ctx, state, clean(rest.lstrip(" -–—:")))
    close = nearest(word.lower(), STATES) or _inflected(word, alone=not rest.strip())
    if close:
        require_open(ctx)
        raise RefusedError(
            sentence("{} is no state: did you mean {ir} status {}? ({ir} update TEXT takes any words.)", word, close)
        )
    return _enter(ctx, command.text, kind=Kind.STATUS, usage=sentence("{ir} update TEXT"), what="update logged")


def _inflected(word: str, *, alone: bool) -> str | None:
    """The state of which a word is another form; ``fix`` with words behind it is a noun."""
    found = INFLECTED.fullmatch(word)
    if found is None or (word.lower() == "fix" and not alone):
        return None
    return next(state for state in STATES if state.startswith(found["stem"].lower()))


@Verb(
    "update",
    "TEXT",
    does="adds a status update",
    example="update half the cells are back",
    group=Group.INCIDENT,
    meant_by=("comment", "progress", "eta", "update-incident", "report-tactical"),
    bare_number=BareNumber.UNCLEAR_ALONE,
    text_ends_entry=True,
)
def update(ctx: IncidentContext, command: Command) -> Outcome:
    """Log a status update without a change of state."""
    return _enter(ctx, command.text, kind=Kind.STATUS, usage=sentence("{ir} update TEXT"), what="update logged")


@Verb(
    "decided",
    "TEXT",
    does="records a decision",
    example="decided we roll back",
    group=Group.PEOPLE,
    meant_by=("decision", "decisions", "decide", "agreed"),
    bare_number=BareNumber.UNCLEAR_ALONE,
    text_ends_entry=True,
)
def decided(ctx: IncidentContext, command: Command) -> Outcome:
    """Log a decision."""
    return _enter(ctx, command.text, kind=Kind.DECISION, usage=sentence("{ir} decided TEXT"), what="decision logged")


@Verb(
    "public",
    "[WHEN] TEXT",
    does="notes that the public status page was updated",
    example="public posted “investigating”",
    group=Group.INCIDENT,
    meant_by=("statuspage", "status-page"),
    bare_number=BareNumber.UNCLEAR_ALONE,
    text_ends_entry=True,
)
def public(ctx: IncidentContext, command: Command) -> Outcome:
    """Log that the public status page was updated."""
    usage = sentence("{ir} public [WHEN] TEXT")
    read = timed(ctx, command.text)
    text = f"Public status page updated: {prose(read.text, usage=usage)}"
    number = enter(ctx, read.moment, text, kind=Kind.STATUS)
    hint = read.hint(number) or marker_hint(ctx, number, text)
    page = ctx.application.config.status_page
    what = f"update of {page} logged" if page else "public update logged"
    return acknowledge(ctx, number, read.moment, what=what, hint=hint)


def _set(ctx: IncidentContext, state: Status, text: str) -> Outcome:
    require_open(ctx)
    if ctx.afterwards and text:
        raise RefusedError(
            sentence("This incident is written down afterwards: {ir} status {}, then {log} WHEN TEXT.", state)
        )
    set_head(ctx.session, ctx.audit, status=state.value)
    if ctx.afterwards:
        return [ctx.reply(f"Incident {ctx.number} is {state} now."), *tell_page(ctx)]
    words = f"Status: {state} – {text}" if text else f"Status: {state}"
    return [*_entered(ctx, said_now(ctx, words), kind=Kind.STATUS, what=f"status is {state}"), *tell_page(ctx)]


def _enter(ctx: IncidentContext, typed: str, *, kind: Kind, usage: Speech, what: str) -> Outcome:
    """Enter an update: in a live incident it is of now, in any other it needs a time."""
    if ctx.afterwards:
        read = timed(ctx, typed)
        return _entered(ctx, replace(read, text=prose(read.text, usage=usage)), kind=kind, what=what)
    return _entered(ctx, said_now(ctx, prose(typed, usage=usage)), kind=kind, what=what)


def _entered(ctx: IncidentContext, read: Timed, *, kind: Kind, what: str) -> Outcome:
    number = enter(ctx, read.moment, read.text, kind=kind)
    hint = read.hint(number) or marker_hint(ctx, number, read.text)
    return acknowledge(ctx, number, read.moment, what=what, hint=hint)
