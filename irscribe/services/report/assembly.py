"""Assembles the report value from the record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from irscribe.domain.answers import Given, score
from irscribe.domain.missing import missing
from irscribe.domain.outages import Span, measure
from irscribe.domain.record import Answered, Incident, ListedResponder, Point, Term
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
from irscribe.domain.sanity import warnings
from irscribe.domain.tasks import url_of
from irscribe.services.context.application import ApplicationContext
from irscribe.services.timeline.facts import facts_of, span_of, timeline_of
from models import Session, coverage, entries, incidents, parts, scores, sent, team

LEADING_NUMBER = re.compile(r"[0-9]{1,18}")


def report_of(session: Session, application: ApplicationContext, number: int) -> Report:
    """Give the whole report of an incident, derived from the record alone."""
    incident = incidents.get(session, number)
    if incident is None:
        raise LookupError(number)
    fields = parts.fields(session, number)
    points = parts.points(session, number)
    facts = facts_of(incident)
    recorded, tracker = entries.all_of(session, number), application.tracker(fields)
    timeline, span = timeline_of(recorded), span_of(incident, recorded)
    durations = measure(facts, timeline, span=span)
    report = Report(
        incident=facts,
        metadata=_metadata(session, incident, tracker=tracker, fields=fields, span=span),
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
        scorecard=scorecard_of(session, application, incident),
        gaps=tuple(map(_gap, coverage.gaps(session, number))),
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
    none = frozenset(name.removeprefix("none:") for name in fields if name.startswith("none:"))
    return replace(report, missing=missing(report, none, besides=_lacking(session, number, points)))


def _lacking(session: Session, number: int, points: Sequence[Point]) -> frozenset[str]:
    """Give ``owner`` if the task of a follow-up has no owner, as the task server does not know the name."""
    filed = [each for each in points if each.section == "action" and each.task and each.owner]
    unknown = sent.unknown_owners(session, number) if filed else {}
    return frozenset({"owner"} if any(unknown.get(each.number) == each.owner for each in filed) else ())


def scorecard_of(session: Session, application: ApplicationContext, incident: Incident) -> Scorecard | None:
    """Give the scorecard with all its questions; None before the close and before the first answer."""
    if incident.questionnaire is None:
        return None
    given = {each.number: _given(each) for each in scores.answers(session, incident.number)}
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


def _metadata(
    session: Session, incident: Incident, *, tracker: str | None, fields: Mapping[str, str], span: Span
) -> Metadata:
    terms = team.terms(session, incident.number)
    listed = team.responders(session, incident.number)
    return Metadata(
        task=_task(tracker, fields.get("task"), title=fields.get("task_title"), status=fields.get("task_status")),
        people_paged=people_paged(fields.get("paged")),
        responders=tuple(_responder(each, terms) for each in listed),
        others=fields.get("others"),
        coordinators=tuple(dict.fromkeys(_served_as(term, listed) for term in terms)),
        start=span.start,
        end=span.end,
        metrics=fields.get("metrics"),
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
    )


def _gap(row: Mapping[str, Any]) -> Gap:
    begins, ends = row["begins"], row["ends"]
    return Gap(begins=begins.replace(microsecond=0), ends=ends and ends.replace(microsecond=0))


def _items(points: Sequence[Point], section: str, parent: int | None = None) -> tuple[Item, ...]:
    return tuple(
        Item(text=each.text, items=_items(points, section, each.number))
        for each in points
        if each.section == section and each.parent == parent
    )
