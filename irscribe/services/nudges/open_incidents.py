"""Nudges about open incidents: those of a channel that are due at one moment are one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from irscribe.domain.attendance import Observed, Seen
from irscribe.domain.duration import spell_minutes
from irscribe.domain.nudges import Facts, Kind, Nudge, due
from irscribe.domain.prose import without_ping
from irscribe.domain.record import Incident
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.unasked import is_allowed
from irscribe.services.nudges.facts import Coordinator, coordinator_of, facts_of
from irscribe.services.nudges.silence import is_muted
from irscribe.services.nudges.unasked_lines import Line, in_one_line, named
from models import Session, incidents, parts

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Case:
    """An open incident with nudges that are due; ``reached`` is the coordinator if they can be told in private."""

    incident: Incident
    facts: Facts
    coordinator: Coordinator | None
    reached: Seen | None
    due: Sequence[Nudge]
    now: datetime

    @property
    def number(self) -> int:
        """The incident's number."""
        return self.incident.number

    @property
    def public(self) -> Sequence[Nudge]:
        """The nudges for the channel; nobody else hears of a silence if the coordinator cannot be reached."""
        return [each for each in self.due if not each.is_private or (each.kind is Kind.QUIET and self.reached is None)]

    @property
    def private(self) -> Sequence[Nudge]:
        """The nudges for the coordinator."""
        return [each for each in self.due if each.is_private and self.reached is not None]

    @property
    def address(self) -> str:
        """The `` @N`` that a command in the channel needs; empty if only this incident is open there."""
        return f" @{self.number}" if self.incident.open_here > 1 else ""

    def since(self, moment: datetime) -> str:
        """Spell the time since a moment."""
        return spell_minutes(max(0, (self.now - moment) // MINUTE))


def live_incidents(session: Session, observed: Observed, channel: str) -> Sequence[Incident]:
    """Give the open incidents of a channel (folded name) whose notes are typed as things happen."""
    found = incidents.open_in(session, observed.attendance.network, channel)
    return [each for each in found if each.live]


def lines_of_channel(
    session: Session, application: ApplicationContext, observed: Observed, channel: str, now: datetime
) -> Iterator[Line]:
    """Give the line that is due in a channel, and those that its coordinators get in private."""
    cases = list(_cases(session, application, observed, channel, now))
    place = {"network": observed.attendance.network, "channel": channel}
    public = [each for each in cases if each.public]
    may_speak = public and is_allowed(session, application.config.unasked, now=now, **place)
    told = _public_line(public, application, channel) if may_speak else None
    if told is not None:
        yield told
    yield from _private_lines(cases, application, told)


def _cases(
    session: Session, application: ApplicationContext, observed: Observed, channel: str, now: datetime
) -> Iterator[Case]:
    for incident in live_incidents(session, observed, channel):
        fields = parts.fields(session, incident.number)
        if is_muted(fields, now):
            continue
        facts = facts_of(session, incident, fields=fields, observed=observed, now=now)
        nudges = due(facts, application.config.nudges, now)
        if nudges:
            serving = coordinator_of(session, incident.number)
            reached = serving.reached(observed.attendance, incident) if serving else None
            yield Case(incident=incident, facts=facts, coordinator=serving, reached=reached, due=nudges, now=now)


def _public_line(cases: Sequence[Case], application: ApplicationContext, channel: str) -> Line:
    """Say all that is due in one line; what would have been said in private before it, is said with it."""
    phrases = [sentence("Incident {}: {}", each.number, joined("; ", _phrases(each, each.public))) for each in cases]
    hint = "" if any(each.facts.said for each in cases) else sentence(" ({ir} mute silences me)")
    given = {
        each.number: [*each.public, *(one for one in each.due if one.kind is Kind.UPDATE and one.is_private)]
        for each in cases
    }
    return Line(
        to=cases[0].incident.channel_name,
        text=in_one_line([*phrases[:-1], sentence("{}{}", phrases[-1], hint)], application),
        given=given,
        channel=channel,
    )


def _private_lines(cases: Sequence[Case], application: ApplicationContext, told: Line | None) -> Iterator[Line]:
    """Give a line for each coordinator, without what the channel is told at this moment."""
    given: dict[str, dict[int, Sequence[Nudge]]] = {}
    phrases: dict[str, list[Speech]] = {}
    reached: dict[str, Seen] = {}
    for case in cases:
        said = () if told is None else told.given.get(case.number, ())
        nudges = [each for each in case.private if each not in said]
        if nudges and case.reached is not None:
            nick = case.reached.nick
            reached[nick] = case.reached
            given.setdefault(nick, {})[case.number] = nudges
            about = joined("; ", _private_phrases(case, nudges))
            phrases.setdefault(nick, []).append(sentence("Incident {}: {}", named(case.incident), about))
    for nick, somebody in reached.items():
        text = in_one_line(phrases[nick], application)
        yield Line(to=nick, text=text, given=given[nick], recipient_keys=somebody.keys)


def _phrases(case: Case, nudges: Sequence[Nudge]) -> Sequence[Speech]:
    """Word nudges, each kind once."""
    return [PHRASES[kind](case) for kind in dict.fromkeys(each.kind for each in nudges)]


def _private_phrases(case: Case, nudges: Sequence[Nudge]) -> Sequence[Speech]:
    """Word nudges for the coordinator."""
    return [PRIVATE_PHRASES[kind](case) for kind in dict.fromkeys(each.kind for each in nudges)]


def _uncoordinated(case: Case) -> Speech:
    return sentence("nobody coordinates it: {ir}{} ic me, or {ir}{} ic none", case.address, case.address)


def _gone(case: Case) -> Speech:
    name = without_ping(case.coordinator.term.name) if case.coordinator else "the coordinator"
    since = case.since(case.facts.gone_since or case.now)
    return sentence("{} coordinates it and has been gone for {}: {ir}{} ic me takes over", name, since, case.address)


def _no_update(case: Case) -> Speech:
    silent = case.since(case.facts.last_note)
    return sentence("no update for {}: {ir}{} update TEXT, or {ir}{} nextupdate 1h", silent, case.address, case.address)


def _no_impact(case: Case) -> Speech:
    return sentence("monitoring, and no impact is written yet: {ir}{} impact TEXT", case.address)


def _unclosed(case: Case) -> Speech:
    since = case.since(case.facts.status_since)
    return sentence("resolved for {}: {ir}{} close ends it", since, case.address)


def _quiet(case: Case) -> Speech:
    silent = case.since(case.facts.last_human_line)
    return sentence("nothing heard for {}: {ir}{} status resolved, or {ir}{} close", silent, case.address, case.address)


def _ask_for_update(case: Case) -> Speech:
    silent, number = case.since(case.facts.last_note), case.number
    return sentence("no update for {}: {ir} @{} update TEXT, or {ir} @{} nextupdate 1h", silent, number, number)


def _ask_if_over(case: Case) -> Speech:
    silent, number = case.since(case.facts.last_human_line), case.number
    return sentence("nothing heard for {}: {ir} @{} status resolved, or {ir} @{} close", silent, number, number)


PHRASES: Mapping[Kind, Callable[[Case], Speech]] = MappingProxyType(
    {
        Kind.COORDINATOR: _uncoordinated,
        Kind.COORDINATOR_GONE: _gone,
        Kind.UPDATE: _no_update,
        Kind.IMPACT: _no_impact,
        Kind.CLOSE: _unclosed,
        Kind.QUIET: _quiet,
    }
)
PRIVATE_PHRASES: Mapping[Kind, Callable[[Case], Speech]] = MappingProxyType(
    {Kind.UPDATE: _ask_for_update, Kind.QUIET: _ask_if_over}
)
