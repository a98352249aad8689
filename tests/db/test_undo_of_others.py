"""Undo where somebody else has been at work since: it takes nothing of theirs along, and needs the same right again."""

from __future__ import annotations

import pytest

from irscribe.domain.prose import without_ping
from irscribe.domain.report import State
from tests.replies import note, taken_back, taken_in
from tests.snapshot import refused


@pytest.fixture
def opened(talk):
    talk.present = ("alice", "bob")
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir add bob")
    return talk


def test_a_bullet_that_others_put_something_under_is_not_taken_back(opened):
    opened.say("alice", "!ir well A")
    opened.say("bob", "!ir well > B")

    assert "!ir well drop 1" in refused(opened, "alice", "!ir undo")


def test_a_bullet_is_taken_back_once_what_stood_under_it_is(opened):
    opened.say("alice", "!ir well A")
    opened.say("bob", "!ir well > B")
    opened.say("bob", "!ir undo")

    assert opened.say("alice", "!ir undo") == [taken_back("well 1 “A”")]


@pytest.mark.parametrize("does", ["!ir close", "!ir sev 2", "!ir strike 2", "!ir well A"])
def test_who_may_no_longer_do_it_may_not_take_it_back(opened, does):
    opened.say("alice", "!log a note")
    opened.say("bob", does)
    opened.say("alice", "!ir remove bob")

    assert refused(opened, "bob", "!ir undo").startswith(("!ir undo: ", f"#2 is {without_ping('alice')}"))


def test_who_removed_themselves_may_take_that_back(opened):
    opened.say("bob", "!ir remove bob")

    assert opened.say("bob", "!ir undo") == [taken_back("the list of responders")]


@pytest.mark.parametrize(
    ("does", "others"),
    [
        ("!ir sev 2", ["!ir sev 3", "!ir sev 2"]),
        ("!ir summary slow", ["!ir summary -", "!ir summary slow"]),
        ("!ir strike 2", ["!ir unstrike 2", "!ir strike 2"]),
        ("!ir fix 2 other words", ["!ir fix 2 third words", "!ir fix 2 other words"]),
        ("!ir close", ["!ir reopen", "!ir close"]),
    ],
)
def test_what_others_changed_back_to_the_same_is_theirs_now(opened, does, others):
    opened.say("bob", "!log a note")
    opened.say("bob", does)
    for line in others:
        opened.say("alice", line)

    assert "changed again since" in refused(opened, "bob", "!ir undo")


def test_what_others_took_back_themselves_stands_in_nobodys_way(opened):
    opened.say("bob", "!ir sev 2")
    opened.say("alice", "!ir sev 3")
    opened.say("alice", "!ir undo")

    assert opened.say("bob", "!ir undo") == [taken_back("severity", again="")]


def test_a_note_that_its_author_took_back_is_not_taken_in_again(talk):
    talk.say("bob", "!log kept")
    talk.say("bob", "!log kept too")
    talk.say("alice", "!ir start slow")
    talk.say("alice", "!ir adopt")
    talk.say("bob", "!ir undo")

    assert talk.say("alice", "!ir undo") == [taken_back(note(2, "kept"), "the waiting notes")]
    assert talk.say("alice", "!ir adopt") == [taken_in(4)]
    assert talk.texts() == ["Incident opened.", "kept"]


def test_text_behind_undo_is_refused_so_that_a_cut_one_is_not_done_twice(opened):
    opened.say("bob", "!log one")
    opened.say("bob", "!log two")
    opened.say("bob", f"!ir undo {'x' * 420}")

    assert "Nothing belongs behind undo" in opened.say("bob", "and the rest")[0]
    assert opened.texts() == ["Incident opened.", "one", "two"]


def test_a_close_can_be_taken_back_by_who_still_may(opened):
    opened.say("bob", "!ir close")
    opened.say("bob", "!ir undo")

    assert opened.report().incident.state is State.OPEN


def test_a_bullet_that_somebody_has_dropped_since_is_not_taken_back(opened):
    opened.say("alice", "!ir well A")
    opened.say("alice", "!ir well fix 1 B")
    opened.say("bob", "!ir well drop 1")

    assert "changed again since" in refused(opened, "alice", "!ir undo")


@pytest.mark.parametrize("back", [("bob", "!ir join again"), ("alice", "!ir add bob"), ("alice", "!ir add BOB")])
def test_who_is_back_on_the_list_is_not_put_there_twice(opened, back):
    opened.present = ("bob",) if back[1] != "!ir add BOB" else ()
    opened.say("bob", "!ir join")
    opened.say("dave", "!ir join")
    opened.operators = {"dave"}
    opened.say("dave", "!ir remove bob")
    opened.say(*back)

    assert "the list of responders, and it was changed again since" in refused(opened, "dave", "!ir undo")
    assert len([each for each in opened.report().metadata.responders if each.name.lower() == "bob"]) == 1


def test_a_removal_is_taken_back_once_the_return_to_the_list_is(opened):
    opened.say("bob", "!ir join")
    opened.say("alice", "!ir remove bob")
    opened.say("bob", "!ir join again")
    opened.say("bob", "!ir undo")

    assert opened.say("alice", "!ir undo") == [taken_back("the list of responders")]
