"""Imports: a report is turned into the rows of the record, and what was written of it is compared with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from hashlib import sha256

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.channel import is_channel
from irscribe.domain.errors import ReportError
from irscribe.domain.missing import said_none
from irscribe.domain.moment import Moment
from irscribe.domain.outages import find_span
from irscribe.domain.report import Entry, Item, Kind, Report, Role, Scorecard, Task
from irscribe.domain.reportparts import Theory, TheoryState
from irscribe.render.json import render
from irscribe.services.context.application import ApplicationContext
from irscribe.services.report.assembly import report_about
from models import HEAD, Session, incidents, newrows, parts
from models.changes import AuditContext
from models.entries import Typist, Writing
from models.newrows import NewRow
from models.rowtext import Row

TEXTS = ("summary", "impact", "detection")


def refuse_unkeepable(application: ApplicationContext, report: Report) -> None:
    """Refuse a report that no record could have given, or not every database keeps.

    Raises ReportError that names the place.
    """
    card = report.scorecard
    if card is not None and card.version not in application.questionnaires:
        raise ReportError(f"The questionnaire {card.version} is not here: [irscribe] scorecards names their folder.")
    if not is_channel(report.incident.channel):
        raise ReportError("incident.channel: this is no name of a channel; write one such as #incidents.")
    place = next(_holding("\0", report), None)
    if place is not None:
        raise ReportError(f"{place[1:]}: this text holds a NUL; take it out.")
    rows = (newrows.head(head_of(report, CaseMapping.ASCII)), *rows_of(application, report))
    column = next((name for row in rows if (name := row.too_long)), None)
    if column is not None:
        raise ReportError(f"{column}: this text is longer than the record keeps it; shorten it.")


def is_recorded(session: Session, application: ApplicationContext, report: Report) -> bool:
    """True if the record holds this very report; False if it holds no incident of that number.

    Raises ReportError if it holds another incident of that number.
    """
    number = report.incident.number
    found = incidents.get(session, number)
    if found is not None and _recorded(report_about(session, application, found)) != _recorded(report):
        raise ReportError(f"Incident {number} is there already and differs: it stays as it is.")
    return found is not None


def refuse_difference(session: Session, application: ApplicationContext, report: Report) -> None:
    """Refuse a report that does not come out of the record, once it is written, as it went in.

    Raises ReportError that names the first difference.
    """
    number = report.incident.number
    written = incidents.written(session, number)
    if written is None:
        raise LookupError(number)
    difference = _difference(_recorded(report_about(session, application, written)), _recorded(report), "report")
    if difference:
        raise ReportError(f"Incident {number} would not come out as it went in: look at {difference}.")


def digest_of(report: Report) -> str:
    """Give a digest that no other report has, nor this one in another version of the tables."""
    return sha256(f"{HEAD}\n{render(_recorded(report))}".encode()).hexdigest()


def head_of(report: Report, casemapping: CaseMapping) -> Row:
    """Give the columns of the incident's own row."""
    head = report.incident
    derived = find_span(head, report.timeline)
    start, end = report.metadata.start, report.metadata.end
    first = min((each.recorded_at for each in report.timeline), default=head.opened_at)
    return {
        "number": head.number,
        "network": head.network,
        "channel": casemapping.fold(head.channel),
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
    }


def rows_of(application: ApplicationContext, report: Report) -> Iterator[NewRow]:
    """Give all other rows of the incident; the same report gives the same ones, in the same order."""
    number = report.incident.number
    audit = AuditContext(incident=number, line=None, person=None, nick="", at=report.incident.opened_at)
    yield from (newrows.gap(number, begins=gap.begins, ends=gap.ends) for gap in report.gaps)
    yield from _texts(application, audit, report)
    yield from _people(audit, report)
    yield from _items(audit, report)
    yield from _answers(audit, report.scorecard)
    for each in report.related:
        yield from newrows.relation_rows(audit, each.number, each.kind.value)
    for order, alert in enumerate(report.alerts, 1):
        yield newrows.alert_row(number, order, {each.name: getattr(alert, each.name) for each in fields(alert)})
    for entry in sorted(report.timeline, key=lambda each: each.number):
        yield from _entry(number, entry)
    for theory in report.theories:
        yield from _theory(number, theory)


def last_entry(report: Report) -> int:
    """Give the highest number of an entry; 0 if there is none."""
    return max((each.number for each in report.timeline), default=0)


def _recorded(report: Report) -> Report:
    """Give a report without its warnings: they are computed anew, and an earlier version may have found fewer."""
    return replace(report, warnings=())


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


def _texts(application: ApplicationContext, audit: AuditContext, report: Report) -> Iterator[NewRow]:
    metadata = report.metadata
    values = {
        **{name: getattr(report, name) for name in TEXTS},
        **_of_task(metadata.task, prefix="task"),
        "paged": metadata.people_paged.text,
        "metrics": metadata.metrics,
        "others": metadata.others,
        parts.PAGE: metadata.page,
        parts.TRACKER: _tracker(application, report),
        **{f"none:{part}": "none" for part in said_none(report)},
    }
    for name, value in values.items():
        if value is not None:
            yield from newrows.field_rows(audit, name, value)


def _tracker(application: ApplicationContext, report: Report) -> str | None:
    """Give the server of the report's tasks if it is not that of the settings; empty if they have no address."""
    tasks = [report.metadata.task, *(each.task for each in report.actionables)]
    servers = {(each.url or "").removesuffix(f"/{each.id}") for each in tasks if each}
    known = application.config.phabricator.url or ""
    return servers.pop() if len(servers) == 1 and servers != {known} else None


def _people(audit: AuditContext, report: Report) -> Iterator[NewRow]:
    for order, each in enumerate(report.metadata.responders, 1):
        values = {name: getattr(each, name) for name in ("name", "nick", "account", "focus", "joined_at", "left_at")}
        yield from newrows.responder_rows(audit, order, {**values, "added": order})
    coordinated = [each for each in report.roles if each.role == Role.COORDINATOR]
    for order, term in enumerate(coordinated, 1):
        yield from newrows.term_rows(audit, order, {"name": term.name, "since": term.since, "until": term.until})
    others = [each for each in report.roles if each.role != Role.COORDINATOR]
    for order, term in enumerate(others, 1):
        values = {"role": term.role, "name": term.name, "since": term.since, "until": term.until}
        yield from newrows.role_rows(audit, order, values)


def _items(audit: AuditContext, report: Report) -> Iterator[NewRow]:
    conclusions = report.conclusions
    for section, items in (
        ("well", conclusions.went_well),
        ("poorly", conclusions.went_poorly),
        ("lucky", conclusions.got_lucky),
    ):
        for number, (parent, text) in enumerate(_bullets(items), 1):
            yield from newrows.point_rows(audit, section, number, {"text": text, "parent": parent})
    for number, link in enumerate(report.links, 1):
        yield from newrows.point_rows(audit, "link", number, {"url": link.url, "text": link.title or ""})
    for each in report.actionables:
        values = {"text": each.text, "owner": each.owner, "done": each.done, "due": each.due}
        yield from newrows.point_rows(audit, "action", each.number, {**values, **_of_task(each.task, prefix="task")})
    for section, labelled in _labelled(report):
        for number, (label, text) in enumerate(labelled, 1):
            yield from newrows.point_rows(audit, section, number, {"label": label, "text": text})


def _labelled(report: Report) -> Iterator[tuple[str, Sequence[tuple[str | None, str]]]]:
    """Give the sections of items that have labels, each with the labels and texts of its items."""
    yield "figure", [(each.name, each.text) for each in report.impact_figures]
    yield "component", [(None, each) for each in report.components]
    yield "factor", [(each.tag, each.text) for each in report.factors]
    yield "unplaced", [(each.heading, each.text) for each in report.unplaced]


def _bullets(items: Sequence[Item]) -> Sequence[tuple[int | None, str]]:
    """Give bullets in their order, each with the number of the one it stands under; they are numbered from 1."""
    found: list[tuple[int | None, str]] = []

    def add(some: Sequence[Item], parent: int | None) -> None:
        for each in some:
            found.append((parent, each.text))
            add(each.items, len(found))

    add(items, None)
    return found


def _of_task(task: Task | None, *, prefix: str) -> dict[str, str | None]:
    if task is None:
        return {}
    return {prefix: task.id, f"{prefix}_title": task.title, f"{prefix}_status": task.status}


def _entry(number: int, entry: Entry) -> Iterator[NewRow]:
    made = AuditContext(incident=number, line=None, person=None, nick=entry.author.nick, at=entry.recorded_at)
    moment = Moment(at=entry.at, until=entry.until, precision=entry.precision, approximate=entry.approximate)
    kind = Kind.NOTE if entry.kind is Kind.OUTAGE else entry.kind
    writing = Writing(moment=moment, text=entry.text, kind=kind, marker=entry.marker, speaker=entry.speaker)
    by = Typist(person=None, nick=entry.author.nick, account=entry.author.account)
    return newrows.entry_rows(made, writing, by=by, number=entry.number, version=entry.version)


def _theory(number: int, theory: Theory) -> Iterator[NewRow]:
    yield newrows.theory_row(number, entry_number=theory.entry, number=theory.number, state=TheoryState.OPEN.value)
    for each in theory.judgements:
        yield newrows.theory_row(number, entry_number=each.entry, number=theory.number, state=each.state.value)


def _answers(audit: AuditContext, card: Scorecard | None) -> Iterator[NewRow]:
    for row in card.answers if card else ():
        if row.answer or row.notes or row.suggested:
            values = {
                "answer": row.answer and row.answer.value,
                "notes": row.notes,
                "suggested": row.suggested and row.suggested.answer.value,
                "evidence": row.suggested and row.suggested.evidence,
            }
            yield from newrows.answer_rows(audit, row.number, values)


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
