from dataclasses import replace

import pytest

from irscribe.domain.moment import Precision
from irscribe.domain.report import Gap, Metadata, State
from irscribe.render import render, wording
from irscribe.render.readers import checks
from irscribe.render.scoresheet import scoresheet
from tests import reports
from tests.reports import at, entry


@pytest.mark.parametrize(
    ("changes", "dated", "shown"),
    [
        ({}, False, "14:00"),
        ({}, True, "2019-10-07 14:00"),
        ({"precision": Precision.SECOND}, False, "14:00"),
        ({"approximate": True}, False, "14:00 (approximately)"),
        ({"until": at("2019-10-07 15:30")}, False, "14:00 – 15:30"),
        ({"until": at("2019-10-07 15:30"), "approximate": True}, False, "14:00 – 15:30 (approximately)"),
        ({"until": at("2019-10-07 15:30")}, True, "2019-10-07 14:00 – 15:30"),
        ({"until": at("2019-10-08 01:30")}, True, "2019-10-07 14:00 – 2019-10-08 01:30"),
        ({"precision": Precision.DAY}, False, "2019-10-07"),
        ({"precision": Precision.DAY, "until": at("2019-10-08 00:00")}, True, "2019-10-07 – 2019-10-08"),
        ({"at": None, "precision": Precision.UNKNOWN}, True, "??:??"),
    ],
)
def test_a_time_is_shown_as_people_write_it(changes, dated, shown):
    assert wording.clock(entry(1, "2019-10-07 14:00", "x", **changes), dated=dated) == shown


@pytest.mark.parametrize(
    ("timeline", "dated"),
    [
        ((), False),
        ((entry(1, "2024-05-06 07:08", "x"), entry(2, None, "y")), False),
        ((entry(1, "2024-05-06 07:08", "x"), entry(2, "2024-05-07 00:01", "y")), True),
        ((entry(1, "2024-05-06 23:00", "x", until=at("2024-05-07 00:10")),), True),
        ((entry(1, "2024-05-05 23:59", "the day before it was opened"),), True),
    ],
)
def test_a_timeline_is_dated_when_it_leaves_the_day_of_the_incident(timeline, dated):
    assert wording.is_dated(replace(reports.empty(), timeline=timeline)) is dated


def test_people_are_counted_named_and_remarked_on():
    assert wording.people(reports.seed_2021().metadata) == "3: Dcaro, Aborrero, Majavah (+ volunteers reporting on IRC)"
    nobody: Metadata = reports.empty().metadata
    assert wording.people(nobody) == ""
    assert wording.people(replace(nobody, others="+ volunteers")) == "+ volunteers"


def test_no_coordinator_is_only_stated_when_somebody_said_so():
    assert wording.coordinators(reports.seed_2021()) == "No ICs"
    assert wording.coordinators(reports.seed_2019()) == ""
    assert wording.coordinators(reports.maximal()) == "jynus, [[cdanis]]"


def test_a_gap_names_its_days_once_unless_it_spans_two():
    short = Gap(begins=at("2024-12-30 23:02"), ends=at("2024-12-30 23:09"))
    deaf = "The bot could not hear the channel from 2024-12-30 23:02"
    assert wording.gap(short).startswith(f"{deaf} to 23:09: ")
    assert wording.gap(replace(short, ends=at("2024-12-31 00:10"))).startswith(f"{deaf} to 2024-12-31 00:10: ")
    assert wording.gap(replace(short, ends=None)).startswith(f"{deaf} on: ")


def test_outages_are_told_with_their_scope_and_length():
    assert list(wording.outages(reports.maximal())) == [
        "Outage for T390513: 2024-12-30 22:45 – 2024-12-31 01:00, 2 h 15 min",
        "Outage: 2024-12-30 22:45 – 2024-12-31 01:10, 2 h 25 min",
    ]


def test_what_must_not_be_missed_is_said_most_important_first():
    assert list(wording.notices(reports.maximal())) == [
        "This incident is private. Do not publish this report.",
        "This was a drill.",
    ]
    assert list(wording.notices(reports.empty())) == ["This incident is still open; its status is: investigating."]
    cancelled = replace(reports.empty().incident, state=State.CANCELLED)
    assert list(wording.notices(replace(reports.empty(), incident=cancelled))) == ["This incident was cancelled."]


def test_what_is_missing_is_said_in_words():
    lacking = checks(reports.seed_2019(), reports.style()).lacking
    assert lacking == "task, who was paged, coordinator, metrics, scorecard"
    assert checks(replace(reports.empty(), missing=()), reports.style()).lacking == ""


def test_a_scoresheet_has_its_rows_by_category_and_its_total():
    sheet = scoresheet(reports.seed_2021().scorecard, reports.style().questionnaires)
    assert [(category.name, len(category.rows)) for category in sheet.categories] == [
        ("People", 5),
        ("Process", 5),
        ("Tooling", 5),
    ]
    assert (sheet.column, sheet.total, sheet.remark) == ("Score", "9", "")


def test_a_scoresheet_says_what_its_total_leaves_out():
    sheet = scoresheet(reports.maximal().scorecard, reports.style().questionnaires)
    assert (sheet.column, sheet.total, sheet.remark) == ("Answer (yes/no)", "3", "11 of 15 questions answered")
    unasked = tuple(replace(each, answer=None, score=None) for each in reports.maximal().scorecard.answers)
    blank = scoresheet(replace(reports.maximal().scorecard, answers=unasked, total=0), reports.style().questionnaires)
    assert (blank.total, blank.remark) == ("—", "not scored")


def test_the_words_of_the_questionnaire_come_before_those_of_the_report():
    scorecard = reports.maximal().scorecard
    asked = replace(scorecard, answers=tuple(replace(each, question="old words") for each in scorecard.answers))
    known = scoresheet(asked, reports.style().questionnaires)
    unknown = scoresheet(asked, {})
    assert known.categories[0].rows[2].question == "Were fewer than five people paged?"
    assert unknown.categories[0].rows[2].question == "old words"
    assert (unknown.title, unknown.total_label) == ("Scorecard", "Total score")


@pytest.mark.parametrize("form", ["wikitext", "markdown", "text", "html", "remarkup"])
def test_the_sentence_above_the_timeline_is_the_operators(form):
    own = replace(reports.style(), times="Times are UTC, as everywhere here.")

    assert "Times are UTC, as everywhere here" in render(reports.maximal(), form, own)
