"""The impact as numbers, beside the prose."""

from __future__ import annotations

import json

import pytest

from irscribe.domain.reportparts import Figure
from irscribe.render import render
from irscribe.services.report.exports import style
from tests.replies import JOIN, denied, taken_back
from tests.snapshot import expect_refusal, kept_texts, refused

pytestmark = pytest.mark.every_case_on_postgresql


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


def test_figures_are_kept_as_typed_with_the_number_that_they_mean(opened):
    assert opened.say("alice", "!ir figure users 1200") == ["Figure set: users 1200."]
    assert opened.say("alice", "!ir figure requests 3.4M") == ["Figure set: requests 3.4M (3,400,000)."]
    assert opened.say("alice", "!ir figure 2.5% error rate") == ["Figure set: error rate 2.5% (2.5)."]
    assert opened.report().impact_figures == (
        Figure(name="users", value=1200, text="1200"),
        Figure(name="requests", value=3_400_000, text="3.4M"),
        Figure(name="error rate", value=2.5, text="2.5%"),
    )
    written = json.loads(render(opened.report(), "json", style(opened.application)))["impact_figures"]
    assert written[:2] == [
        {"name": "users", "value": 1200, "text": "1200"},
        {"name": "requests", "value": 3_400_000, "text": "3.4M"},
    ]
    shown = render(opened.report(), "markdown", style(opened.application))
    assert "| Impact in figures | users: 1200; requests: 3.4M; error rate: 2.5% |" in shown


def test_one_of_the_same_name_is_set_anew_taken_out_and_listed(opened):
    opened.say("alice", "!ir figure users 800")
    assert opened.say("alice", "!ir figure Users 1,200") == ["Figure set: Users 1,200 (was 800)."]
    assert opened.say("alice", "!ir figure") == ["Figure 1. Users: 1,200"]
    assert opened.say("alice", "!ir figure users none") == ["Figure taken out: Users 1,200."]
    assert opened.report().impact_figures == ()
    expect_refusal(opened, "alice", "!ir figure users -", "There is no figure “users” here")


@pytest.mark.parametrize(
    "typed", ["users", "users many", "downtime 12m", "users -5", "users 1e3", "x 9999999999999999"]
)
def test_what_has_no_number_is_refused(opened, typed):
    assert "no number that I can read" in refused(opened, "alice", f"!ir figure {typed}")


def test_it_needs_one_who_joined(opened):
    assert opened.say("bob", "!ir figure users 1") == [denied("figure", JOIN)]


def test_undo_brings_back_what_was_there(opened):
    opened.say("alice", "!ir figure users 800")
    before = opened.report()
    opened.say("alice", "!ir figure users 1200")
    assert opened.say("alice", "!ir undo") == [taken_back("figure 1 “1200”")]
    assert opened.report() == before
    opened.say("alice", "!ir undo")
    assert opened.report().impact_figures == ()


def test_a_redaction_takes_name_and_number(opened):
    opened.operators.add("alice")
    opened.say("alice", "!ir figure hunter2 800")
    (answer,) = opened.say("alice", "!ir redact figure 1 a secret")
    assert answer.startswith("Figure 1 is redacted")
    assert opened.report().impact_figures == ()
    assert "hunter2" not in kept_texts(opened)
