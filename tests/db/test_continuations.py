"""`!log +` and `!log +|`: going on with the note typed last."""

from __future__ import annotations

import pytest

from irscribe.domain.mark import as_typed
from tests.replies import continued
from tests.snapshot import record, refused


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("bob", "!log 11:40 it broke")
    return talk


def test_plus_joins_with_a_blank(opened):
    assert opened.say("bob", "!log + and stayed broken") == [continued(2, at="11:40")]
    assert opened.texts()[0] == "it broke and stayed broken"


def test_plus_bar_begins_a_line(opened):
    assert opened.say("bob", "!note +| and stayed broken") == [continued(2, at="11:40")]
    assert opened.texts()[0] == "it broke\nand stayed broken"


def test_each_person_goes_on_with_their_own_note(opened):
    opened.say("carol", "!log 11:41 me too")
    opened.say("bob", "!log + for bob")
    opened.say("carol", "!log + for carol")

    assert opened.texts()[:2] == ["it broke for bob", "me too for carol"]


def test_a_continuation_is_gone_on_with(opened):
    opened.say("bob", "!log + once")
    opened.later(minutes=29)
    opened.say("bob", "!log + twice")
    opened.later(minutes=29)

    assert opened.say("bob", "!log + thrice") == [continued(2, at="11:40")]
    assert opened.texts()[0] == "it broke once twice thrice"


def test_a_note_of_thirty_minutes_ago_is_gone_on_with_and_an_older_one_is_not(opened):
    opened.later(minutes=30)
    assert opened.say("bob", "!log + in time") == [continued(2, at="11:40")]
    opened.later(minutes=30, seconds=1)

    assert "30 minutes" in refused(opened, "bob", "!log + too late")


def test_a_refused_note_is_not_gone_on_with(opened):
    refused(opened, "bob", "!log 25:10 nonsense")

    assert "refused" in refused(opened, "bob", "!log + more nonsense")
    assert opened.texts()[0] == "it broke"


def test_a_refused_continuation_does_not_hide_the_note_before(opened):
    refused(opened, "bob", "!log +")

    assert opened.say("bob", "!log + and stayed broken") == [continued(2, at="11:40")]


def test_asking_for_help_does_not_hide_the_note_before(opened):
    opened.say("bob", "!log help")

    assert opened.say("bob", "!log + and stayed broken") == [continued(2, at="11:40")]


def test_a_struck_note_is_not_gone_on_with(opened):
    opened.say("alice", "!ir strike 2 wrong")

    assert "#2" in refused(opened, "bob", "!log + more")


def test_a_redacted_note_is_not_gone_on_with(opened):
    opened.say("bob", "!ir redact 2 held a password")

    assert "#2" in refused(opened, "bob", "!log + more")


def test_a_note_taken_back_is_not_gone_on_with(opened):
    opened.say("bob", "!ir undo")

    assert "#2" in refused(opened, "bob", "!log + more")


def test_who_has_logged_nothing_has_nothing_to_go_on_with(opened):
    assert "no note" in refused(opened, "carol", "!log + more")


def test_a_status_update_is_no_note_to_go_on_with(opened):
    opened.say("bob", "!ir update half is back")

    assert opened.say("bob", "!log + and stayed broken") == [continued(2, at="11:40")]


def test_a_note_in_another_channel_is_not_gone_on_with(opened):
    assert "no note" in refused(opened, "bob", "!log + more", channel="#elsewhere")


def test_a_continuation_goes_where_the_note_went(opened):
    opened.say("alice", "!ir start! second")

    assert opened.say("bob", "!log + and stayed broken") == [continued(2, at="11:40", incident=1)]


def test_a_note_of_an_incident_that_was_closed_since_is_gone_on_with_and_says_so(opened):
    opened.say("alice", "!ir close")

    assert opened.say("bob", "!log + and stayed broken") == [continued(2, at="11:40", incident="closed 1")]


def test_an_outage_may_begin_in_a_continuation(opened):
    opened.say("bob", "!log + OUTAGE BEGINS")

    assert opened.report().timeline[0].marker.phrase == "OUTAGE BEGINS"


def test_the_history_shows_every_version(opened):
    opened.later(minutes=1)
    opened.say("bob", "!log + and stayed broken")

    assert [as_typed(each) for each in opened.say("carol", "!ir history 2")] == [
        "#2 v1 2026-11-22 12:00:00 bob: 2026-11-22 11:40 it broke",
        "#2 v2 2026-11-22 12:01:00 bob: 2026-11-22 11:40 it broke and stayed broken",
    ]


def test_a_continuation_heard_twice_is_taken_once(opened):
    opened.say("bob", "!log + once", msgid="same")
    before = record(opened)

    assert opened.say("bob", "!log + once", msgid="same") == []
    assert record(opened) == before


def test_a_continuation_may_name_the_incident_of_the_note(opened):
    assert opened.say("bob", "!log @1 + and stayed broken") == [continued(2, at="11:40")]


def test_a_continuation_for_another_incident_than_the_note_is_refused(opened):
    opened.say("alice", "!ir start! second")

    assert "in 1" in refused(opened, "bob", "!log @2 + more")


def test_a_note_kept_after_one_typed_in_private_is_the_last_one(opened):
    opened.say("alice", "!log hello", channel=None)
    opened.say("alice", "!ir close")
    opened.say("alice", "!log second", channel=None)

    assert "so does this one" in opened.say("alice", "!log + goes on", channel=None)[0]
    assert "hello" in opened.texts()


def test_a_kept_note_is_gone_on_with_once_it_is_taken_in(talk):
    talk.say("alice", "!log kept")
    talk.say("alice", "!ir start slow")
    (answer,) = talk.say("alice", "!log + more")

    assert answer == "Your last note waits to be taken in, and so does this one: !ir adopt takes both."
    talk.say("alice", "!ir adopt")
    assert talk.texts() == ["Incident opened.", "kept more"]
