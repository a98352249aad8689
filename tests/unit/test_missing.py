from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.missing import CAN_BE_NONE, PARTS, missing, phrase, said_none
from irscribe.domain.moment import Precision
from irscribe.domain.report import (
    Actionable,
    Author,
    Conclusions,
    DocumentStatus,
    Durations,
    Entry,
    IncidentFacts,
    Item,
    Kind,
    Link,
    Metadata,
    PeoplePaged,
    Report,
    Responder,
    Role,
    Scorecard,
    State,
    Status,
    Task,
)

NOON = datetime(2021, 11, 2, 12, 0, tzinfo=UTC)
NOBODY = frozenset()
ITEMS = (Item(text="The team responded quickly."),)
COMPLETE = Scorecard(version="wikimedia-2024", answers=(), total=0, maximum=15, complete=True)

FACTS = IncidentFacts(
    number=1,
    id="2021-11-02",
    title=None,
    state=State.OPEN,
    status=Status.INVESTIGATING,
    document_status=DocumentStatus.DRAFT,
    severity=None,
    private=False,
    drill=False,
    channel="#incidents",
    network="libera",
    opened_at=NOON,
    closed_at=None,
)
METADATA = Metadata(
    task=None,
    people_paged=PeoplePaged(count=None, text=None),
    responders=(),
    others=None,
    coordinators=(),
    start=NOON,
    end=None,
    metrics=None,
)
EMPTY = Report(
    incident=FACTS,
    metadata=METADATA,
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
    missing=(),
    warnings=(),
)
ENTRY = Entry(
    number=1,
    at=NOON,
    until=None,
    precision=Precision.MINUTE,
    approximate=False,
    text="Incident opened.",
    speaker=None,
    author=Author(nick="dcaro", account=None),
    marker=None,
    recorded_at=NOON,
    kind=Kind.LIFECYCLE,
    version=1,
)
RESPONDER = Responder(
    name="Dcaro",
    nick="dcaro",
    account=None,
    role=Role.RESPONDER,
    focus=None,
    joined_at=NOON,
    left_at=None,
)
FULL = replace(
    EMPTY,
    incident=replace(FACTS, title="Cloud VPS networking", state=State.CLOSED),
    metadata=replace(
        METADATA,
        task=Task(id="T294853", url="https://phabricator.wikimedia.org/T294853"),
        people_paged=PeoplePaged(count=0, text="0"),
        responders=(RESPONDER,),
        coordinators=("Dcaro",),
        metrics="No SLO defined",
    ),
    summary="After a kernel upgrade …",
    impact="Toolforge had connectivity issues.",
    detection="Users reported it.",
    timeline=(ENTRY,),
    conclusions=Conclusions(went_well=ITEMS, went_poorly=ITEMS, got_lucky=ITEMS),
    links=(Link(url="https://example.org/", title=None),),
    actionables=(Actionable(number=1, text="Improve monitoring", task=None, owner=None, done=False),),
    scorecard=COMPLETE,
)


def closed(report, scorecard=None):
    return replace(report, incident=replace(report.incident, state=State.CLOSED), scorecard=scorecard)


def test_an_empty_open_report_lacks_everything_but_the_scorecard():
    assert missing(EMPTY, NOBODY) == PARTS[:-2]


def test_a_full_report_lacks_nothing():
    assert missing(FULL, NOBODY) == ()


def test_a_closed_report_lacks_its_scorecard_until_every_question_is_answered():
    assert missing(closed(EMPTY), NOBODY) == PARTS[:-1]
    assert missing(closed(FULL), NOBODY) == ("scorecard",)
    assert missing(closed(FULL, replace(COMPLETE, complete=False)), NOBODY) == ("scorecard",)


def test_nobody_paged_is_an_answer():
    assert "paged" not in missing(FULL, NOBODY)


@given(st.sets(st.sampled_from(sorted(CAN_BE_NONE))))
def test_what_was_said_to_be_none_is_not_missing(none):
    assert missing(EMPTY, frozenset(none)) == tuple(part for part in PARTS[:-2] if part not in none)


@pytest.mark.parametrize("part", ["title", "summary", "impact", "timeline", "paged", "responders"])
def test_some_parts_cannot_be_said_to_be_none(part):
    assert part in missing(EMPTY, frozenset({part}))


@given(st.sets(st.sampled_from(sorted(CAN_BE_NONE))), st.sampled_from([EMPTY, closed(EMPTY)]))
def test_what_was_said_to_be_none_is_read_back_from_a_report(none, report):
    whole = replace(report, missing=missing(report, frozenset(none)))
    assert said_none(whole) == none


def test_a_part_that_is_there_was_not_said_to_be_none():
    assert said_none(FULL) == NOBODY


def test_what_is_missing_is_said_in_prose():
    assert phrase(["summary", "impact", "paged"]) == "still missing: summary, impact and who was paged"
    assert phrase([]) == "nothing is missing"
    assert phrase(PARTS).count(",") == len(PARTS) - 2
