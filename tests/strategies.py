"""Hypothesis strategies for whole reports, as any file may hold them or as the bot itself would write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from irscribe.domain import questionnaire
from irscribe.domain.missing import CAN_BE_NONE, missing
from irscribe.domain.moment import Precision
from irscribe.domain.outages import find_span, measure
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
from irscribe.domain.sanity import warnings
from irscribe.domain.text import clean
from irscribe.domain.theories import Statement, judgement, proposal, theories

Text = st.SearchStrategy[str]
_FIRST = datetime(2019, 10, 7, 12, tzinfo=UTC)
_PARTS = ("title", "summary", "impact", "detection", "timeline", "task", "ic", "well", "scorecard")


def any_text() -> Text:
    """Every text that UTF-8 can hold."""
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def one_paragraph() -> Text:
    """Texts that show the same if their lines are kept or joined: a line of invisible characters is an empty one."""
    return any_text().filter(lambda typed: clean(typed, lines=True).replace("\n", " ") == clean(typed) != "")


def typed_text() -> Text:
    """A line as the record keeps it: cleaned, and something in it."""
    return any_text().map(clean).filter(bool)


def typed_paragraphs() -> Text:
    """A section as the record keeps it: one or several paragraphs."""
    return st.lists(typed_text(), min_size=1, max_size=3).map("\n\n".join)


def moments(*, minutes: int = 600) -> st.SearchStrategy[datetime]:
    """A whole second within so many minutes."""
    return st.integers(0, minutes * 60).map(lambda seconds: _FIRST + timedelta(seconds=seconds))


def reports(*, consistent: bool = False, entries: int = 6, minutes: int = 600) -> st.SearchStrategy[Report]:
    """Reports with at most so many entries within so many minutes.

    Derived parts (order, durations, the missing parts) are arbitrary. With ``consistent`` they are those that the
    record would give, and texts are cleaned.
    """
    text = typed_text() if consistent else any_text()
    known = moments(minutes=minutes)
    made = st.builds(
        Report,
        incident=_incidents(text, known),
        metadata=_metadata(text, known),
        durations=_durations(text, known),
        summary=st.none() | (typed_paragraphs() if consistent else text),
        impact=st.none() | (typed_paragraphs() if consistent else text),
        detection=st.none() | (typed_paragraphs() if consistent else text),
        timeline=_timelines(text, known, entries),
        conclusions=st.builds(Conclusions, went_well=_items(text), went_poorly=_items(text), got_lucky=_items(text)),
        links=_some(st.builds(Link, url=_urls(), title=st.none() | text)),
        actionables=_some(_actionables(text)).map(_numbered),
        scorecard=st.none() | _scorecards(text),
        gaps=_gaps(known),
        alerts=_some(_alerts(text, known)),
        roles=_roles(text, known),
        impact_figures=_some(_figures(text)),
        components=_some(text),
        factors=_some(st.builds(Factor, text=text, tag=st.none() | text)),
        related=_related(),
        unplaced=_some(st.builds(Unplaced, heading=st.none() | text, text=text)),
        missing=_some(st.sampled_from(_PARTS)),
        warnings=_some(text),
    )
    if not consistent:
        return st.builds(_with_theory, made, text)
    none = st.sets(st.sampled_from(sorted(CAN_BE_NONE)))
    return st.builds(_derived, st.builds(_with_stated_theories, made, st.lists(text, max_size=3)), none)


def timelines(*, entries: int, minutes: int) -> st.SearchStrategy[tuple[Entry, ...]]:
    """Timelines in no order, for whatever lays them out."""
    return _timelines(typed_text(), moments(minutes=minutes), entries)


def tasks() -> st.SearchStrategy[Task]:
    """Tasks of one Phabricator."""
    number = st.integers(10, 9_999_999)
    return number.map(lambda each: Task(id=f"T{each}", url=f"https://phabricator.wikimedia.org/T{each}"))


def _some(each: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(each, max_size=most).map(tuple)


def _counts() -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(0, 10_000)


def _urls() -> Text:
    return st.text("abcxyz019-._~/?=&%:", max_size=12).map(lambda rest: f"https://example.org/{rest}")


def _incidents(text: Text, known: st.SearchStrategy[datetime]) -> st.SearchStrategy[IncidentFacts]:
    made = st.builds(
        IncidentFacts,
        number=st.integers(1, 99),
        id=text,
        title=st.none() | text,
        state=st.sampled_from(State),
        status=st.sampled_from(Status),
        document_status=st.sampled_from(DocumentStatus),
        severity=st.none() | st.integers(0, 9),
        private=st.booleans(),
        drill=st.booleans(),
        channel=st.just("#incidents"),
        network=st.just("libera"),
        opened_at=known,
        closed_at=known,
    )
    return made.map(_open_or_closed)


def _open_or_closed(facts: IncidentFacts) -> IncidentFacts:
    opened, closed = sorted((facts.opened_at, facts.closed_at or facts.opened_at))
    name = f"{opened:%Y-%m-%d} {facts.title or ''}".rstrip()
    return replace(facts, id=name, opened_at=opened, closed_at=None if facts.state is State.OPEN else closed)


def _metadata(text: Text, known: st.SearchStrategy[datetime]) -> st.SearchStrategy[Metadata]:
    return st.builds(
        Metadata,
        task=st.none() | tasks(),
        people_paged=_counts().map(lambda count: PeoplePaged(count=count, text=None if count is None else str(count))),
        responders=st.lists(_responders(text, known), max_size=3, unique_by=lambda each: each.name.casefold()).map(
            tuple
        ),
        others=st.none() | text,
        coordinators=_some(text),
        start=st.none() | known,
        end=st.none() | known,
        metrics=st.none() | text,
        page=st.none() | _urls(),
    )


def _responders(text: Text, known: st.SearchStrategy[datetime]) -> st.SearchStrategy[Responder]:
    return st.builds(
        Responder,
        name=text,
        nick=st.none() | text,
        account=st.none() | text,
        role=st.sampled_from(Role),
        focus=st.none() | text,
        joined_at=st.none() | known,
        left_at=st.none(),
    )


def _durations(text: Text, known: st.SearchStrategy[datetime]) -> st.SearchStrategy[Durations]:
    outage = st.builds(Outage, begins=known, ends=st.none() | known, scope=st.none() | text, minutes=_counts())
    return st.builds(
        Durations,
        outage_minutes=_counts(),
        outages=_some(outage),
        to_first_entry_minutes=_counts(),
        open_minutes=_counts(),
    )


@st.composite
def _entries(draw: Callable[[st.SearchStrategy[Any]], Any], text: Text, known: st.SearchStrategy[datetime]) -> Entry:
    precision = draw(st.sampled_from(Precision))
    at, until = sorted((draw(known), draw(known)))
    if precision is Precision.DAY:
        at, until = at.replace(hour=0, minute=0, second=0), until.replace(hour=0, minute=0, second=0)
    if precision is Precision.MINUTE:
        at, until = at.replace(second=0), until.replace(second=0)
    marker = draw(st.none() | st.builds(_marker, st.sampled_from(MarkerKind)))
    said = draw(text)
    unknown = precision is Precision.UNKNOWN
    return Entry(
        number=1,
        at=None if unknown else at,
        until=until if not unknown and until > at and draw(st.booleans()) else None,
        precision=precision,
        approximate=draw(st.booleans()),
        text=f"{said} {marker.phrase}" if marker else said,
        speaker=draw(st.none() | text),
        author=Author(nick=draw(text), account=draw(st.none() | text)),
        marker=marker,
        recorded_at=draw(known),
        kind=Kind.OUTAGE if marker else draw(st.sampled_from([each for each in Kind if each is not Kind.OUTAGE])),
        version=draw(st.integers(1, 5)),
    )


def _marker(kind: MarkerKind) -> Marker:
    return Marker(kind=kind, phrase=f"OUTAGE for NFS {kind.value.upper()}", scope="for NFS")


def _timelines(text: Text, known: st.SearchStrategy[datetime], most: int) -> st.SearchStrategy[tuple[Entry, ...]]:
    return _some(_entries(text, known), most).map(_numbered)


def _numbered(found: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(replace(each, number=number) for number, each in enumerate(found, start=1))


def _items(text: Text) -> st.SearchStrategy[tuple[Item, ...]]:
    leaf = st.builds(Item, text=text, items=st.just(()))
    return _some(st.builds(Item, text=text, items=_some(leaf, 2)), 2)


def _actionables(text: Text) -> st.SearchStrategy[Actionable]:
    return st.builds(
        Actionable,
        number=st.just(1),
        text=text,
        task=st.none() | tasks(),
        owner=st.none() | text,
        done=st.booleans(),
        due=st.none() | st.dates(_FIRST.date(), date(2999, 12, 31)),
    )


@st.composite
def _scorecards(draw: Callable[[st.SearchStrategy[Any]], Any], text: Text) -> Scorecard:
    chosen = draw(st.sampled_from(sorted(questionnaire.load().values(), key=lambda each: each.version)))
    given = draw(st.lists(st.none() | st.sampled_from(AnswerValue), min_size=15, max_size=15))
    notes = draw(text)
    answers = tuple(
        Answer(
            number=asked.number,
            category=asked.category,
            question=asked.question,
            answer=answer,
            score=asked.score(answer),
            notes=notes if answer else "",
            suggested=draw(st.none() | st.builds(Suggestion, answer=st.sampled_from(AnswerValue), evidence=text)),
        )
        for asked, answer in zip(chosen.questions, given, strict=True)
    )
    return Scorecard(
        version=chosen.version,
        answers=answers,
        total=sum(each.score or 0 for each in answers),
        maximum=chosen.maximum,
        complete=all(given),
    )


def _alerts(text: Text, known: st.SearchStrategy[datetime]) -> st.SearchStrategy[Alert]:
    return st.builds(
        Alert,
        name=text,
        source=text,
        first_at=known,
        last_at=known,
        count=st.integers(1, 500),
        over_at=st.none() | known,
        paged=st.booleans(),
    )


def _roles(text: Text, known: st.SearchStrategy[datetime]) -> st.SearchStrategy[tuple[RoleTerm, ...]]:
    """Terms of coordinators, then those of others, as the record gives them."""
    times = {"name": text, "since": st.none() | known, "until": st.none() | known}
    coordinators = _some(st.builds(RoleTerm, role=st.just(Role.COORDINATOR.value), **times))
    others = _some(st.builds(RoleTerm, role=st.sampled_from(["comms", "deputy"]), **times))
    return st.builds(lambda first, second: (*first, *second), coordinators, others)


def _figures(text: Text) -> st.SearchStrategy[Figure]:
    typed = st.sampled_from([("1200", 1200), ("3.4M", 3_400_000), ("~2.5%", 2.5), ("0", 0), ("1,000", 1000)])
    return st.builds(lambda name, figure: Figure(name=name, text=figure[0], value=figure[1]), text, typed)


def _related() -> st.SearchStrategy[tuple[Relation, ...]]:
    one = st.builds(Relation, number=st.integers(100, 200), kind=st.sampled_from(RelationKind))
    found = st.lists(one, max_size=3, unique_by=lambda each: each.number)
    return found.map(lambda some: tuple(sorted(some, key=lambda each: each.number)))


def _with_theory(report: Report, text: str) -> Report:
    """The report with a theory about its first entry, whatever that says."""
    if not report.timeline:
        return report
    first, *rest = (each.number for each in report.timeline)
    judged = tuple(Judgement(state=TheoryState.LIKELY, why=text, entry=number) for number in rest)
    theory = Theory(number=3, text=text, state=TheoryState.OPEN, why=None, entry=first, judgements=judged)
    return replace(report, theories=(theory,))


def _with_stated_theories(report: Report, texts: list[str]) -> Report:
    """The report with a theory for each text, each but the last one judged, in entries of its timeline."""
    free = [each for each in report.timeline if each.marker is None]
    stated: list[Statement] = []
    said: dict[int, str] = {}
    for number, text in enumerate(texts, start=1):
        if len(free) < 2:
            break
        proposed, judged = free.pop(0), free.pop(0)
        said |= {proposed.number: proposal(number, text), judged.number: judgement(number, TheoryState.RULED_OUT, text)}
        stated += [
            Statement(theory=number, entry=proposed.number, state=TheoryState.OPEN),
            Statement(theory=number, entry=judged.number, state=TheoryState.RULED_OUT),
        ]
    timeline = tuple(replace(each, text=said.get(each.number, each.text)) for each in report.timeline)
    return replace(report, timeline=timeline, theories=theories(stated, {each.number: each.text for each in timeline}))


def _gaps(known: st.SearchStrategy[datetime]) -> st.SearchStrategy[tuple[Gap, ...]]:
    times = st.lists(known, max_size=6, unique=True).map(sorted)
    pairs = times.map(lambda each: zip(each[::2], each[1::2], strict=False))
    return pairs.map(lambda each: tuple(Gap(begins=begins, ends=ends) for begins, ends in each))


def _derived(report: Report, none: set[str]) -> Report:
    """The report with everything that follows from the record worked out from it."""
    timeline = _ordered(report.timeline)
    span = find_span(report.incident, timeline, start=report.metadata.start, end=report.metadata.end)
    durations = measure(report.incident, timeline, span=span)
    whole = replace(
        report,
        related=() if report.incident.private else report.related,
        metadata=_with_roles(replace(report.metadata, start=span.start, end=span.end), report.roles),
        timeline=timeline,
        durations=durations,
        warnings=warnings(
            state=report.incident.state,
            span=span,
            outages=durations.outages,
            entries=timeline,
            prose={"summary": report.summary, "impact": report.impact},
            closed_at=report.incident.closed_at,
        ),
    )
    return replace(whole, missing=missing(whole, frozenset(none)))


def _with_roles(metadata: Metadata, roles: Iterable[RoleTerm]) -> Metadata:
    """The coordinators once each, and their role beside their names on the list."""
    served = tuple(dict.fromkeys(each.name for each in roles if each.role == Role.COORDINATOR))
    roles = (Role.COORDINATOR if each.name in served else Role.RESPONDER for each in metadata.responders)
    listed = tuple(replace(each, role=role) for each, role in zip(metadata.responders, roles, strict=True))
    return replace(metadata, coordinators=served, responders=listed)


def _ordered(timeline: Iterable[Entry]) -> tuple[Entry, ...]:
    """By time, then number; one of unknown time behind the nearest earlier-numbered entry."""
    found = sorted((each for each in timeline if each.at), key=lambda each: (each.at, each.number))
    for lost in (each for each in timeline if not each.at):
        before = [each for each in found if each.number < lost.number]
        place = found.index(max(before, key=lambda each: each.number)) + 1 if before else 0
        found.insert(place, lost)
    return tuple(found)
