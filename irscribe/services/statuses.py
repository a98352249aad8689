"""Where the work stands: the state, updates, decisions."""

from __future__ import annotations

from irscribe.commands import Command
from irscribe.domain import when
from irscribe.domain.dayrule import require_when, resolve
from irscribe.domain.errors import RefusedError
from irscribe.domain.moment import Moment
from irscribe.domain.nearest import nearest
from irscribe.domain.report import Kind, Status
from irscribe.domain.text import clean
from irscribe.services.acknowledging import acknowledge
from irscribe.services.looking import status_line
from irscribe.services.noting import enter, marker_hint
from irscribe.services.turn import Case, Outcome
from irscribe.services.wording import context, prose
from models.parts import set_head

STATES = {
    **{status.value: status for status in Status},
    "mitigated": Status.MONITORING,
    "fixed": Status.RESOLVED,
}


def status(case: Case, command: Command) -> Outcome:
    """Show the state, set it, or take the text as an update."""
    if not command.text:
        return case.say(status_line(case))
    word, _, rest = command.text.partition(" ")
    state = STATES.get(word.lower().rstrip(":,."))
    if state is not None:
        return _set(case, state, clean(rest.lstrip(" -–—:")))
    close = nearest(word.lower(), STATES)
    if close:
        raise RefusedError(f"{word} is no state: did you mean !ir status {close}? (!ir update TEXT takes any words.)")
    return _enter(case, command.text, kind=Kind.STATUS, usage="!ir update TEXT", what="update logged")


def update(case: Case, command: Command) -> Outcome:
    """A status update without a change of state."""
    return _enter(case, command.text, kind=Kind.STATUS, usage="!ir update TEXT", what="update logged")


def decided(case: Case, command: Command) -> Outcome:
    """A decision."""
    return _enter(case, command.text, kind=Kind.DECISION, usage="!ir decided TEXT", what="decision logged")


def public(case: Case, command: Command) -> Outcome:
    """A note that the public status page was updated."""
    usage = "!ir public [WHEN] TEXT"
    parsed = when.parse(command.text)
    understood = context(case, parsed.when)
    require_when(parsed.when, context=understood)
    moment = resolve(parsed.when, context=understood)
    text = f"Public status page updated: {prose(parsed.rest, usage=usage)}"
    return _entered(case, moment, text, kind=Kind.STATUS, what="public update logged")


def _set(case: Case, state: Status, text: str) -> Outcome:
    if not case.incident.open:
        raise RefusedError(f"Incident {case.incident.name} is {case.incident.state}: !ir reopen opens it again.")
    if case.afterwards and text:
        raise RefusedError(f"This incident is written down afterwards: !ir status {state}, then !log WHEN TEXT.")
    set_head(case.session, case.trail, status=state.value)
    if case.afterwards:
        return case.say(f"Incident {case.number} is {state} now.")
    words = f"Status: {state} – {text}" if text else f"Status: {state}"
    moment = resolve(None, context=context(case))
    return _entered(case, moment, words, kind=Kind.STATUS, what=f"status is {state}")


def _enter(case: Case, typed: str, *, kind: Kind, usage: str, what: str) -> Outcome:
    text, moment = _timed(case, typed) if case.afterwards else (typed, resolve(None, context=context(case)))
    return _entered(case, moment, prose(text, usage=usage), kind=kind, what=what)


def _entered(case: Case, moment: Moment, text: str, *, kind: Kind, what: str) -> Outcome:
    number = enter(case, moment, text, kind=kind)
    return acknowledge(case, number, moment, what=what, hint=marker_hint(case, number, text))


def _timed(case: Case, typed: str) -> tuple[str, Moment]:
    """A live incident's updates are said now; one written down afterwards needs to know when it was."""
    parsed = when.parse(typed)
    understood = context(case, parsed.when)
    require_when(parsed.when, context=understood)
    return parsed.rest, resolve(parsed.when, context=understood)
