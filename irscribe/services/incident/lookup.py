"""The commands that show incidents and change nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from irscribe.commands import ANYTHING, About, BareNumber, Command, Group, Verb
from irscribe.domain.duration import spell_minutes
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.mark import harmless
from irscribe.domain.missing import phrase
from irscribe.domain.outages import minutes_between
from irscribe.domain.prose import listing, plural, without_ping
from irscribe.domain.record import Incident, Point, Recorded
from irscribe.domain.report import Kind, Report, State
from irscribe.domain.reportparts import Theory, TheoryState
from irscribe.domain.sanity import phrase_checks
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.domain.spelling import label
from irscribe.domain.text import clean, cut
from irscribe.services.alerts.detection import offer
from irscribe.services.context import target
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.context.finality import SPOKEN
from irscribe.services.context.names import held
from irscribe.services.filing.outbox_commands import refused
from irscribe.services.report.assembly import outline_of
from models import Session, SnapshotEndedError, alerts, incidents, notable, parts, roles, searching, team, theories

COUNT = re.compile(r"0*([1-9][0-9]{0,5})$")
LISTED_BY_DEFAULT = 4
MOST_HITS = 12
NAMED = 5
"""Most words that an answer repeats."""
MOST_LISTED = 50


def status_line(ctx: IncidentContext) -> Speech:
    """Give the state of the incident in one line, with what a service refused to take of it."""
    line = f"{'; '.join(status(ctx.session, ctx.incident, now=ctx.now))}.{_page(ctx)}"
    return joined(" ", filter(None, (line, refused(ctx.session, ctx.number))))


def status(session: Session, incident: Incident, *, now: datetime) -> list[str]:
    """Give the parts of that line: state, coordinator, responders, impact, open theories, alerts, last update."""
    impact = parts.fields(session, incident.number).get("impact")
    updates = notable.last(session, incident.number, kind=Kind.STATUS)
    suspected = len(theories.still_open(session, incident.number))
    heard, firing = alerts.count(session, incident.number)
    return [
        f"{_short_name(incident)}: {_standing(incident, now)}",
        _coordinator(session, incident.number),
        _responders(session, incident.number),
        f"impact: {_one_line(impact, 80)}" if impact else "no impact yet",
        *([plural(suspected, "open theory")] if suspected else []),
        *([f"{plural(heard, 'alert')}, {firing} firing"] if heard else []),
        f"last update {_quoted(updates, now)}" if updates else "no update yet",
    ]


@Verb(
    "show",
    "N",
    does="shows one incident in a line",
    example="show 12",
    group=Group.INCIDENT,
    about=About.NUMBER,
    reads_only=(ANYTHING,),
)
def show(ctx: CommandContext, command: Command) -> Outcome:
    """Show one incident in a line, from any channel."""
    number = target.number_in(command, usage=sentence("{ir} show N"))
    return ctx.inform(status_line(target.context_of(ctx, target.visible(ctx, number))))


@Verb(
    "list",
    "[open|N]",
    does="lists the latest incidents",
    example="list open",
    group=Group.INCIDENT,
    meant_by=("incidents", "list-incidents", "ls"),
    about=About.NONE,
    reads_only=(ANYTHING,),
)
def list_incidents(ctx: CommandContext, command: Command) -> Outcome:
    """List the latest incidents, or the open ones."""
    typed = command.text.strip().lower()
    wanted = COUNT.match(typed)
    if typed not in ("", "open") and not wanted:
        raise RefusedError(sentence("Which ones? Type {ir} list, {ir} list open or {ir} list 10."))
    most = min(int(wanted[1]), MOST_LISTED) if wanted else MOST_LISTED if typed else LISTED_BY_DEFAULT
    found = incidents.latest(ctx.session, limit=most, only_open=typed == "open", reader=ctx.reader)
    if not found:
        return ctx.inform("No incident is open." if typed else "There are no incidents yet.")
    pages = parts.pages(ctx.session, [each.number for each in found])
    lines = [summarise(each) + _behind(pages.get(each.number), before="; page: ") for each in found]
    return ctx.answer(lines, about=plural(len(found), "incident"))


@Verb(
    "find",
    "WORDS",
    does="finds incidents and entries that hold all the words",
    example="find nfs timeout",
    group=Group.INCIDENT,
    meant_by=("search", "grep"),
    about=About.NONE,
    reads_only=(ANYTHING,),
    keeps_words=False,
)
def find(ctx: CommandContext, command: Command) -> Outcome:
    """Find incidents and entries that hold all the words; say so if not all was looked for or through."""
    words = searching.different(clean(command.text).split())
    if not words:
        raise RefusedError(sentence("What shall I look for? Type {ir} find WORDS."))
    found, is_whole = _search(ctx, words)
    remarks = _left_out(words[searching.MOST_WORDS :])
    if not found:
        return ctx.inform(" ".join([f"Nothing holds {_named(words[: searching.MOST_WORDS])}.", *remarks]))
    if not is_whole:
        remarks.append("That took too long to look through all: older incidents may hold more.")
    hits = [
        f"{_short_name(incident)}{f' #{number}' if number else ''}: {_one_line(text, 200)}"
        for incident, number, text in found
    ]
    return ctx.answer([*hits, *remarks], about=plural(len(hits), "hit"))


def _search(ctx: CommandContext, words: Sequence[str]) -> tuple[list[searching.Hit], bool]:
    """Give the hits, and False if they were all that could be found in the time of a snapshot.

    Raises SnapshotEndedError if nothing was found in that time.
    """
    found: list[searching.Hit] = []
    try:
        found.extend(searching.search(ctx.session, words, limit=MOST_HITS, reader=ctx.reader))
    except SnapshotEndedError:
        if not found:
            raise
        return found, False
    return found, True


def _left_out(words: Sequence[str]) -> list[str]:
    if not words:
        return []
    return [f"I look for {searching.MOST_WORDS} different words at most, so not for {_named(words)}."]


def _named(words: Sequence[str]) -> str:
    """Name the first few of these words."""
    return listing([f"“{cut(word, 40)}”" for word in words[:NAMED]])


@Verb(
    "recap",
    does="sends you five lines: where it stands, for whoever comes late",
    example="recap",
    group=Group.PEOPLE,
    meant_by=("catchup", "catch-up", "catch", "sitrep", "brief"),
    bare_number=BareNumber.INCIDENT,
    reads_only=(ANYTHING,),
    final_takes=(ANYTHING,),
)
def recap(ctx: IncidentContext, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Give five lines in private to a person who comes late."""
    return ctx.answer_in_private(recap_lines(ctx), about=f"Recap of {ctx.number}")


def recap_lines(ctx: IncidentContext) -> list[str]:
    """The lines of a recap: state, people in charge, impact, last decisions, open questions and theories."""
    impact = parts.fields(ctx.session, ctx.number).get("impact")
    decisions = notable.last(ctx.session, ctx.number, kind=Kind.DECISION, limit=3)
    updates = notable.last(ctx.session, ctx.number, kind=Kind.STATUS)
    coordinator = _coordinator(ctx.session, ctx.number)
    held_roles = [held(each, ctx.now) for each in roles.serving(ctx.session, ctx.number).values()]
    in_charge = "; ".join([f"{coordinator[0].upper()}{coordinator[1:]}", *held_roles])
    latest = f"; last update {_quoted(updates, ctx.now)}" if updates else ""
    return [
        f"{ctx.incident.name}: {_standing(ctx.incident, ctx.now)}{latest}.{_page(ctx)}",
        f"{in_charge}; {_responders(ctx.session, ctx.number)}.",
        f"Impact: {_one_line(impact, 300) if impact else 'not known yet'}.",
        f"Decided: {_quoted(decisions, ctx.now) if decisions else 'nothing yet'}.",
        still_open(ctx.session, ctx.number),
    ]


def still_open(session: Session, number: int) -> str:
    """Give the open questions of an incident, and its open theories if there are any."""
    asks = [each for each in parts.points(session, number, "ask") if not each.done]
    asked = f"Asked: {'; '.join(map(_asked, asks[-5:])) if asks else 'nothing open'}."
    suspected = theories.still_open(session, number)[-3:]
    return f"{asked} Suspected: {'; '.join(map(_suspected, suspected))}." if suspected else asked


@Verb(
    "missing",
    does="says what the report still lacks, and what contradicts itself",
    example="missing",
    group=Group.REPORT,
    bare_number=BareNumber.INCIDENT,
    reads_only=(ANYTHING,),
    final_takes=(ANYTHING,),
)
def missing(ctx: IncidentContext, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Name the missing parts of the report and its warnings."""
    report = outline_of(ctx.session, ctx.application, ctx.number)
    unsent = refused(ctx.session, ctx.number)
    said = (f"{ctx.incident.name}: {phrase(report.missing)}.", phrase_checks(report.warnings), unsent)
    return [*ctx.inform(joined(" ", filter(None, said))), *_offered(ctx, report)]


def _offered(ctx: IncidentContext, report: Report) -> Outcome:
    """Offer what the first alert says of how it was noticed, if that is missing."""
    offered = offer(ctx.session, ctx.incident, name=harmless) if "detection" in report.missing else None
    return ctx.inform(sentence("{} {ir} detection ok takes that as detection.", offered)) if offered else []


def summarise(incident: Incident) -> str:
    """Give an incident as a line of a list."""
    flags = "".join(f", {name}" for name in ("private", "drill") if getattr(incident, name))
    opened = f"opened {incident.opened_at:%Y-%m-%d %H:%M} in {incident.channel_name}"
    state = f"open, {incident.status}" if incident.open else incident.state
    return f"{_short_name(incident)}: {state}{flags}, {opened}"


def _page(ctx: IncidentContext) -> str:
    """Give the address of the report on the wiki, for the end of a line; empty if it is not there."""
    return _behind(parts.fields(ctx.session, ctx.number).get(parts.PAGE), before=" Page: ")


def _behind(address: str | None, *, before: str) -> str:
    return f"{before}{address}" if address else ""


def _short_name(incident: Incident) -> str:
    return f"{incident.number} “{cut(incident.title, 80)}”" if incident.title else incident.name


def _standing(incident: Incident, now: datetime) -> str:
    until = incident.closed_at or now
    lasted = max(0, minutes_between(incident.opened_at, until) or 0)
    signs = [f"severity {incident.severity}"] if incident.severity is not None else []
    signs += [name for name in ("private", "drill") if getattr(incident, name)]
    signs += [incident.status, f"open{_for(incident, lasted)}"] if incident.open else [_ended(incident, lasted)]
    signs += [f"report {SPOKEN[incident.document_status]}"] if incident.state is State.CLOSED else []
    return ", ".join(signs)


def _for(incident: Incident, minutes: int) -> str:
    if incident.retrospective:
        return ""  # the time for writing it down is not the length of the incident
    return f" for {spell_minutes(minutes)}"


def _ended(incident: Incident, minutes: int) -> str:
    if incident.retrospective or not minutes:
        return str(incident.state)
    return f"{incident.state} after {spell_minutes(minutes)}"


def _coordinator(session: Session, number: int) -> str:
    term = team.serving(session, number)
    return f"coordinator {without_ping(term.name)}" if term else "no coordinator"


def _responders(session: Session, number: int) -> str:
    present = [each for each in team.responders(session, number) if each.left_at is None]
    if not present:
        return "no responders"
    names = ", ".join(without_ping(each.name) for each in present)
    return f"{plural(len(present), 'responder')}: {cut(names, 100)}"


def _asked(question: Point) -> str:
    return f"{question.number}. “{cut(question.text, 120)}”"


def _suspected(theory: Theory) -> str:
    likely = " (likely)" if theory.state is TheoryState.LIKELY else ""
    return f"{theory.number}. “{_one_line(theory.text, 120)}”{likely}"


def _one_line(text: str, limit_bytes: int) -> str:
    return cut(text.replace("\n\n", " / ").replace("\n", " / "), limit_bytes)


def _quoted(found: Sequence[Recorded], now: datetime) -> str:
    return "; ".join(_quote(each, now) for each in found)


def _quote(entry: Recorded, now: datetime) -> str:
    moment = entry.current.moment
    elsewhere = moment.at is not None and moment.at.date() != now.date()
    return f"{label(moment, day_shown=elsewhere)} “{_one_line(entry.current.text, 80)}”"
