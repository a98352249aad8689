"""Assembles the report value from the record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from irscribe.domain.answers import Given, score
from irscribe.domain.figures import value_of
from irscribe.domain.missing import missing
from irscribe.domain.outages import Span, measure
from irscribe.domain.record import Answered, Incident, ListedResponder, Point, Recorded, Term
from irscribe.domain.report import (
    Actionable,
    AnswerValue,
    Conclusions,
    Gap,
    Item,
    Link,
    Metadata,
    PeoplePaged,
    Report,
    Responder,
    Role,
    Scorecard,
    Suggestion,
    Task,
)
from irscribe.domain.reportparts import Alert, Factor, Figure, Relation, RoleTerm, Unplaced
from irscribe.domain.sanity import warnings
from irscribe.domain.tasks import url_of
from irscribe.domain.theories import Statement, theories
from irscribe.services.context.application import ApplicationContext
from irscribe.services.timeline.facts import facts_of, span_of, timeline_of
from models import Session, alerts, coverage, entries, incidents, notable, parts, relations, roles, scores, sent, team
from models import theories as statements
from models.visibility import is_public

LEADING_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """All that a report is derived from, as it was at one moment.

    ``recorded`` are all entries of the incident, or only the notable ones; ``has_timeline`` says whether the
    report shows any. ``unknown_owners`` are the names of owners whom the task server does not know, by follow-up.
    """

    incident: Incident
    fields: Mapping[str, str]
    points: Sequence[Point]
    recorded: Sequence[Recorded]
    has_timeline: bool
    terms: Sequence[Term]
    listed: Sequence[ListedResponder]
    answered: Sequence[Answered]
    gaps: Sequence[Mapping[str, Any]]
    unknown_owners: Mapping[int, str]
    alerts: Sequence[Alert]
    statements: Sequence[Statement]
    role_terms: Sequence[Term]
    related: Sequence[Relation]


def report_of(session: Session, application: ApplicationContext, number: int) -> Report:
    """Give the whole report of an incident, derived from the record alone."""
    return assemble(gathered(session, number), application)


def outline_of(session: Session, application: ApplicationContext, number: int) -> Report:
    """Give the report without most of its entries and items, at a cost that does not grow with them.

    It has the outages, warnings, missing parts and evidence of the whole report, as these depend on the notable
    entries only; ``to_first_entry_minutes`` is not that of the whole report.
    """
    return assemble(gathered(session, number, outline=True), application)


def outline_for(session: Session, application: ApplicationContext, number: int, *, followup: int) -> Report:
    """Give the outline with one follow-up and no other item; without any if there is no follow-up of this number."""
    record = gathered(session, number, outline=True)
    points = [each for each in parts.points(session, number, "action") if each.number == followup]
    return assemble(replace(record, points=points), application)


def gathered(session: Session, number: int, *, outline: bool = False) -> Gathered:
    """Read what a report is derived from; with ``outline`` only the notable entries and few of the items."""
    incident = incidents.get(session, number)
    if incident is None:
        raise LookupError(number)
    return _gathered(session, incident, outline=outline)


def report_about(session: Session, application: ApplicationContext, incident: Incident) -> Report:
    """Give the whole report of the incident of which this is the head."""
    return assemble(_gathered(session, incident), application)


def _gathered(session: Session, incident: Incident, *, outline: bool = False) -> Gathered:
    number = incident.number
    recorded = notable.all_of(session, number) if outline else entries.all_of(session, number)
    return Gathered(
        incident=incident,
        fields=parts.fields(session, number),
        points=parts.outline(session, number) if outline else parts.points(session, number),
        recorded=recorded,
        has_timeline=any(each.current.standing for each in recorded) or entries.any_standing(session, number),
        terms=team.terms(session, number),
        listed=team.responders(session, number),
        answered=scores.answers(session, number),
        gaps=coverage.gaps(session, number),
        unknown_owners=sent.unknown_owners(session, number),
        alerts=alerts.of_incident(session, number),
        statements=() if outline else statements.statements(session, number),
        role_terms=roles.terms(session, number),
        related=relations.shown(session, number) if is_public(incident) else (),
    )


def assemble(record: Gathered, application: ApplicationContext) -> Report:
    """Derive the report from what was read."""
    incident, fields, points = record.incident, record.fields, record.points
    facts, tracker = facts_of(incident), application.tracker(fields)
    timeline, span = timeline_of(record.recorded), span_of(incident, record.recorded)
    durations = measure(facts, timeline, span=span)
    report = Report(
        incident=facts,
        metadata=_metadata(record, tracker=tracker, span=span),
        durations=durations,
        summary=fields.get("summary"),
        impact=fields.get("impact"),
        detection=fields.get("detection"),
        timeline=timeline,
        conclusions=Conclusions(
            went_well=_items(points, "well"), went_poorly=_items(points, "poorly"), got_lucky=_items(points, "lucky")
        ),
        links=tuple(Link(url=each.url or "", title=each.text or None) for each in _of_section(points, "link")),
        actionables=tuple(_actionable(tracker, each) for each in _of_section(points, "action")),
        scorecard=_scorecard(incident, record.answered, application),
        gaps=tuple(map(_gap, record.gaps)),
        alerts=tuple(map(_alert, record.alerts)),
        theories=theories(record.statements, {each.number: each.text for each in timeline}),
        roles=tuple(_role_term(each, record.listed) for each in (*record.terms, *record.role_terms)),
        impact_figures=tuple(map(_figure, _of_section(points, "figure"))),
        components=tuple(each.text for each in _of_section(points, "component")),
        factors=tuple(Factor(text=each.text, tag=each.label) for each in _of_section(points, "factor")),
        related=tuple(record.related),
        unplaced=tuple(Unplaced(heading=each.label, text=each.text) for each in _of_section(points, "unplaced")),
        missing=(),
        warnings=warnings(
            state=incident.state,
            span=span,
            outages=durations.outages,
            entries=timeline,
            prose={"summary": fields.get("summary"), "impact": fields.get("impact")},
            closed_at=incident.closed_at,
        ),
    )
    return replace(report, missing=_missing(report, record))


def _missing(report: Report, record: Gathered) -> tuple[str, ...]:
    none = frozenset(name.removeprefix("none:") for name in record.fields if name.startswith("none:"))
    lacking = missing(report, none, besides=_lacking(record))
    return tuple(part for part in lacking if part != "timeline" or not record.has_timeline)


def _lacking(record: Gathered) -> frozenset[str]:
    """Give ``owner`` if the task of a follow-up has no owner, as the task server does not know the name."""
    filed = [each for each in record.points if each.section == "action" and each.task and each.owner]
    is_unknown = any(record.unknown_owners.get(each.number) == each.owner for each in filed)
    return frozenset({"owner"} if is_unknown else ())


def scorecard_of(session: Session, application: ApplicationContext, incident: Incident) -> Scorecard | None:
    """Give the scorecard with all its questions; None before the close and before the first answer."""
    return _scorecard(incident, scores.answers(session, incident.number), application)


def _scorecard(incident: Incident, answered: Sequence[Answered], application: ApplicationContext) -> Scorecard | None:
    if incident.questionnaire is None:
        return None
    given = {each.number: _given(each) for each in answered}
    return score(application.questionnaires[incident.questionnaire], given)


def _given(stored: Answered) -> Given:
    suggested = stored.suggested and Suggestion(answer=AnswerValue(stored.suggested), evidence=stored.evidence or "")
    return Given(
        answer=AnswerValue(stored.answer) if stored.answer else None, notes=stored.notes, suggested=suggested or None
    )


def people_paged(text: str | None) -> PeoplePaged:
    """Give the people paged, as typed, with the number at the beginning of the text."""
    found = LEADING_NUMBER.match(text or "")
    return PeoplePaged(count=int(found[0]) if found else None, text=text)


def _metadata(record: Gathered, *, tracker: str | None, span: Span) -> Metadata:
    fields, terms, listed = record.fields, record.terms, record.listed
    return Metadata(
        task=_task(tracker, fields.get("task"), title=fields.get("task_title"), status=fields.get("task_status")),
        people_paged=people_paged(fields.get("paged")),
        responders=tuple(_responder(each, terms) for each in listed),
        others=fields.get("others"),
        coordinators=tuple(dict.fromkeys(_served_as(term, listed) for term in terms)),
        start=span.start,
        end=span.end,
        metrics=fields.get("metrics"),
        page=fields.get(parts.PAGE),
    )


def _served_as(term: Term, listed: Sequence[ListedResponder]) -> str:
    """Give a coordinator's name as the list of responders shows it."""
    known = (each.name for each in listed if term.person is not None and each.person == term.person)
    return next(known, term.name)


def _responder(each: ListedResponder, terms: Sequence[Term]) -> Responder:
    served = any(term.name == each.name or (term.person and term.person == each.person) for term in terms)
    return Responder(
        name=each.name,
        nick=each.nick,
        account=each.account,
        role=Role.COORDINATOR if served else Role.RESPONDER,
        focus=each.focus,
        joined_at=_whole(each.joined_at),
        left_at=_whole(each.left_at),
    )


def _role_term(term: Term, listed: Sequence[ListedResponder]) -> RoleTerm:
    return RoleTerm(role=term.role, name=_served_as(term, listed), since=_whole(term.since), until=_whole(term.until))


def _alert(each: Alert) -> Alert:
    first_at, last_at = each.first_at.replace(microsecond=0), each.last_at.replace(microsecond=0)
    return replace(each, first_at=first_at, last_at=last_at, over_at=_whole(each.over_at))


def _figure(point: Point) -> Figure:
    return Figure(name=point.label or "", value=value_of(point.text) or 0, text=point.text)


def _whole(moment: datetime | None) -> datetime | None:
    """Give a moment in whole seconds, as the report has all of them."""
    return moment and moment.replace(microsecond=0)


def _task(tracker: str | None, number: str | None, *, title: str | None, status: str | None) -> Task | None:
    if number is None:
        return None
    return Task(id=number, url=url_of(tracker, number) if tracker else None, title=title, status=status)


def _actionable(tracker: str | None, point: Point) -> Actionable:
    return Actionable(
        number=point.number,
        text=point.text,
        task=_task(tracker, point.task, title=point.task_title, status=point.task_status),
        owner=point.owner,
        done=point.done,
        due=point.due,
    )


def _gap(row: Mapping[str, Any]) -> Gap:
    return Gap(begins=row["begins"].replace(microsecond=0), ends=_whole(row["ends"]))


def _of_section(points: Sequence[Point], section: str) -> Sequence[Point]:
    return [each for each in points if each.section == section]


def _items(points: Sequence[Point], section: str) -> tuple[Item, ...]:
    under: dict[int | None, list[Point]] = {}
    for each in _of_section(points, section):
        under.setdefault(each.parent, []).append(each)
    return _nested(under, None)


def _nested(under: Mapping[int | None, Sequence[Point]], parent: int | None) -> tuple[Item, ...]:
    return tuple(Item(text=each.text, items=_nested(under, each.number)) for each in under.get(parent, ()))
