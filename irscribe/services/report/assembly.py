"""Assembles the report value from the record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from irscribe.domain.answers import Given, score
from irscribe.domain.missing import missing
from irscribe.domain.outages import Span, measure
from irscribe.domain.record import Answered, Incident, ListedResponder, Point, Recorded, Term
from irscribe.domain.report import (
    Actionable,
    AnswerValue,
    Conclusions,
    CoordinatorTerm,
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
from irscribe.domain.sanity import warnings
from irscribe.domain.tasks import url_of
from irscribe.services.context.application import ApplicationContext
from irscribe.services.timeline.facts import facts_of, span_of, timeline_of
from models import Session, coverage, entries, incidents, notable, parts, scores, team

LEADING_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """All that a report is derived from, as it was at one moment.

    ``recorded`` are all entries of the incident, or only the notable ones; ``has_timeline`` says whether the
    report shows any.
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


def report_of(session: Session, application: ApplicationContext, number: int) -> Report:
    """Give the whole report of an incident, derived from the record alone."""
    return assemble(gathered(session, number), application)


def outline_of(session: Session, application: ApplicationContext, number: int) -> Report:
    """Give the report without most of its entries and items, at a cost that does not grow with them.

    It has the outages, warnings, missing parts and evidence of the whole report, as these depend on the notable
    entries only; ``to_first_entry_minutes`` is not that of the whole report.
    """
    return assemble(gathered(session, number, outline=True), application)


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
        links=tuple(Link(url=each.url or "", title=each.text or None) for each in points if each.section == "link"),
        actionables=tuple(_actionable(tracker, each) for each in points if each.section == "action"),
        scorecard=_scorecard(incident, record.answered, application),
        gaps=tuple(map(_gap, record.gaps)),
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
    return tuple(part for part in missing(report, none) if part != "timeline" or not record.has_timeline)


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
        terms=tuple(_term(each, listed) for each in terms),
    )


def _term(each: Term, listed: Sequence[ListedResponder]) -> CoordinatorTerm:
    return CoordinatorTerm(
        name=_served_as(each, listed),
        since=each.since and each.since.replace(microsecond=0),
        until=each.until and each.until.replace(microsecond=0),
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
        joined_at=each.joined_at and each.joined_at.replace(microsecond=0),
        left_at=each.left_at and each.left_at.replace(microsecond=0),
    )


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
    begins, ends = row["begins"], row["ends"]
    return Gap(begins=begins.replace(microsecond=0), ends=ends and ends.replace(microsecond=0))


def _items(points: Sequence[Point], section: str) -> tuple[Item, ...]:
    under: dict[int | None, list[Point]] = {}
    for each in points:
        if each.section == section:
            under.setdefault(each.parent, []).append(each)
    return _nested(under, None)


def _nested(under: Mapping[int | None, Sequence[Point]], parent: int | None) -> tuple[Item, ...]:
    return tuple(Item(text=each.text, items=_nested(under, each.number)) for each in under.get(parent, ()))
