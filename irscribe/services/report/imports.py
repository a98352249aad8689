"""Imports: a report is read back into the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta

from irscribe.domain.errors import ReportError
from irscribe.domain.missing import said_none
from irscribe.domain.moment import Moment
from irscribe.domain.outages import find_span
from irscribe.domain.report import Entry, Item, Kind, Report, Scorecard, Task
from irscribe.services.context.application import ApplicationContext
from irscribe.services.report.assembly import report_of
from models import Session, coverage, entries, incidents, networks, parts, scores, team
from models.changes import AuditContext
from models.entries import Typist, Writing

TEXTS = ("summary", "impact", "detection")


def import_report(session: Session, application: ApplicationContext, report: Report) -> bool:
    """Put a report into the record under its own number; True if that changed anything.

    Raises ReportError when another incident has the number, or the report would not come out as it went in.
    """
    number = report.incident.number
    if incidents.get(session, number) is not None:
        if _recorded(report_of(session, application, number)) == _recorded(report):
            return False
        raise ReportError(f"Incident {number} is there already and differs: it stays as it is.")
    _refuse_unknown_questionnaire(application, report.scorecard)
    _refuse_unkeepable(report)
    audit = AuditContext(incident=number, line=None, person=None, nick="", at=report.incident.opened_at)
    _add_head(session, report)
    _add_texts(session, application, audit, report)
    _add_people(session, audit, report)
    _add_items(session, audit, report)
    for entry in sorted(report.timeline, key=lambda each: each.number):
        _add_entry(session, audit, entry)
    _add_scorecard(session, audit, report.scorecard)
    difference = _difference(_recorded(report_of(session, application, number)), _recorded(report), "report")
    if difference:
        raise ReportError(f"Incident {number} would not come out as it went in: look at {difference}.")
    return True


def _recorded(report: Report) -> Report:
    """Give a report without its warnings: they are computed anew, and an earlier version may have found fewer."""
    return replace(report, warnings=())


def _refuse_unknown_questionnaire(application: ApplicationContext, card: Scorecard | None) -> None:
    if card is not None and card.version not in application.questionnaires:
        raise ReportError(f"The questionnaire {card.version} is not here: [irscribe] scorecards names their folder.")


def _refuse_unkeepable(report: Report) -> None:
    """Refuse a text that holds a NUL: not every database keeps it, and nobody can have typed it."""
    place = next(_holding("\0", report), None)
    if place is not None:
        raise ReportError(f"{place[1:]}: this text holds a NUL; take it out.")


def _holding(character: str, value: object, place: str = "") -> Iterator[str]:
    """Give the places of the texts in a value that hold a character."""
    if isinstance(value, str):
        yield from [place] if character in value else []
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from _holding(character, each, f"{place}[{number}]")
    elif is_dataclass(value):
        for each in fields(value):
            yield from _holding(character, getattr(value, each.name), f"{place}.{each.name}")


def _add_head(session: Session, report: Report) -> None:
    head = report.incident
    derived = find_span(head, report.timeline)
    start, end = report.metadata.start, report.metadata.end
    first = min((each.recorded_at for each in report.timeline), default=head.opened_at)
    incidents.add(
        session,
        {
            "number": head.number,
            "network": head.network,
            "channel": networks.casemapping_of(session, head.network).fold(head.channel),
            "channel_name": head.channel,
            "title": head.title,
            "state": head.state.value,
            "status": head.status.value,
            "document_status": head.document_status.value,
            "severity": head.severity,
            "private": head.private,
            "drill": head.drill,
            "retrospective": first - head.opened_at > timedelta(hours=24),
            "opened_at": head.opened_at,
            "closed_at": head.closed_at,
            "start": None if start == derived.start else start,
            "end": None if end == derived.end else end,
            "questionnaire": report.scorecard and report.scorecard.version,
        },
    )
    for gap in report.gaps:
        coverage.add_gap(session, head.number, {"begins": gap.begins, "ends": gap.ends})


def _add_texts(session: Session, application: ApplicationContext, audit: AuditContext, report: Report) -> None:
    metadata = report.metadata
    values = {
        **{name: getattr(report, name) for name in TEXTS},
        **_of_task(metadata.task, prefix="task"),
        "paged": metadata.people_paged.text,
        "metrics": metadata.metrics,
        "others": metadata.others,
        parts.TRACKER: _tracker(report, application),
        **{f"none:{part}": "none" for part in said_none(report)},
    }
    for name, value in values.items():
        if value is not None:
            parts.set_field(session, audit, name, value)


def _tracker(report: Report, application: ApplicationContext) -> str | None:
    """Give the server of the report's tasks if it is not that of the settings; empty if they have no address."""
    tasks = [report.metadata.task, *(each.task for each in report.actionables)]
    servers = {(each.url or "").removesuffix(f"/{each.id}") for each in tasks if each}
    known = application.config.phabricator.url or ""
    return servers.pop() if len(servers) == 1 and servers != {known} else None


def _add_people(session: Session, audit: AuditContext, report: Report) -> None:
    for order, each in enumerate(report.metadata.responders, 1):
        values = {name: getattr(each, name) for name in ("name", "nick", "account", "focus", "joined_at", "left_at")}
        team.add_responder(session, audit, {**values, "added": order})
    served = report.metadata.coordinators
    for order, name in enumerate(served, 1):
        until = None if order == len(served) else report.incident.opened_at
        team.add_term(session, audit, {"name": name, "until": until})


def _add_items(session: Session, audit: AuditContext, report: Report) -> None:
    conclusions = report.conclusions
    for section, items in (
        ("well", conclusions.went_well),
        ("poorly", conclusions.went_poorly),
        ("lucky", conclusions.got_lucky),
    ):
        _add_bullets(session, audit, section, items, parent=None)
    for link in report.links:
        parts.add_point(session, audit, "link", {"url": link.url, "text": link.title or ""})
    for each in report.actionables:
        values = {"number": each.number, "text": each.text, "owner": each.owner, "done": each.done}
        parts.add_point(session, audit, "action", {**values, **_of_task(each.task, prefix="task")})


def _add_bullets(
    session: Session, audit: AuditContext, section: str, items: Sequence[Item], *, parent: int | None
) -> None:
    for each in items:
        number = parts.add_point(session, audit, section, {"text": each.text, "parent": parent})
        _add_bullets(session, audit, section, each.items, parent=number)


def _of_task(task: Task | None, *, prefix: str) -> dict[str, str | None]:
    if task is None:
        return {}
    return {prefix: task.id, f"{prefix}_title": task.title, f"{prefix}_status": task.status}


def _add_entry(session: Session, audit: AuditContext, entry: Entry) -> None:
    made = AuditContext(incident=audit.incident, line=None, person=None, nick=entry.author.nick, at=entry.recorded_at)
    moment = Moment(at=entry.at, until=entry.until, precision=entry.precision, approximate=entry.approximate)
    kind = Kind.NOTE if entry.kind is Kind.OUTAGE else entry.kind
    writing = Writing(moment=moment, text=entry.text, kind=kind, marker=entry.marker, speaker=entry.speaker)
    by = Typist(person=None, nick=entry.author.nick, account=entry.author.account)
    entries.add(session, made, writing, by=by, number=entry.number)
    entries.renumber_version(session, audit.incident, entry.number, entry.version)


def _add_scorecard(session: Session, audit: AuditContext, card: Scorecard | None) -> None:
    for row in card.answers if card else ():
        if row.answer or row.notes or row.suggested:
            values = {
                "answer": row.answer and row.answer.value,
                "notes": row.notes,
                "suggested": row.suggested and row.suggested.answer.value,
                "evidence": row.suggested and row.suggested.evidence,
            }
            scores.set_answer(session, audit, row.number, values)


def _difference(one: object, other: object, place: str) -> str | None:
    """Give the path to the first difference between two values; None if they are equal."""
    if one == other:
        return None
    if is_dataclass(one) and type(one) is type(other):
        found = (_difference(getattr(one, f.name), getattr(other, f.name), f"{place}.{f.name}") for f in fields(one))
        return next(path for path in found if path)
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        found = (_difference(a, b, f"{place}[{n}]") for n, (a, b) in enumerate(zip(one, other, strict=True)))
        return next(path for path in found if path)
    return place
