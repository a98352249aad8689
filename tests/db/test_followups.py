"""The owner of a follow-up, and the day by which it is due."""

from __future__ import annotations

from datetime import date

import pytest
from alembic import command
from sqlalchemy import select

from irscribe.render import FORMATS, render
from irscribe.render.json import read
from irscribe.services.report.exports import style
from models.migrating import _config, migrate
from models.tables import change
from tests.replies import item_dropped, taken_back
from tests.snapshot import expect_refusal

CHRISTMAS = date(2026, 12, 24)


@pytest.fixture
def talk(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir action add a runbook @andrew")
    return talk


def due(talk):
    return talk.report().actionables[0].due


def owner(talk):
    return talk.report().actionables[0].owner


@pytest.mark.parametrize("typed", ["1 due 2026-12-24", "#1 DUE dec 24", "1 due by 24.12.", "1 due 24 December 2026"])
def test_a_follow_up_is_due_on_a_day(talk, typed):
    assert talk.say("alice", f"!ir action {typed}") == ["Actionable 1 is due Thu 2026-12-24 now."]
    assert due(talk) == CHRISTMAS
    assert talk.say("bob", "!ir actions") == ["Actionable 1. add a runbook (a\u200bndrew, due 2026-12-24)"]
    assert talk.say("alice", "!ir action 1 due") == ["Actionable 1 is due Thu 2026-12-24."]


def test_a_day_is_changed_taken_out_and_taken_back(talk):
    talk.say("alice", "!ir action 1 due 2026-12-24")
    assert talk.say("alice", "!ir action 1 due tomorrow") == [
        "Actionable 1 is due Mon 2026-11-23 now (was 2026-12-24)."
    ]
    assert talk.say("alice", "!ir action 1 due none") == ["Actionable 1 has no due day now (was 2026-11-23)."]
    assert due(talk) is None
    for expected in (date(2026, 11, 23), CHRISTMAS, None):
        again = f"due {expected}" if expected else "no due day"
        assert talk.say("alice", "!ir undo") == [taken_back(f"action 1 ({again} again)")]
        assert due(talk) == expected


def test_a_change_of_the_text_leaves_the_day(talk):
    talk.say("alice", "!ir action 1 due 2026-12-24")
    talk.say("alice", "!ir action fix 1 write a runbook")
    talk.say("alice", "!ir action + for NFS")
    assert (talk.report().actionables[0].text, due(talk)) == ("write a runbook for NFS", CHRISTMAS)


def test_a_day_that_is_over_is_taken_and_said_to_be(talk):
    assert talk.say("alice", "!ir action 1 due 2025-12-24") == [
        "Actionable 1 is due Wed 2025-12-24 now. That day is over."
    ]


def test_a_follow_up_that_has_its_task_says_that_the_task_does_not_say_so(talk):
    talk.say("alice", "!ir action 1 T5")
    said = talk.say("alice", "!ir action 1 due 2026-12-24")[0]
    assert said.endswith(" Its task does not say so: T5.")


def test_what_is_no_day_or_two_is_refused_with_what_to_type(talk):
    expect_refusal(talk, "alice", "!ir action 1 due soon", "“soon”", "!ir action 1 due 2026-11-29, tomorrow")
    expect_refusal(talk, "alice", "!ir action 1 due sunday", "Sun 2026-11-22 or Sun 2026-11-29", "due 2026-11-22")
    expect_refusal(talk, "alice", "!ir action 2 due friday", "Actionable 2 is not there")
    expect_refusal(talk, "bob", "!ir action 1 due friday", "!ir join")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("assign 1 bob", "bob"),
        ("assign 1 to @bob", "bob"),
        ("action 1 assign bob,", "bob"),
        ("action #1 assign to Andrew Bogott", "Andrew Bogott"),
        ("todo 1 assign me", "alice"),
        ("action 1 @bob", "bob"),
        ("assign 1 none", None),
    ],
)
def test_a_follow_up_is_given_to_somebody(talk, typed, name):
    said = talk.say("alice", f"!ir {typed}")[0].replace("\u200b", "")
    assert said == f"Actionable 1 is {name or 'nobody'}'s now."
    assert owner(talk) == name
    assert talk.say("alice", "!ir undo") == [taken_back("action 1 (owner a\u200bndrew again)")]
    assert owner(talk) == "andrew"


@pytest.mark.parametrize("typed", ["action drop 1", "action 1 drop", "todo #1 DROP"])
def test_a_follow_up_is_dropped_with_its_number_before_or_behind(talk, typed):
    assert talk.say("alice", f"!ir {typed}") == [item_dropped("Actionable", 1, "add a runbook")]
    assert talk.report().actionables == ()
    expect_refusal(talk, "alice", "!ir action 7 drop", "Actionable 7 is not there")


def test_an_owner_is_one_name(talk):
    for typed in ("action 1 assign", "action 1 assign alice, bob", "action 1 assign -x", f"assign 1 {'x' * 61}"):
        expect_refusal(talk, "alice", f"!ir {typed}", "!ir action 1 assign NAME")
    for typed in ("assign", "assign 1", "assign bob"):
        expect_refusal(talk, "alice", f"!ir {typed}", "!ir assign N NAME", "!ir ic NICK")


def test_a_final_report_takes_owners_and_days(talk):
    talk.operators = {"alice"}
    for line in ("!ir close", "!ir final! enough for a test"):
        talk.say("alice", line)
    assert talk.say("alice", "!ir action 1 due 2026-12-24") == ["Actionable 1 is due Thu 2026-12-24 now."]
    assert talk.say("alice", "!ir assign 1 bob") == ["Actionable 1 is b\u200bob's now."]
    assert talk.say("alice", "!ir undo")[0].startswith("Taken back")
    expect_refusal(talk, "alice", "!ir action fix 1 anything", "The report of 1 is final")


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "json"])
def test_a_report_names_the_day_until_the_follow_up_is_done(talk, form):
    before = render(talk.report(), form, style(talk.application))
    talk.say("alice", "!ir action 1 due 2026-12-24")
    written = render(talk.report(), form, style(talk.application))
    assert before.count("2026-12-24") == 0
    assert written.count("due 2026-12-24") == 1
    talk.say("alice", "!ir action done 1")
    assert "2026-12-24" not in render(talk.report(), form, style(talk.application))


def test_the_json_names_the_day_and_is_read_with_it(talk):
    talk.say("alice", "!ir action 1 due 2026-12-24")
    written = render(talk.report(), "json", style(talk.application))
    assert '"done": false, "due": "2026-12-24"' in written
    assert read(written) == talk.report()


def test_the_version_before_finds_no_change_of_the_day_and_can_undo_the_rest(talk):
    """It fails on a logged column that its tables do not have."""
    for line in ("well one", "action 1 due tomorrow", "action 1 assign bob", "undo", "undo", "action two", "undo"):
        talk.say("alice", f"!ir {line}")
    talk.say("alice", "!ir action 1 due tomorrow")
    with talk.database.write() as session:
        config = _config()
        config.attributes["connection"] = session
        command.downgrade(config, "0005")
        logged = session.execute(select(change.c.old, change.c.new).where(change.c.subject == "item")).all()
    assert [row for row in logged if "due" in f"{row.old} {row.new}"] == []
    assert any("bob" in f"{row.new}" for row in logged)
    migrate(talk.database)
    assert due(talk) is None
    assert talk.say("alice", "!ir undo") == [taken_back("well 1 “one”")]
