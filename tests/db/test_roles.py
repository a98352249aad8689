"""Roles besides the coordinator's: who has one, since when, and where that is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from irscribe.config import load
from irscribe.domain.prose import without_ping
from irscribe.domain.reportparts import RoleTerm
from irscribe.render import render
from irscribe.services.report.exports import style
from tests.replies import JOIN, denied, taken_back
from tests.snapshot import expect_refusal, kept_texts

CAROL, BOB = without_ping("carol"), without_ping("bob")

pytestmark = pytest.mark.every_case_on_postgresql


@pytest.fixture
def config():
    return load(None)


@pytest.fixture
def opened(talk):
    talk.present = ("alice", "bob", "carol")
    talk.say("alice", "!ir start API returns 500")
    return talk


def terms(talk):
    return [(each.role, each.name, each.since, each.until) for each in talk.report().roles]


def test_a_role_is_given_and_handed_on_and_the_report_has_the_times(opened):
    began = opened.now
    assert opened.say("alice", "!ir role comms carol") == [f"{CAROL} has comms in 1 now."]
    opened.later(minutes=10)
    assert opened.say("alice", "!ir role Comms: bob") == [f"{BOB} has comms in 1 now (was {CAROL})."]
    opened.later(minutes=5)
    assert opened.say("bob", "!ir role comms none") == [f"{BOB} does not have comms in 1 any more."]
    then, ended = opened.now.replace(minute=10), opened.now
    assert terms(opened) == [("comms", "carol", began, then), ("comms", "bob", then, ended)]
    assert [each.name for each in opened.report().metadata.responders] == ["alice", "carol", "bob"]


def test_the_coordinators_terms_stand_among_the_roles(opened):
    opened.say("alice", "!ir ic")
    opened.later(minutes=5)
    opened.say("alice", "!ir role deputy me")
    opened.say("alice", "!ir ic carol")
    report = opened.report()
    assert [(each.role, each.name, each.until is None) for each in report.roles] == [
        ("coordinator", "alice", False),
        ("coordinator", "carol", True),
        ("deputy", "alice", True),
    ]
    page = render(report, "text", style(opened.application))
    assert "- coordinator: alice, 2026-11-22 12:00 – 2026-11-22 12:05" in page
    assert "- deputy: alice, from 2026-11-22 12:05" in page


def test_without_a_name_it_is_taken_if_it_is_free_and_shown_if_it_is_not(opened):
    assert opened.say("alice", "!ir role comms")[0].startswith("a\u200blice has comms")
    opened.later(minutes=1)
    assert opened.say("alice", "!ir role comms") == [
        "a\u200blice has comms in 1 since 12:00: !ir role comms me takes it over."
    ]
    opened.say("bob", "!ir join")
    assert opened.say("bob", "!ir role comms me") == [f"{BOB} has comms in 1 now (was a\u200blice)."]
    assert opened.say("bob", "!ir role") == [
        f"Roles in 1: comms {BOB} since 12:01; nobody has deputy. !ir role NAME NICK gives one."
    ]


def test_recap_and_who_tell_it(opened):
    opened.say("alice", "!ir role comms carol")
    opened.later(minutes=3)
    recap = [str(each.text) for each in opened.hear("bob", "!ir recap") if each.to == "bob"]
    assert len(recap) == 5
    assert recap[1].startswith(f"No coordinator; comms {CAROL} since 12:00; 2 responders")
    assert f"{CAROL} (comms since 12:00)" in opened.say("bob", "!ir who")[0]
    opened.say("alice", "!ir remove carol")
    assert f"; comms {CAROL} since 12:00." in opened.say("bob", "!ir who")[0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("role scribe bob", "There is no role scribe: there are comms and deputy."),
        ("role coms bob", "There is no role coms: did you mean comms?"),
        ("role ic bob", "The coordinator's role is !ir ic"),
        ("role comms none", "Nobody has comms in 1"),
        ("role comms bob carol", "Who? Type !ir role comms NICK"),
        ("role 1", "Is 1 the incident?"),
        ("role! comms a, b", "Who? Type"),
    ],
)
def test_what_is_no_role_or_nobody_is_refused(opened, line, said):
    expect_refusal(opened, "alice", f"!ir {line}", said)


def test_a_name_that_nobody_here_has_is_asked_about(opened):
    everybody = {"sees_everybody": True}
    assert opened.say("alice", "!ir role comms dave", **everybody) == [
        "I see nobody here called dave: !ir role! comms dave gives the role all the same."
    ]
    assert opened.say("alice", "!ir role! comms dave", **everybody) == ["d\u200bave has comms in 1 now."]


def test_it_needs_one_who_joined_and_a_report_that_is_not_final(opened):
    assert opened.say("bob", "!ir role comms me") == [denied("role", JOIN)]
    opened.operators.add("alice")
    opened.say("alice", "!ir close")
    opened.say("alice", "!ir final! enough")
    expect_refusal(opened, "alice", "!ir role comms me", "is final")


def test_undo_gives_it_back(opened):
    opened.say("alice", "!ir role comms carol")
    opened.later(minutes=5)
    opened.say("alice", "!ir role comms bob")
    before = opened.report()
    assert opened.say("alice", "!ir undo") == [
        taken_back("b\u200bob on the list of responders", "the end of a role", "the role comms")
    ]
    assert terms(opened) == [("comms", "carol", opened.now.replace(minute=0), None)]
    opened.say("alice", "!ir role comms bob")
    again = opened.report()
    assert replace(again, roles=before.roles) == replace(before, roles=before.roles)


def test_a_redacted_name_goes_from_the_roles_too(opened):
    opened.operators.add("alice")
    opened.say("alice", "!ir role! comms Mallory")
    opened.say("alice", "!ir redact name Mallory it is a real name")
    assert opened.report().roles == ()
    assert "Mallory" not in kept_texts(opened)


@pytest.mark.parametrize("talk", ["sqlite"], indirect=True)
def test_other_names_are_a_setting(talk, tmp_path):
    (tmp_path / "config.ini").write_text('[core]\nchannels = "#incidents"\n[irscribe]\nroles = Scribe, liaison\n')
    assert load(tmp_path / "config.ini").roles == ("scribe", "liaison")


def test_a_role_that_the_settings_no_longer_name_can_be_ended(opened):
    opened.say("alice", "!ir role comms carol")
    config = replace(opened.config, roles=())
    object.__setattr__(opened.application, "config", config)
    assert "any more" in opened.say("alice", "!ir role comms none")[0]


def test_the_value_of_the_report_has_whole_seconds(opened):
    opened.later(microseconds=250_000)
    opened.say("alice", "!ir role comms carol")
    (term,) = opened.report().roles
    assert term == RoleTerm(role="comms", name="carol", since=opened.now.replace(microsecond=0), until=None)
