"""Theories: what is suspected, and what became of it. Each statement is an entry of the timeline."""

from __future__ import annotations

import re
from dataclasses import replace

from irscribe.commands import NOTHING, BareNumber, Command, Group, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.nearest import nearest
from irscribe.domain.prose import plural
from irscribe.domain.report import Kind
from irscribe.domain.reportparts import Theory, TheoryState
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut
from irscribe.domain.theories import Statement, judgement, proposal
from irscribe.services.context.acknowledgement import acknowledge
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.wording import Timed, prose, refuse_incomplete, said_now, timed
from irscribe.services.timeline.notes import enter, marker_hint
from models import theories

STATES = {
    "ruled out": TheoryState.RULED_OUT,
    "ruled-out": TheoryState.RULED_OUT,
    "rule out": TheoryState.RULED_OUT,
    "likely": TheoryState.LIKELY,
    "confirmed": TheoryState.CONFIRMED,
    "open": TheoryState.OPEN,
}
JUDGED = re.compile(
    rf"#?(?P<number>\d{{1,6}})\s+(?:is\s+)?(?P<state>{'|'.join(STATES)})(?:\s*[:,–—-]\s+|\s+|$)(?P<why>.*)",
    re.IGNORECASE | re.DOTALL,
)
NUMBERED = re.compile(r"#?(\d{1,6})\s+(\S+)")
USAGE = sentence("{ir} theory TEXT")
TEXT_SHOWN = 80
"""Bytes of a theory that a reply repeats."""


@Verb(
    "theory",
    "TEXT | N ruled out|likely|confirmed [WHY]",
    does="notes what is suspected, numbered, or says what became of it",
    example="theory 1 ruled out the graphs are flat",
    group=Group.PEOPLE,
    aliases=("theories",),
    meant_by=("hypothesis", "suspect", "suspected", "suspicion", "guess"),
    bare_number=BareNumber.UNCLEAR_ALONE,
    text_ends_entry=True,
    reads_only=(NOTHING,),
    final_takes=(NOTHING,),
)
def theory(ctx: IncidentContext, command: Command) -> Outcome:
    """Note a theory, judge one, or list them."""
    typed = command.text.strip()
    if not typed:
        return _list(ctx)
    if found := JUDGED.fullmatch(typed):
        state = STATES[" ".join(found["state"].lower().split())]
        return _judge(ctx, int(found["number"]), state, found["why"])
    refuse_incomplete(
        typed, ways={word: sentence("{ir} theory N {}", word) for word in ("likely", "confirmed", "open")}
    )
    _refuse_near_miss(ctx, typed)
    number = theories.next_number(ctx.session, ctx.number)
    read = _read(ctx, typed)
    read = replace(read, text=proposal(number, prose(read.text, usage=USAGE)))
    # Said once: whoever has read it at the first theory knows it at the second.
    told = sentence("; {ir} theory {} likely, confirmed or ruled out says what becomes of it", number)
    hint: Speech = told if number == 1 else ""
    return _enter(ctx, read, number, TheoryState.OPEN, what=f"theory {number} logged", hint=hint)


def _judge(ctx: IncidentContext, number: int, state: TheoryState, typed: str) -> Outcome:
    judged = next((each for each in theories.known(ctx.session, ctx.number) if each.number == number), None)
    if judged is None:
        raise RefusedError(sentence("There is no theory {} in {}: {ir} theory lists them.", number, ctx.number))
    read = _read(ctx, typed)
    why = clean(read.text)
    if judged.state is state and why in ("", judged.why or ""):
        raise RefusedError(
            sentence("Theory {} is {} already: {ir} theory {} {} WHY adds why.", number, state, number, state)
        )
    read = replace(read, text=judgement(number, state, why))
    return _enter(ctx, read, number, state, what=f"theory {number} is {state}", hint=f" (“{_quoted(judged)}”)")


def _read(ctx: IncidentContext, typed: str) -> Timed:
    """Read a statement: in a live incident it is of now, in any other it needs a time before its text."""
    return timed(ctx, typed) if ctx.afterwards else said_now(ctx, typed)


def _enter(ctx: IncidentContext, read: Timed, number: int, state: TheoryState, *, what: str, hint: Speech) -> Outcome:
    entered = enter(ctx, read.moment, read.text, kind=Kind.THEORY)
    theories.state(ctx.session, ctx.number, Statement(theory=number, entry=entered, state=state))
    found = read.hint(entered) or marker_hint(ctx, entered, read.text)
    return acknowledge(ctx, entered, read.moment, what=what, hint=found or hint)


def _refuse_near_miss(ctx: IncidentContext, typed: str) -> None:
    """Ask back about a theory's number with a word behind it that is nearly a state."""
    found = NUMBERED.match(typed)
    if found is None or int(found[1]) not in {each.number for each in theories.known(ctx.session, ctx.number)}:
        return
    word = found[2].lower().strip(":,.")
    close = nearest(word, [*STATES, "ruled", "ruledout", "unlikely"])
    if close is None:
        return
    meant = close if close in STATES else "ruled out"
    raise RefusedError(
        sentence("{} is no state: did you mean {ir} theory {} {}?", cut(clean(found[2]), 20), found[1], meant)
    )


def _list(ctx: IncidentContext) -> Outcome:
    known = theories.known(ctx.session, ctx.number)
    if not known:
        return ctx.inform(sentence("Nothing is suspected in {} yet: {ir} theory TEXT notes a theory.", ctx.number))
    return ctx.answer([_line(each) for each in known], about=plural(len(known), "theory"))


def _line(each: Theory) -> str:
    why = f": {cut(each.why, 120)}" if each.why else ""
    return f"Theory {each.number}. {cut(each.text, 200)} ({each.state}{why}, #{each.entry})"


def _quoted(each: Theory) -> str:
    return cut(each.text.replace("\n", " / "), TEXT_SHOWN)
