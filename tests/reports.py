"""Complete reports to render: the two reference incidents, one with everything in it, one with nothing."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from irscribe.domain import questionnaire
from irscribe.domain.moment import Precision, unstamp
from irscribe.domain.report import (
    Actionable,
    Answer,
    AnswerValue,
    Author,
    Conclusions,
    DocumentStatus,
    Durations,
    Entry,
    Gap,
    IncidentFacts,
    Item,
    Kind,
    Link,
    Marker,
    MarkerKind,
    Metadata,
    Outage,
    PeoplePaged,
    Report,
    Responder,
    Role,
    Scorecard,
    State,
    Status,
    Suggestion,
    Task,
)
from irscribe.domain.reportparts import (
    Alert,
    Factor,
    Figure,
    Judgement,
    Relation,
    RelationKind,
    RoleTerm,
    Theory,
    TheoryState,
    Unplaced,
)
from irscribe.render import Style
from tests.organisations import wikimedia

HERE = Path(__file__).parent
NASTY = json.loads((HERE / "nasty-inputs.json").read_text(encoding="utf-8"))["cases"]
"""Hostile or awkward typed texts: ``input``, and what a reader must see (``rendered``)."""

_ANY = {
    "status": "resolved",
    "network": "libera",
    "recorded_at": "2021-11-03T09:00:00Z",
    "version": 1,
    "to_first_entry_minutes": None,
    "missing": [],
    "warnings": [],
}
_OF_2019 = {
    "opened_at": "2019-10-07T14:00:00Z",
    "closed_at": "2019-10-07T19:15:00Z",
    "outages": [{"begins": "2019-10-07T15:45:00Z", "ends": "2019-10-07T19:15:00Z", "scope": None, "minutes": 210}],
    "to_first_entry_minutes": 0,
    "open_minutes": 315,
    "missing": ["task", "paged", "ic", "metrics", "scorecard"],
}
_OF_2021 = {
    "opened_at": "2021-11-02T11:35:00Z",
    "closed_at": "2021-11-02T13:20:00Z",
    "outages": [{"begins": "2021-11-02T11:35:00Z", "ends": "2021-11-02T13:20:00Z", "scope": None, "minutes": 105}],
    "open_minutes": 105,
    "missing": ["detection", "timeline", "well", "poorly", "lucky", "link"],
}


def style(layout: str = "wikimedia", layouts: Path | None = None) -> Style:
    """Wikimedia's style, in one of the shipped layouts or one of one's own."""
    example = wikimedia()
    return Style(
        layout=layout,
        layouts=layouts,
        questionnaires=questionnaire.load(),
        tracker=example.phabricator.url,
        task_prefix=example.mediawiki.task_prefix,
    )


def seed_2019() -> Report:
    """The incident of 2019-10-07 wmcs-network; without a scorecard."""
    return _seed("2019-10-07-wmcs-network", _OF_2019)


def seed_2021() -> Report:
    """The incident of 2021-11-02 Cloud VPS networking; without a timeline."""
    return _seed("2021-11-02-cloud-vps-networking", _OF_2021)


def empty() -> Report:
    """An incident opened a moment ago, of which nothing is known."""
    return Report(
        incident=IncidentFacts(
            number=3,
            id="2024-05-06",
            title=None,
            state=State.OPEN,
            status=Status.INVESTIGATING,
            document_status=DocumentStatus.DRAFT,
            severity=None,
            private=False,
            drill=False,
            channel="#incidents",
            network="libera",
            opened_at=at("2024-05-06 07:08"),
            closed_at=None,
        ),
        metadata=Metadata(
            task=None,
            people_paged=PeoplePaged(count=None, text=None),
            responders=(),
            others=None,
            coordinators=(),
            start=at("2024-05-06 07:08"),
            end=None,
            metrics=None,
        ),
        durations=Durations(outage_minutes=None, outages=(), to_first_entry_minutes=None, open_minutes=None),
        summary=None,
        impact=None,
        detection=None,
        timeline=(),
        conclusions=Conclusions(went_well=(), went_poorly=(), got_lucky=()),
        links=(),
        actionables=(),
        scorecard=None,
        gaps=(),
        missing=(
            *("title", "summary", "impact", "detection", "timeline", "task", "paged", "ic"),
            *("responders", "metrics", "well", "poorly", "lucky", "link", "action"),
        ),
        warnings=(),
    )


def maximal() -> Report:
    """A private drill over two days that has something in every part."""
    return replace(
        empty(),
        incident=_incident(),
        metadata=_metadata(),
        durations=_durations(),
        summary="Swift ran out of memory; see T390513.\n\nA second *paragraph* with {{braces}}\nand a line break.",
        impact="For 2 h 25 min, 3 % of thumbnails failed.\n\nSee https://grafana.example/d/x?var={eqiad}&from=now-1h.",
        detection="Paged: FIRING: SwiftTooManyMediaUploads (swift eqiad) - https://alerts.example/?q=a%3Db",
        timeline=_timeline(),
        conclusions=Conclusions(
            went_well=(item("Paging worked."),),
            went_poorly=(
                item("Docs were old.", item("the `swift-recon` page", item("since 2019"))),
                item("* asterisk"),
            ),
            got_lucky=(item("It was night."),),
        ),
        links=(
            Link(url="https://sal.example/production?d=2024-12-30&q=swift", title="SAL | [swift]"),
            Link(url="https://grafana.example/d/000000607/cluster?var-site={eqiad}|codfw", title=None),
        ),
        actionables=_actionables(),
        scorecard=_scorecard(),
        gaps=(
            Gap(begins=at("2024-12-30 23:02"), ends=at("2024-12-30 23:09")),
            Gap(begins=at("2024-12-31 01:15"), ends=None),
        ),
        missing=("scorecard",),
        warnings=("impact says “2 h 20 min”; start and end are 2 h 25 min apart",),
    )


def watched() -> Report:
    """The same with alerts, theories, roles, figures, and whatever else the first version of the JSON did not have."""
    full = maximal()
    stated = (
        entry(12, "2024-12-30 23:10", "Theory 1: the new kernel | leaks", kind=Kind.THEORY),
        entry(13, "2024-12-30 23:40", "Theory 1 ruled out: the [[old]] one leaks, too", kind=Kind.THEORY),
        entry(14, "2024-12-31 00:10", "T390513 again", kind=Kind.THEORY),
    )
    why = "the [[old]] one leaks, too"
    ruled_out = Judgement(state=TheoryState.RULED_OUT, why=why, entry=13)
    known = {"number": 1, "text": "the new kernel | leaks", "state": TheoryState.RULED_OUT, "why": why, "entry": 12}
    again = {"number": 2, "text": "T390513 again", "state": TheoryState.OPEN, "why": None, "entry": 14}
    return replace(
        full,
        incident=replace(full.incident, private=False),
        metadata=replace(full.metadata, page="https://wiki.example/Incidents/2024-12-30_Swift"),
        timeline=(*full.timeline, *stated),
        actionables=(replace(full.actionables[0], due=at("2025-01-10 00:00").date()), *full.actionables[1:]),
        alerts=_alerts(),
        theories=(Theory(**known, judgements=(ruled_out,)), Theory(**again, judgements=())),
        roles=(
            *(RoleTerm(role="coordinator", name=each, since=None, until=None) for each in ("jynus", "[[cdanis]]")),
            RoleTerm(role="comms", name="Emperor", since=at("2024-12-30 22:55"), until=at("2024-12-31 00:15")),
            RoleTerm(role="comms", name="jynus", since=at("2024-12-31 00:15"), until=None),
        ),
        impact_figures=(
            Figure(name="users", value=1200, text="1200"),
            Figure(name="errors | s", value=2.5, text="2.5%"),
        ),
        components=("swift", "thumbor <eqiad>"),
        factors=(Factor(text="no limit on memory", tag="configuration"), Factor(text="nobody looked", tag=None)),
        related=(Relation(number=3, kind=RelationKind.REPEAT), Relation(number=7, kind=RelationKind.SAME)),
        unplaced=(Unplaced(heading="Notes", text="one\n\ntwo"), Unplaced(heading=None, text="* three")),
    )


def _alerts() -> tuple[Alert, ...]:
    first = Alert(
        name="SwiftDown",
        source="jinxer-wm",
        first_at=at("2024-12-30 22:46"),
        last_at=at("2024-12-31 00:40"),
        count=4,
        over_at=at("2024-12-31 01:05"),
        paged=True,
    )
    name = "swift | proxy on ms-fe1009"
    return first, replace(first, name=name, last_at=first.first_at, count=1, over_at=None, paged=False)


def saying(text: str) -> Report:
    """A report in which everything that a person can type is the given text."""
    full = watched()
    said = item(text, item(text))
    full = replace(
        full,
        alerts=tuple(replace(each, name=text, source=text) for each in full.alerts),
        theories=tuple(replace(each, text=text, why=text) for each in full.theories),
        roles=tuple(replace(each, role=text, name=text) for each in full.roles),
        impact_figures=tuple(replace(each, name=text, text=text) for each in full.impact_figures),
        components=(text,),
        factors=tuple(replace(each, tag=text, text=text) for each in full.factors),
        unplaced=tuple(replace(each, heading=text, text=text) for each in full.unplaced),
    )
    return replace(
        full,
        incident=replace(full.incident, id=f"2024-12-30 {text}", title=text),
        metadata=replace(
            full.metadata,
            people_paged=PeoplePaged(count=None, text=text),
            responders=tuple(replace(each, name=text, focus=text) for each in full.metadata.responders),
            others=text,
            coordinators=(text, text),
            metrics=text,
        ),
        summary=text,
        impact=text,
        detection=text,
        timeline=tuple(replace(each, text=text, marker=None) for each in full.timeline),
        conclusions=Conclusions(went_well=(said,), went_poorly=(said, said), got_lucky=(said,)),
        links=tuple(replace(each, title=text) for each in full.links),
        actionables=tuple(replace(each, text=text, owner=text) for each in full.actionables),
        scorecard=replace(_scorecard(), answers=tuple(replace(each, notes=text) for each in _scorecard().answers)),
        warnings=(text,),
    )


def at(text: str) -> datetime:
    """The moment of ``YYYY-MM-DD HH:MM`` in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def task(number: str, title: str | None = None, status: str | None = None) -> Task:
    """A task on the Phabricator of the seeds."""
    return Task(id=number, url=f"https://phabricator.wikimedia.org/{number}", title=title, status=status)


def item(text: str, *items: Item) -> Item:
    """A bullet."""
    return Item(text=text, items=items)


def entry(number: int, when: str | None, text: str, **changes: typing.Any) -> Entry:
    """A note of jynus at ``YYYY-MM-DD HH:MM``; None for an unknown time."""
    noted = Entry(
        number=number,
        at=at(when) if when else None,
        until=None,
        precision=Precision.MINUTE if when else Precision.UNKNOWN,
        approximate=False,
        text=text,
        speaker=None,
        author=Author(nick="jynus", account="jynus"),
        marker=None,
        recorded_at=at("2024-12-31 02:00"),
        kind=Kind.NOTE,
        version=1,
    )
    return replace(noted, **changes)


def outage(number: int, when: str, text: str, marker: Marker) -> Entry:
    """A note that is also a marker."""
    return entry(number, when, text, marker=marker, kind=Kind.OUTAGE)


def _incident() -> IncidentFacts:
    return replace(
        empty().incident,
        number=12,
        id="2024-12-30 Swift | proxies <eqiad>",
        title="Swift | proxies <eqiad>",
        state=State.CLOSED,
        status=Status.RESOLVED,
        document_status=DocumentStatus.FINAL,
        severity=2,
        private=True,
        drill=True,
        opened_at=at("2024-12-30 22:50"),
        closed_at=at("2024-12-31 01:20"),
    )


def _metadata() -> Metadata:
    return Metadata(
        task=task("T390513", title="Swift [eqiad] returns 503", status="resolved"),
        people_paged=PeoplePaged(count=35, text="35 (batphone)"),
        responders=_responders(),
        others="+ volunteers on #wikimedia-tech",
        coordinators=("jynus", "[[cdanis]]"),
        start=at("2024-12-30 22:45"),
        end=at("2024-12-31 01:10"),
        metrics="thumbnail latency p99 < 1 s | availability = 99.9 %",
    )


def _timeline() -> tuple[Entry, ...]:
    begins = Marker(kind=MarkerKind.BEGINS, phrase="OUTAGE for T390513 BEGINS", scope="for T390513")
    ends = Marker(kind=MarkerKind.ENDS, phrase="THUMBNAIL OUTAGE ENDS", scope="THUMBNAIL")
    rest = Marker(kind=MarkerKind.ENDS, phrase="OUTAGE ENDS", scope=None)
    return (
        entry(1, "2024-12-30 00:00", "kernel upgraded", precision=Precision.DAY),
        outage(2, "2024-12-30 22:45", "5xx rise. OUTAGE for T390513 BEGINS", begins),
        entry(3, "2024-12-30 22:50", "Incident opened. jynus becomes IC.", kind=Kind.LIFECYCLE),
        entry(4, "2024-12-30 22:51", "<cdanis> ms-fe1009 swaps ''hard''", speaker="cdanis", kind=Kind.QUOTE),
        entry(5, None, "somebody restarted ms-fe1010"),
        entry(6, "2024-12-30 22:55", "graphs unavailable", until=at("2024-12-30 23:20"), approximate=True),
        entry(7, "2024-12-30 23:30", "two lines:\n* the second", until=at("2024-12-31 00:30")),
        entry(
            8,
            "2024-12-31 00:40",
            "FIRING: [4x] SwiftDown",
            kind=Kind.ALERT,
            author=Author(nick="jinxer-wm", account=None),
        ),
        outage(9, "2024-12-31 01:00", "THUMBNAIL OUTAGE ENDS after the roll", ends),
        entry(11, "2024-12-31 01:05", "we keep the old kernel", kind=Kind.DECISION, version=3),
        outage(10, "2024-12-31 01:10", "OUTAGE ENDS", rest),
    )


def _durations() -> Durations:
    return Durations(
        outage_minutes=145,
        outages=(
            Outage(begins=at("2024-12-30 22:45"), ends=at("2024-12-31 01:00"), scope="for T390513", minutes=135),
            Outage(begins=at("2024-12-30 22:45"), ends=at("2024-12-31 01:10"), scope=None, minutes=145),
        ),
        to_first_entry_minutes=0,
        open_minutes=150,
    )


def _responders() -> tuple[Responder, ...]:
    opened, left = at("2024-12-30 22:50"), at("2024-12-31 00:15")
    jynus = Responder(
        name="jynus", nick="jynus", account="jynus", role=Role.COORDINATOR, focus="IC", joined_at=opened, left_at=None
    )
    cdanis = replace(
        jynus, name="[[cdanis]]", nick="cdanis", account="cdanis", role=Role.RESPONDER, focus="proxies | LB"
    )
    emperor = replace(cdanis, name="Emperor", nick=None, account=None, focus=None, joined_at=None)
    return jynus, replace(cdanis, left_at=left), emperor


def _actionables() -> tuple[Actionable, ...]:
    return (
        Actionable(number=1, text="Limit memory", task=task("T390600", "Limit", "open"), owner="Emperor", done=False),
        Actionable(number=2, text="Write runbook | swift", task=None, owner=None, done=True),
        Actionable(number=4, text="Alert on memory (T390601)", task=None, owner="[[cdanis]]", done=False),
    )


def _scorecard() -> Scorecard:
    given = (AnswerValue.YES, AnswerValue.NO, AnswerValue.NOT_APPLICABLE, None)
    notes = ("small team, it's always us!", "", "no pages | batphone", "")
    answers = tuple(
        Answer(
            number=asked.number,
            category=asked.category,
            question=asked.question,
            answer=given[asked.number % 4],
            score=asked.score(given[asked.number % 4]),
            notes=notes[asked.number % 4],
            suggested=Suggestion(answer=AnswerValue.YES, evidence="T390513 is known"),
        )
        for asked in questionnaire.load()["wikimedia-2024"].questions
    )
    total = sum(each.score or 0 for each in answers)
    return Scorecard(version="wikimedia-2024", answers=answers, total=total, maximum=15, complete=False)


def _seed(name: str, own: dict[str, typing.Any]) -> Report:
    raw = json.loads((HERE / "seeds" / f"{name}.json").read_text(encoding="utf-8"))
    return typing.cast("Report", _built(Report, _filled(raw, {**_ANY, **own})))


def _filled(raw: typing.Any, known: dict[str, typing.Any], key: str = "") -> typing.Any:
    """The JSON data, with every ``<any>`` replaced by the known value of its key."""
    if isinstance(raw, dict):
        return {name: _filled(value, known, name) for name, value in raw.items()}
    if isinstance(raw, list):
        return [_filled(value, known) for value in raw]
    return known.get(key) if raw == "<any>" else raw


def _built(kind: typing.Any, raw: typing.Any) -> typing.Any:
    """The value of a type from plain JSON data."""
    inner = [each for each in typing.get_args(kind) if each not in (types.NoneType, Ellipsis)]
    if raw is None:
        return None
    if typing.get_origin(kind) is tuple:
        return tuple(_built(inner[0], each) for each in raw)
    if inner:
        return _built(inner[0], raw)
    if dataclasses.is_dataclass(kind):
        return _of_fields(typing.cast("type[typing.Any]", kind), raw)
    if kind is datetime:
        return unstamp(raw)
    return kind(raw) if issubclass(kind, Enum) else raw


def _of_fields(kind: type[typing.Any], raw: dict[str, typing.Any]) -> typing.Any:
    hints = typing.get_type_hints(kind)
    held = [field.name for field in dataclasses.fields(kind) if field.name in raw]
    return kind(**{name: _built(hints[name], raw[name]) for name in held})
