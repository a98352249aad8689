"""Looking at what is there; nothing here changes anything."""

from __future__ import annotations

from irscribe.commands import Command
from irscribe.domain.duration import spell_minutes
from irscribe.domain.errors import RefusedError
from irscribe.domain.missing import phrase
from irscribe.domain.outages import minutes_between
from irscribe.domain.prose import listing, plural, without_ping
from irscribe.domain.record import Incident, Recorded
from irscribe.domain.report import Kind
from irscribe.domain.spelling import label
from irscribe.domain.text import clean, cut
from irscribe.services import addressing
from irscribe.services.reporting import report_of
from irscribe.services.turn import Case, Outcome, Turn
from irscribe.services.wording import numbered
from models import entries, incidents, parts, team

LISTED = 4
FOUND = 12
MOST_LISTED = 50


def status_line(case: Case) -> str:
    """Number, title, state, how long, coordinator, responders, impact, last update: one line."""
    impact = parts.fields(case.session, case.number).get("impact")
    updates = entries.last(case.session, case.number, kinds=(Kind.STATUS,))
    said = [
        f"{case.incident.name}: {_standing(case)}",
        _coordinator(case),
        _responders(case),
        f"impact: {cut(impact.replace(chr(10), ' '), 120)}" if impact else "no impact yet",
        f"last update {_quoted(updates[0])}" if updates else "no update yet",
    ]
    return "; ".join(said) + "."


def show(turn: Turn, command: Command) -> Outcome:
    """One incident in a line, wherever it was."""
    number, _ = numbered(command.text, usage="!ir show N")
    return [turn.say(status_line(addressing.case_of(turn, addressing.visible(turn, number))))]


def list_incidents(turn: Turn, command: Command) -> Outcome:
    """The latest incidents, or the open ones."""
    typed = command.text.strip().lower()
    if typed and typed != "open" and not (typed.isdecimal() and int(typed[:6]) > 0):
        raise RefusedError("Which ones? Type !ir list, !ir list open or !ir list 10.")
    limit = min(int(typed[:6]), MOST_LISTED) if typed.isdecimal() else MOST_LISTED if typed else LISTED
    found = [*incidents.latest(turn.session, limit=limit, only_open=typed == "open")]
    found += [each for each in _private_here(turn) if each not in found]
    if not found:
        return [turn.say("No incident is open." if typed == "open" else "There are no incidents yet.")]
    return turn.answer([summarise(each) for each in found], about=plural(len(found), "incident"))


def find(turn: Turn, command: Command) -> Outcome:
    """Incidents and entries that hold all the words."""
    words = clean(command.text).split()
    if not words:
        raise RefusedError("What shall I look for? Type !ir find WORDS.")
    found = incidents.find(turn.session, words, limit=FOUND)
    if not found:
        return [turn.say(f"Nothing holds {listing([f'“{cut(word, 40)}”' for word in words[:5]])}.")]
    lines = [
        f"{incident.name}{f' #{number}' if number else ''}: {cut(text.replace(chr(10), ' / '), 200)}"
        for incident, number, text in found
    ]
    return turn.answer(lines, about=plural(len(lines), "hit"))


def recap(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Five lines in private for who comes late."""
    impact = parts.fields(case.session, case.number).get("impact")
    decisions = entries.last(case.session, case.number, kinds=(Kind.DECISION,), limit=3)
    latest = entries.last(case.session, case.number, limit=3)
    return case.turn.answer_in_private(
        [
            f"{case.incident.name}: {_standing(case)}.",
            f"{_coordinator(case)}; {_responders(case)}.".capitalize(),
            f"Impact: {cut(impact.replace(chr(10), ' '), 300) if impact else 'not known yet'}.",
            f"Decided: {'; '.join(map(_quoted, decisions)) if decisions else 'nothing yet'}.",
            f"Latest: {'; '.join(map(_quoted, latest)) if latest else 'no entries yet'}.",
        ],
        about=f"Recap of {case.number}",
    )


def missing(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """What the report still lacks, and what it contradicts itself in."""
    report = report_of(case.session, case.turn.house, case.number)
    contradictions = f" Check: {'; '.join(report.warnings)}." if report.warnings else ""
    return case.say(f"{case.incident.name}: {phrase(report.missing)}.{contradictions}")


def summarise(incident: Incident) -> str:
    """An incident in a line of a list."""
    flags = "".join(f", {name}" for name in ("private", "drill") if getattr(incident, name))
    opened = f"opened {incident.opened_at:%Y-%m-%d %H:%M} in {incident.channel_name}"
    return f"{incident.name}: {incident.state}, {incident.status}{flags}, {opened}"


def _private_here(turn: Turn) -> list[Incident]:
    if turn.channel is None:
        return []
    here = incidents.open_in(turn.session, turn.request.network, turn.channel)
    return [each for each in here if each.private]


def _standing(case: Case) -> str:
    incident = case.incident
    until = incident.closed_at or case.turn.now
    lasted = spell_minutes(max(0, minutes_between(incident.opened_at, until) or 0))
    state = incident.status if incident.open else incident.state
    since = f"open for {lasted}" if incident.open else f"after {lasted}"
    severity = f"severity {incident.severity}, " if incident.severity is not None else ""
    return f"{severity}{state}, {since}"


def _coordinator(case: Case) -> str:
    serving = [term.name for term in team.terms(case.session, case.number) if term.until is None]
    return f"coordinator {without_ping(serving[-1])}" if serving else "no coordinator"


def _responders(case: Case) -> str:
    present = [each for each in team.participants(case.session, case.number) if each.left_at is None]
    if not present:
        return "no responders"
    return f"{plural(len(present), 'responder')}: {', '.join(without_ping(each.name) for each in present[:8])}"


def _quoted(entry: Recorded) -> str:
    text = cut(entry.current.text.replace("\n", " / "), 120)
    return f"{label(entry.current.moment, day_shown=False)} “{text}”"
