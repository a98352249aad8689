"""The answer that the record itself gives to a scorecard question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain import questionnaire
from irscribe.domain.evidence import RULES, suggest
from irscribe.domain.report import Actionable, AnswerValue, Kind, PeoplePaged
from tests.examples import few_examples
from tests.reports import empty, entry, task
from tests.strategies import reports

YES, NO = AnswerValue.YES, AnswerValue.NO
OPENED = entry(1, "2026-11-22 12:00", "Incident opened.", kind=Kind.LIFECYCLE)


def answer(name, report):
    suggestion = suggest(name, report)
    return suggestion and suggestion.answer


def paged(count):
    metadata = replace(empty().metadata, people_paged=PeoplePaged(count=count, text=str(count)))
    return replace(empty(), metadata=metadata)


def telling(*entries):
    return replace(empty(), timeline=(OPENED, *entries))


def status(number, text):
    return entry(number, f"2026-11-22 12:{number:02}", text, kind=Kind.STATUS)


def follow_up(number, **values):
    return Actionable(number=number, **{"text": "x", "task": None, "owner": None, "done": False, **values})


@given(st.sampled_from([None, *RULES]), reports(entries=3))
@few_examples()
def test_any_report_is_looked_at_without_fail_and_the_same_gives_the_same(name, report):
    assert suggest(name, report) == suggest(name, report)


@pytest.mark.parametrize("name", RULES)
def test_an_empty_record_speaks_for_nothing(name):
    assert suggest(name, replace(empty(), missing=("task",))) is None


@pytest.mark.parametrize(("count", "more", "fewer"), [(0, NO, YES), (4, NO, YES), (5, NO, NO), (6, YES, NO)])
def test_people_paged_are_counted_against_five(count, more, fewer):
    assert answer("more than five people paged", paged(count)) is more
    assert answer("fewer than five people paged", paged(count)) is fewer


def test_two_status_updates_count_as_kept_up_and_none_as_not():
    updates = [status(2, "one"), status(3, "two"), status(4, "Public status page updated: posted")]
    assert answer("status updates", telling(*updates)) is YES
    assert answer("status updates", telling(updates[0])) is None
    assert answer("status updates", telling(updates[2])) is NO
    assert answer("public updates", telling(*updates)) is YES
    assert answer("public updates", telling(updates[0])) is NO


def test_a_timeline_written_down_afterwards_speaks_against_nothing():
    report = replace(empty(), timeline=(entry(1, "2026-11-22 12:00", "a note"),))
    assert answer("status updates", report) is None
    assert answer("public updates", report) is None


def test_a_task_is_there_or_said_to_be_none():
    report = replace(empty(), missing=())
    assert answer("task", report) is NO
    assert suggest("task", replace(report, metadata=replace(report.metadata, task=task("T123")))).evidence.endswith(
        "/T123"
    )


def test_actionables_are_assigned_when_each_has_an_owner_or_is_done():
    owned, done, loose = follow_up(1, owner="bob"), follow_up(2, done=True), follow_up(3)
    assert answer("owners", replace(empty(), actionables=(owned, done))) is YES
    assert answer("owners", replace(empty(), actionables=(owned, loose))) is NO
    assert answer("owners", replace(empty(), actionables=(owned, follow_up(3, task=task("T1"))))) is None


def test_an_alert_in_the_timeline_speaks_for_the_monitoring():
    alert = entry(2, "2026-11-22 12:01", "FIRING", kind=Kind.ALERT)
    assert suggest("alerts", telling(alert)).evidence.startswith("#2 is an alert by ")


@pytest.mark.parametrize("version", questionnaire.load())
def test_every_shipped_questionnaire_asks_the_same_questions_with_evidence(version):
    asked = questionnaire.load()[version].questions
    assert [each.number for each in asked if each.evidence] == [3, 6, 7, 8, 9, 13]


def test_a_questionnaire_that_names_unknown_evidence_is_none():
    text = (questionnaire.SHIPPED / "wikimedia-2024.json").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="evidence 'tarot' is none of"):
        questionnaire.read(text.replace('"status updates"', '"tarot"'))
