"""A person types lines in a channel, and the bot answers."""

from __future__ import annotations

from tests.replies import logged, note, taken_back, taken_in


def test_a_note_is_acknowledged_with_its_number_and_time(talk):
    talk.say("alice", "!ir start API returns 500")

    assert talk.say("alice", "!log 11:45 OUTAGE BEGINS") == [logged(2, at="11:45")]


def test_a_note_is_refused_and_kept_when_no_incident_is_open(talk):
    refusal = talk.say("alice", "!log the site is slow")
    opening = talk.say("bob", "!ir start slow site")
    adopted = talk.say("bob", "!ir adopt")

    assert "kept" in refusal[0]
    assert "1 note" in opening[0]
    assert adopted == [taken_in(2)]
    assert talk.texts() == ["the site is slow", "Incident opened."] or talk.texts() == [
        "Incident opened.",
        "the site is slow",
    ]


def test_the_last_change_is_taken_back_whatever_it_was(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir summary one")
    talk.say("alice", "!ir summary two")
    talk.say("alice", "!log a note")

    assert talk.say("alice", "!ir undo") == [taken_back(note(2, "a note"))]
    assert talk.say("alice", "!ir undo") == [taken_back("summary", again="one")]
    assert talk.report().summary == "one"
    assert talk.texts() == ["Incident opened."]
