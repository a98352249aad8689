from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given

from irscribe.domain.text import clean
from irscribe.render import render
from irscribe.render.text import WIDTH
from tests import reading, reports, strategies
from tests.examples import few_examples
from tests.golden import assert_golden

UNDERLINE = re.compile(r"^[=-]{4,}$", re.MULTILINE)


def text_of(report):
    return render(report, "text", reports.style())


def flat(text):
    """The text without line breaks and the lines under headings, which follow from what was typed."""
    return reading.squeezed(UNDERLINE.sub("", text))


def assert_shown(typed, rendered):
    frame = flat(text_of(reports.saying(reading.SENTINEL)))
    assert flat(text_of(reports.saying(typed))) == frame.replace(reading.SENTINEL, reading.squeezed(rendered))


@pytest.mark.parametrize("case", [each for each in reports.NASTY if each["rendered"]], ids=lambda case: case["id"])
def test_what_was_typed_shows_as_typed(case):
    assert_shown(case["input"], case["rendered"])


@few_examples()
@given(strategies.one_paragraph())
def test_whatever_is_typed_shows_as_typed(typed):
    assert_shown(typed, clean(typed))


@pytest.mark.parametrize("make", [reports.seed_2019, reports.seed_2021, reports.watched])
def test_a_reference_incident_reads_as_it_did_when_somebody_last_looked(make):
    assert_golden(f"{make.__name__}.txt", text_of(make()))


@pytest.mark.parametrize(
    "make", [reports.seed_2019, reports.seed_2021, reports.empty, reports.maximal, reports.watched]
)
def test_lines_fit_a_terminal(make):
    assert max(map(len, text_of(make()).splitlines())) <= WIDTH


def test_a_long_address_is_never_broken():
    address = f"https://example.org/{'long/' * 30}"
    assert address in text_of(replace(reports.empty(), summary=f"see {address} for more"))


def test_paragraphs_stay_paragraphs():
    report = replace(reports.empty(), impact="One thing.\n\nAnother thing.")
    assert "\nOne thing.\n\nAnother thing.\n" in text_of(report)


def test_a_continued_entry_stays_in_its_bullet():
    report = replace(reports.empty(), timeline=(reports.entry(1, "2024-05-06 07:10", "first\nsecond"),))
    assert "\n- 07:10 first\n  second\n" in text_of(report)


def test_a_quote_shows_who_spoke():
    assert "- 2024-12-30 22:51 <cdanis> ms-fe1009 swaps" in text_of(reports.maximal())


def test_an_open_report_says_what_it_lacks_and_invents_nothing():
    text = text_of(reports.empty())
    assert "Still open: " in text
    assert "Still missing: title, summary, impact" in text
    assert "none" not in text


def test_unanswered_questions_have_a_dash_and_the_total_says_so():
    text = text_of(reports.maximal())
    assert "  —       Were fewer than five people paged?" in text
    assert "yes” answers above): 3 of 15 (11 of 15" in reading.squeezed(text)


def test_private_drill_and_cancelled_are_said_at_the_top():
    head = text_of(reports.maximal()).split("Summary")[0]
    assert "Private: " in head
    assert "Drill: " in head
