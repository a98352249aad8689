"""Notes typed while nothing was open: taken in later with their own times and authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from irscribe.commands import Command
from irscribe.domain import when
from irscribe.domain.dayrule import Context, resolve
from irscribe.domain.errors import RefusedError
from irscribe.domain.prose import listing, plural
from irscribe.domain.record import Heard
from irscribe.domain.request import Family, Person
from irscribe.services.noting import KEPT_FOR, note
from irscribe.services.turn import Case, Outcome, Turn
from models import entries, lines
from models.changes import put
from models.tables import line

USAGE = "!ir adopt, !ir adopt -20m, !ir adopt 3 (the last ones) or !ir adopt none"


def adopt(case: Case, command: Command) -> Outcome:
    """Take the waiting notes in, the last ones, or none of them."""
    waiting = lines.waiting(case.session, case.incident.network, case.incident.channel, since=case.turn.now - KEPT_FOR)
    if not waiting:
        raise RefusedError("No notes wait here.")
    if command.text.strip().lower() == "none":
        return _discard(case, waiting)
    if not case.incident.open:
        raise RefusedError(f"Incident {case.number} is {case.incident.state}: open one with !ir start TITLE first.")
    return _take(case, _chosen(case, waiting, command.text.strip()))


def _chosen(case: Case, waiting: Sequence[Heard], typed: str) -> Sequence[Heard]:
    if not typed:
        return waiting
    if typed.isdecimal() and int(typed) > 0:
        return waiting[-int(typed) :]
    parsed = when.parse(typed)
    if parsed.when is None or parsed.rest:
        raise RefusedError(f"Which ones? Type {USAGE}.")
    since = resolve(parsed.when, context=Context(said_at=case.turn.request.said_at)).at
    return [each for each in waiting if since is None or each.said_at >= since]


def _discard(case: Case, waiting: Sequence[Heard]) -> Outcome:
    _settle(case, waiting, "discarded")
    return case.say(f"{plural(len(waiting), 'waiting note')} discarded.")


def _take(case: Case, chosen: Sequence[Heard]) -> Outcome:
    taken, left = [], []
    for each in chosen:
        try:
            with case.session.begin_nested():
                note(_as_said(case.turn, each), quiet=False)
                _settle(case, [each], "taken")
            taken.append(each)
        except RefusedError as refusal:
            left.append(f"“{each.body[:60]}” is left out: {refusal}")
    numbers = [f"#{made[1]}" for each in taken for made in entries.made_by(case.session, each.id)[-1:]]
    done = f"{plural(len(taken), 'note')} taken in: {listing(numbers)}." if taken else "No note taken in."
    return case.say(" ".join([done, *left[:1]]))


def _as_said(turn: Turn, heard: Heard) -> Turn:
    """The turn this line would have been, in the incident that is current now."""
    person = Person(nick=heard.nick, user=heard.user, host=heard.host, account=heard.account)
    typed = heard.body if when_is_typed(heard.body) else f"now {heard.body}"
    request = replace(
        turn.request,
        family=Family(heard.family),
        person=person,
        text=typed,
        said_at=heard.said_at,
        heard_at=heard.heard_at,
    )
    return replace(turn, request=request, person=heard.person, line=heard.id)


def when_is_typed(body: str) -> bool:
    """Whether a note goes on with another, or says itself when it happened."""
    return body.startswith("+") or when.parse(body).when is not None


def _settle(case: Case, waiting: Sequence[Heard], fate: str) -> None:
    for each in waiting:
        put(case.session, case.trail, line, key={"id": each.id}, values={"fate": fate})
