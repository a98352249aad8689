"""Notes typed while nothing was open, and what becomes of them."""

from __future__ import annotations

import pytest

from irscribe.domain.report import Kind
from tests.replies import continued, note, taken_back, taken_in
from tests.snapshot import record, refused


@pytest.fixture
def waiting(talk):
    """Three notes by two people, ten minutes apart; nothing is open."""
    for nick, line in (("bob", "!log one"), ("carol", "!note 11:30 two"), ("bob", "!log three")):
        refused(talk, nick, line)
        talk.later(minutes=10)
    return talk


def times(talk, number=1):
    return {
        entry.text: (f"{entry.at:%H:%M}", entry.author.nick)
        for entry in talk.report(number).timeline
        if entry.kind is not Kind.LIFECYCLE
    }


def test_a_note_is_refused_and_kept_while_nothing_is_open(talk):
    assert refused(talk, "bob", "!log one") == (
        "No incident is open here; your line is kept for an hour: "
        "!ir start TITLE opens one, !ir adopt then takes it in."
    )


def test_the_opening_says_how_many_wait(waiting):
    assert "3 notes" in waiting.say("alice", "!ir start slow")[0]


def test_adopt_takes_all_in_with_their_own_times_and_authors(waiting):
    waiting.say("alice", "!ir start slow")

    assert waiting.say("alice", "!ir adopt") == [taken_in(2, 3, 4)]
    assert times(waiting) == {"one": ("12:00", "bob"), "two": ("11:30", "carol"), "three": ("12:20", "bob")}
    assert "No notes wait" in refused(waiting, "alice", "!ir adopt")


@pytest.mark.parametrize(
    ("typed", "texts"), [("-20m", {"two", "three"}), ("-15m", {"three"}), ("1", {"three"}), ("2", {"two", "three"})]
)
def test_adopt_may_take_only_the_last_ones_and_the_others_still_wait(waiting, typed, texts):
    waiting.say("alice", "!ir start slow")
    waiting.say("alice", f"!ir adopt {typed}")
    assert set(times(waiting)) == texts

    waiting.say("alice", "!ir adopt")
    assert set(times(waiting)) == {"one", "two", "three"}


def test_adopt_none_discards_them(waiting):
    waiting.say("alice", "!ir start slow")

    assert waiting.say("alice", "!ir adopt none") == ["3 waiting notes discarded."]
    assert "No notes wait" in refused(waiting, "alice", "!ir adopt")


def test_after_an_hour_they_wait_no_longer(waiting):
    waiting.later(minutes=31)
    assert "2 notes" in waiting.say("alice", "!ir start slow")[0]

    assert waiting.say("alice", "!ir adopt") == [taken_in(2, 3)]


@pytest.mark.parametrize("typed", ["all", "0", "-20m please", "11:60", "-5"])
def test_what_cannot_be_adopted_is_refused(waiting, typed):
    waiting.say("alice", "!ir start slow")

    refused(waiting, "alice", f"!ir adopt {typed}")


def test_adopting_needs_one_who_joined(waiting):
    waiting.say("alice", "!ir start slow")

    assert "!ir join" in refused(waiting, "dave", "!ir adopt")


def test_nothing_is_adopted_into_a_closed_incident(waiting):
    waiting.say("alice", "!ir start slow")
    waiting.say("alice", "!ir close")

    assert "closed" in refused(waiting, "alice", "!ir adopt")


def test_notes_wait_beside_a_closed_incident_too(talk):
    talk.say("alice", "!ir start slow")
    talk.say("alice", "!ir close")
    assert "kept for an hour" in refused(talk, "bob", "!log slow again")
    talk.say("alice", "!ir start slow again")

    assert talk.say("alice", "!ir adopt") == [taken_in(2)]


def test_continuations_go_on_with_what_they_were_typed_for(talk):
    refused(talk, "bob", "!log one")
    refused(talk, "carol", "!log two")
    assert "kept for an hour" in refused(talk, "bob", "!log + and more")
    refused(talk, "carol", "!log +| below")
    talk.say("alice", "!ir start slow")

    assert talk.say("alice", "!ir adopt") == [taken_in(2, 3, notes=4)]
    assert set(times(talk)) == {"one and more", "two\nbelow"}


def test_a_continuation_brings_its_note_along(talk):
    refused(talk, "bob", "!log one")
    talk.later(minutes=5)
    refused(talk, "bob", "!log + and more")
    talk.say("alice", "!ir start slow")

    talk.say("alice", "!ir adopt 1")
    assert set(times(talk)) == {"one and more"}


def test_text_that_begins_with_a_plus_is_a_note(talk):
    refused(talk, "bob", "!log +20% latency")
    talk.say("alice", "!ir start 2019-10-07 14:00 wmcs")

    talk.say("alice", "!ir adopt")
    assert set(times(talk)) == {"+20% latency"}


def test_the_author_goes_on_with_an_adopted_note(talk):
    refused(talk, "bob", "!log one")
    talk.say("alice", "!ir start slow")
    talk.say("alice", "!ir adopt")

    assert talk.say("bob", "!log + and more") == [continued(2)]


def test_a_discarded_note_is_not_gone_on_with(talk):
    talk.say("alice", "!ir start slow")
    talk.say("bob", "!log before")
    talk.say("alice", "!ir close")
    refused(talk, "bob", "!log one")
    talk.say("alice", "!ir start slow again")
    talk.say("alice", "!ir adopt none")

    assert "discarded" in refused(talk, "bob", "!log + and more")


def test_what_cannot_be_read_is_left_out_by_name_and_waits_on(talk):
    refused(talk, "bob", "!log one")
    refused(talk, "bob", "!log 25:10 two")
    talk.say("alice", "!ir start slow")

    (answer,) = talk.say("alice", "!ir adopt")
    assert answer.startswith(taken_in(2) + " “25:10 two” is left out: 25:10 is no time")
    assert set(times(talk)) == {"one"}


def test_only_refused_ones_waiting_takes_nothing_in(talk):
    refused(talk, "bob", "!log 25:10 two")
    talk.say("alice", "!ir start slow")
    before = record(talk)

    assert talk.say("alice", "!ir adopt")[0].startswith("No note taken in. “25:10 two” is left out")
    assert record(talk) == before


def test_adopt_goes_where_it_is_told(waiting):
    waiting.say("alice", "!ir start slow")
    waiting.say("alice", "!ir start! slower")

    assert waiting.say("alice", "!ir adopt @1 1") == [taken_in(2)]
    assert set(times(waiting, 1)) == {"three"}


def test_adopt_in_private_takes_in_what_waits_in_the_channel(waiting):
    waiting.say("alice", "!ir start slow")

    assert waiting.say("alice", "!ir adopt", channel=None) == [taken_in(2, 3, 4)]


def test_undo_puts_adopted_notes_back_to_wait(waiting):
    waiting.say("alice", "!ir start slow")
    waiting.say("alice", "!ir adopt")

    (answer,) = waiting.say("alice", "!ir undo")
    assert answer == taken_back(note(2, "one"), note(3, "two"), note(4, "three"), "the waiting notes")
    assert times(waiting) == {}
    assert waiting.say("alice", "!ir adopt") == [taken_in(5, 6, 7)]
    waiting.say("alice", "!ir undo")
    assert times(waiting) == {}


def test_undo_puts_discarded_notes_back_to_wait(waiting):
    waiting.say("alice", "!ir start slow")
    waiting.say("alice", "!ir adopt none")
    waiting.say("alice", "!ir undo")

    assert waiting.say("alice", "!ir adopt") == [taken_in(2, 3, 4)]


def test_an_author_may_take_an_adopted_note_back(waiting):
    waiting.say("alice", "!ir start slow")
    waiting.say("alice", "!ir adopt")

    assert waiting.say("carol", "!ir undo") == [taken_back(note(3, "two"))]


def test_notes_of_another_channel_do_not_wait_here(talk):
    refused(talk, "bob", "!log one", channel="#elsewhere")
    assert "note" not in talk.say("alice", "!ir start slow")[0]

    assert "No notes wait" in refused(talk, "alice", "!ir adopt")


def test_many_adopted_notes_are_named_as_a_range(talk):
    for number in range(30):
        refused(talk, "bob", f"!log note {number}")
    talk.say("alice", "!ir start slow")

    assert talk.say("alice", "!ir adopt") == ["30 notes taken in: #2–#31."]


def test_a_note_in_private_waits_for_the_channel_one_is_in(talk):
    assert "kept for an hour" in refused(talk, "bob", "!log one", channel=None)
    assert "1 note" in talk.say("alice", "!ir start slow")[0]

    assert talk.say("alice", "!ir adopt") == [taken_in(2)]


def test_a_note_in_private_of_somebody_in_two_channels_is_not_kept(talk):
    assert "kept" not in refused(talk, "bob", "!log one", channel=None, shared=("#incidents", "#elsewhere"))
    assert "note" not in talk.say("alice", "!ir start slow")[0]


def test_a_note_that_is_left_out_is_quoted_without_what_nobody_sees(talk):
    refused(talk, "bob", "!log one")
    refused(talk, "bob", "!log 25:10 a\tb \u202eesrever\x0304")
    talk.say("alice", "!ir start slow")

    assert "“25:10 a b esrever” is left out" in talk.say("alice", "!ir adopt")[0]
