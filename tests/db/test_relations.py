"""Related incidents: on both sides, and nowhere while one of the two is private."""

from __future__ import annotations

import pytest

from irscribe.config import load
from irscribe.domain.intent import IntentKind
from irscribe.render import render
from irscribe.services.report.exports import style
from models import outbox
from models.transaction import changed_incidents
from tests.replies import JOIN, denied, taken_back
from tests.snapshot import expect_refusal

OTHER = "#databases"

pytestmark = pytest.mark.every_case_on_postgresql


@pytest.fixture
def two(talk):
    """Incident 1 in the channel, incident 2 in another one, both alice's."""
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir start slow queries", channel=OTHER)
    return talk


def related(talk, number=1):
    return [(each.number, str(each.kind)) for each in talk.report(number).related]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("2", "same"), ("#2 repeat", "repeat"), ("2 a duplicate", "duplicate"), ("2 MERGED", "merged")],
)
def test_a_relation_is_stored_on_both_sides(two, typed, kind):
    assert two.say("alice", f"!ir same {typed}") == [f"Related now: 1 and 2 “slow queries” ({kind})."]
    assert (related(two, 1), related(two, 2)) == ([(2, kind)], [(1, kind)])
    assert two.say("bob", "!ir join", channel=OTHER)
    assert two.say("bob", "!ir same", channel=OTHER) == [f"Related to 2: 1 ({kind})."]
    assert f"| Related incidents | 2 ({kind}) |" in render(two.report(), "markdown", style(two.application))


def test_another_kind_replaces_it_and_none_takes_it_out_on_both_sides(two):
    two.say("alice", "!ir start! third")
    two.say("alice", "!ir @1 same 2 repeat")
    assert two.say("alice", "!ir @1 same 2 merged") == ["Related now: 1 and 2 “slow queries” (merged)."]
    expect_refusal(two, "alice", "!ir @1 same 2 merged", "related like that already")
    two.say("alice", "!ir @1 same 3")
    assert related(two) == [(2, "merged"), (3, "same")]
    assert two.say("alice", "!ir @1 same 2 none") == ["1 is not related to 2 any more."]
    assert (related(two, 1), related(two, 2)) == ([(3, "same")], [])
    assert two.say("alice", "!ir @1 same none") == ["1 is not related to 3 any more."]
    assert (related(two, 1), related(two, 3)) == ([], [])
    expect_refusal(two, "alice", "!ir @1 same none", "is related to no such incident")


def test_undo_takes_back_both_sides_from_either(two):
    two.say("alice", "!ir same 2 repeat")
    two.say("alice", "!ir same 2 merged")
    assert two.say("alice", "!ir undo") == [taken_back("the relation to 2")]
    assert (related(two, 1), related(two, 2)) == ([(2, "repeat")], [(1, "repeat")])
    assert two.say("alice", "!ir undo", channel=OTHER) == [taken_back("the relation to 1")]
    assert (related(two, 1), related(two, 2)) == ([], [])
    assert two.say("alice", "!ir undo")[0].startswith("There is nothing of yours to take back in 1")


def test_what_the_other_side_changed_since_is_not_taken_back(two):
    two.say("alice", "!ir same 2 repeat")
    two.say("bob", "!ir join", channel=OTHER)
    two.say("bob", "!ir same 1 merged", channel=OTHER)
    expect_refusal(two, "alice", "!ir undo", "changed again since")
    assert related(two, 1) == [(2, "merged")]


@pytest.mark.parametrize("side", [1, 2])
def test_it_is_shown_nowhere_while_one_of_them_is_private(two, side):
    two.say("alice", "!ir same 2 repeat")
    channel = "#incidents" if side == 1 else OTHER
    two.operators.add("alice")
    two.say("alice", "!ir private on", channel=channel)
    assert (related(two, 1), related(two, 2)) == ([], [])
    two.say("alice", "!ir private off", channel=channel)
    assert (related(two, 1), related(two, 2)) == ([(2, "repeat")], [(1, "repeat")])


def test_the_reports_of_related_incidents_are_written_anew_when_one_becomes_private(two):
    two.say("alice", "!ir same 2 repeat")
    with two.database.write() as session:
        two.adapter.handle(session, two.request("alice", "!ir private on", channel=OTHER), two.now)
        assert changed_incidents(session) == {1, 2}
    with two.database.write() as session:
        due = outbox.rewrites(session)
    assert sorted(each.incident for each in due if each.kind is IntentKind.REWRITE) == [1, 2]
    two.say("alice", "!ir undo", channel=OTHER)
    assert related(two) == [(2, "repeat")]


def test_a_private_incident_of_another_channel_does_not_exist_here(two):
    two.say("alice", "!ir private on", channel=OTHER)
    assert two.say("alice", "!ir same 2") == ["There is no incident 2 here: !ir list shows what there is."]
    assert related(two, 2) == []


def test_in_its_own_channel_it_is_kept_and_hidden(two):
    two.say("alice", "!ir start! third", channel=OTHER)
    two.say("alice", "!ir @2 private on", channel=OTHER)
    (answer,) = two.say("alice", "!ir @3 same 2", channel=OTHER)
    assert answer.endswith("It is shown nowhere while one of them is private.")
    assert two.say("alice", "!ir @2 same", channel=OTHER) == ["2 is private: what it is related to is shown nowhere."]
    assert related(two, 3) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("same 1", "That is this incident itself"),
        ("same 9", "There is no incident 9 here"),
        ("same 2 cousin", "“cousin” is no relation of two incidents"),
        ("same API", "Which one? Type !ir same N"),
        ("same 2 none", "is related to no such incident"),
    ],
)
def test_what_is_no_other_incident_and_no_relation_is_refused(two, line, said):
    expect_refusal(two, "alice", f"!ir {line}", said)


def test_it_needs_one_who_joined_and_goes_on_under_a_final_report(two):
    assert two.say("bob", "!ir same 2") == [denied("same", JOIN)]
    two.operators.add("alice")
    two.say("alice", "!ir close")
    two.say("alice", "!ir final! enough")
    assert two.say("alice", "!ir same 2")[0].startswith("Related now")
    assert two.say("alice", "!ir undo") == [taken_back("the relation to 2")]


def test_who_opened_an_incident_may_still_cancel_it_when_another_was_related_to_it(two):
    two.say("bob", "!ir join")
    two.say("bob", "!ir same 2 duplicate")
    assert two.say("alice", "!ir cancel the same as 1", channel=OTHER)[0].startswith(
        "Incident 2 “slow queries” is cancel"
    )


@pytest.fixture
def config():
    return load(None)
