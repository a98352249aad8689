"""Entries corrected, moved, struck and put back; who may; what their history shows."""

from __future__ import annotations

import pytest

from irscribe.domain.mark import as_typed
from irscribe.domain.prose import without_ping
from irscribe.domain.report import Kind
from tests.replies import fixed, in_private, logged, moved, put_back, struck
from tests.snapshot import refused


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("bob", "!log 11:40 cloudnet1003 is down")
    return talk


@pytest.fixture
def afterwards(talk):
    talk.say("alice", "!ir start 2019-10-07 14:00 wmcs-network")
    talk.say("bob", "!log 2019-10-08 09:00 cloudnet1003 is down")
    return talk


def first(talk):
    return talk.report().timeline[0]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("s/1003/1004/", "cloudnet1004 is down"),
        ("s/1003/1004", "cloudnet1004 is down"),
        ("s|1003|1004|", "cloudnet1004 is down"),
        ("s#1003#1004#", "cloudnet1004 is down"),
        ("s,1003,1004,", "cloudnet1004 is down"),
        ("s/0/9/", "cloudnet1903 is down"),
        ("s/0/9/g", "cloudnet1993 is down"),
        ("s/ is down//", "cloudnet1003"),
        ("s/net.*/x/", None),
        ("cloudnet1004 is slow", "cloudnet1004 is slow"),
        ("2 servers are down", "2 servers are down"),
    ],
)
def test_fix_corrects_the_text(opened, typed, text):
    if text is None:
        assert "cloudnet1003 is down" in refused(opened, "bob", f"!ir fix 2 {typed}")
    else:
        assert opened.say("bob", f"!ir fix 2 {typed}") == [fixed(2, at="11:40")]
        assert first(opened).text == text
        assert first(opened).version == 2


@pytest.mark.parametrize("typed", ["delete 2", "remove 2", "remove #2 twice"])
def test_deleting_strikes_and_says_what_removes_for_good(opened, typed):
    assert opened.say("bob", f"!ir {typed}") == [
        f"{struck(2, at='11:40')} (kept in the record; !ir redact 2 REASON removes it for good)"
    ]
    assert opened.texts() == ["Incident opened."]
    assert opened.say("bob", "!ir strike 2")[0].startswith("#2 is struck already")
    opened.say("bob", "!ir undo")
    assert first(opened).text == "cloudnet1003 is down"


@pytest.mark.parametrize("typed", ["remove 2 jason", "remove #2 Jason", "remove @1 2 jason"])
def test_removing_an_entry_and_a_name_is_refused_with_both_ways(opened, typed):
    opened.say("alice", "!ir add Jason")

    said = refused(opened, "bob", f"!ir {typed}")

    assert as_typed(said).startswith("An entry, or Jason? ")
    assert "!ir strike" in said
    assert "!ir remove Jason to" in as_typed(said)
    assert first(opened).text == "cloudnet1003 is down"
    assert opened.say("bob", "!ir remove 2 jason was here")[0].startswith(struck(2, at="11:40"))


@pytest.mark.parametrize("typed", ["strike 2 3", "remove 2 3", "delete 2 and 3", "strike 2 #3, #4", "strike 2-3 5"])
def test_several_entries_without_a_range_are_refused(opened, typed):
    opened.say("bob", "!log two")

    assert "one at a time" in refused(opened, "bob", f"!ir {typed}")
    assert sorted(opened.texts()) == ["Incident opened.", "cloudnet1003 is down", "two"]


def test_removing_a_name_takes_somebody_off_the_list(opened):
    opened.say("alice", "!ir add Jason")
    assert opened.say("alice", "!ir remove Jason") == ["J\u200bason is off the list."]


@pytest.mark.parametrize("number", ["2", "#2"])
def test_a_number_may_have_a_sign(opened, number):
    assert opened.say("bob", f"!ir fix {number} ~11:30 cloudnet1004 is down") == [fixed(2, at="11:30 (approximately)")]
    assert first(opened).text == "cloudnet1004 is down"


def test_fix_keeps_author_kind_and_moment(opened):
    before = first(opened)
    opened.say("alice", "!ir fix 2 s/1003/1004/")

    after = first(opened)
    assert (after.author, after.kind, after.at, after.recorded_at, after.number) == (
        before.author,
        before.kind,
        before.at,
        before.recorded_at,
        before.number,
    )


def test_fix_may_bring_a_marker_in_and_take_it_out(opened):
    opened.say("bob", "!ir fix 2 OUTAGE BEGINS")
    assert (first(opened).kind, first(opened).marker.phrase) == (Kind.OUTAGE, "OUTAGE BEGINS")

    opened.say("bob", "!ir fix 2 s/OUTAGE BEGINS/all is well/")
    assert (first(opened).kind, first(opened).marker) == (Kind.NOTE, None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!ir fix", "Type !ir fix"),
        ("!ir fix 2", "no text"),
        ("!ir fix two words", "Type !ir fix"),
        ("!ir fix 9 text", "no entry 9"),
        ("!ir fix 2 11:30", "no text"),
        ("!ir fix 2 s//x/", "s/old/new/"),
        ("!ir fix 2 s/cloudnet1003 is down//", "!ir strike 2"),
        ("!ir fix 2 s/1003/1003/", "already"),
        ("!ir fix 2 cloudnet1003 is down", "already"),
        ("!ir fix 2 25:10 x", "25:10"),
        ("!ir move", "Type !ir move"),
        ("!ir move 2", "When?"),
        ("!ir move 2 soon", "When?"),
        ("!ir move 2 11:30 text", "When?"),
        ("!ir move 2 11:40", "already"),
        ("!ir move 2 11:40 CET", "offset"),
        ("!ir move 2 2026-11-23 01:00", "future"),
        ("!ir strike", "Type !ir strike"),
        ("!ir strike 9", "no entry 9"),
        ("!ir strike 2-9", "no entry 3"),
        ("!ir strike 2-1", "no range"),
        ("!ir strike 1-51", "no range"),
        ("!ir strike 1-9999999", "no range"),
        ("!ir unstrike", "Type !ir unstrike"),
        ("!ir unstrike 2", "not struck"),
        ("!ir history", "Type !ir history"),
        ("!ir history 9", "no entry 9"),
        ("!ir timeline x", "Type !ir timeline"),
        ("!ir timeline 0", "How many?"),
        ("!ir outage", "Begins or ends?"),
        ("!ir outage NFS", "Begins or ends?"),
        ("!ir undo", "nothing of yours"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line_and_changes_nothing(opened, line, said):
    assert said in refused(opened, "alice", line)


def test_move_gives_another_time(opened):
    assert opened.say("bob", "!ir move 2 ~11:35") == [moved(2, at="11:35 (approximately)")]
    assert opened.say("bob", "!ir move 2 11:00-11:30") == [moved(2, at="11:00 – 11:30")]
    assert opened.say("bob", "!ir move 2 ??:??") == [moved(2, at="??:??")]
    assert [entry.number for entry in opened.report().timeline] == [1, 2]


def test_a_bare_time_afterwards_stays_on_the_day_of_the_entry(afterwards):
    assert afterwards.say("alice", "!ir move 1 10:00") == [moved(1, at="2019-10-08 10:00")]
    assert afterwards.say("alice", "!ir fix 1 11:00 cloudnet1004 is down") == [fixed(1, at="2019-10-08 11:00")]


def test_strike_takes_out_of_the_report_and_unstrike_puts_back(opened):
    before = opened.report()
    assert opened.say("bob", "!ir strike 2 logged twice") == [struck(2, at="11:40")]
    assert opened.texts() == ["Incident opened."]
    assert "already" in refused(opened, "bob", "!ir strike 2")

    assert opened.say("bob", "!ir unstrike 2") == [put_back(2, at="11:40")]
    assert [each.text for each in before.timeline] == opened.texts()


@pytest.mark.parametrize("spelled", ["2-4", "#2-#4", "2–4", "2 - 4", "2-4 all wrong"])
def test_a_range_is_struck_at_once(opened, spelled):
    opened.say("bob", "!log two")
    opened.say("bob", "!log three")

    assert opened.say("bob", f"!ir strike {spelled}") == ["#2–#4 struck (3 entries)."]
    assert opened.texts() == ["Incident opened."]


def test_a_range_leaves_out_what_is_struck_or_redacted(opened):
    for text in ("two", "three", "four"):
        opened.say("bob", f"!log {text}")
    opened.say("bob", "!ir strike 3")
    opened.say("bob", "!ir redact 4 a password")

    assert opened.say("bob", "!ir strike 2-5 all wrong") == ["#2–#5 struck (2 entries)."]
    assert "already" in refused(opened, "bob", "!ir strike 2-5")


def test_a_range_with_somebody_elses_entry_is_refused_whole(opened):
    opened.say("carol", "!log carol's")
    opened.say("bob", "!log bob's")

    assert f"#3 is {without_ping('carol')}'s" in refused(opened, "bob", "!ir strike 2-4")


@pytest.mark.parametrize(
    "line", ["!ir fix 2 s/1003/1004/", "!ir move 2 11:30", "!ir strike 2", "!ir redact 2 a password"]
)
def test_entries_of_others_need_a_responder(opened, line):
    opened.say("carol", "!ir join")

    said = refused(opened, "carol", line)
    assert "only the incident's opener" in said or "only an operator of the channel may do that." in said


def test_a_responder_may_correct_what_others_logged_and_the_author_stays(opened):
    assert opened.say("alice", "!ir fix 2 s/1003/1004/") == [fixed(2, at="11:40")]
    assert first(opened).author.nick == "bob"


def test_an_author_may_put_back_what_a_responder_struck(opened):
    opened.say("alice", "!ir strike 2 wrong")

    assert opened.say("bob", "!ir unstrike 2") == [put_back(2, at="11:40")]


def test_the_history_says_who_did_what_when_and_wakes_nobody(opened):
    opened.later(seconds=30)
    opened.say("alice", "!ir fix 2 ~11:35 cloudnet1004 is down")
    opened.say("alice", "!ir strike 2 wrong host")
    opened.say("bob", "!ir unstrike 2")

    alice, bob = without_ping("alice"), without_ping("bob")
    now = "2026-11-22 11:35 (approximately) cloudnet1004 is down"
    assert opened.say("carol", "!ir history 2") == [
        f"#2 v1 2026-11-22 12:00:00 {bob}: 2026-11-22 11:40 cloudnet1003 is down",
        f"#2 v2 2026-11-22 12:00:30 {alice}: {now}",
        f"#2 v3 2026-11-22 12:00:30 {alice}: [struck: wrong host] {now}",
        f"#2 v4 2026-11-22 12:00:30 {bob}: {now}",
    ]


def test_a_long_history_is_told_in_private(opened):
    for number in range(5):
        opened.say("bob", f"!ir fix 2 version {number}")
    replies = opened.hear("carol", "!ir history 2")

    assert [reply.to for reply in replies] == ["#incidents"] + ["carol"] * 6


def test_the_timeline_is_told_in_private_latest_last(opened):
    opened.say("bob", "!log 11:50 later")
    replies = opened.hear("carol", "!ir timeline 3")

    assert [(reply.to, reply.text) for reply in replies] == [
        ("#incidents", in_private("The last 3 entries of 1")),
        ("carol", "#2 11:40 cloudnet1003 is down (bob)"),
        ("carol", "#3 11:50 later (bob)"),
        ("carol", "#1 12:00 Incident opened. (alice)"),
    ]


def test_the_timeline_shows_a_decision_as_reports_do(opened):
    opened.say("alice", "!ir decided we roll back")
    assert opened.hear("carol", "!ir timeline 1")[1].text == "#3 12:00 Decided: we roll back (alice)"


def test_the_timeline_shows_days_where_there_are_several(opened):
    opened.later(days=1)
    opened.say("bob", "!log still down")

    replies = opened.hear("carol", "!ir timeline 1")
    assert str(replies[0].text) == in_private("The last entry of 1")
    assert str(replies[1].text) == "#3 2026-11-23 12:00 still down (bob)"
    assert opened.hear("carol", "!ir timeline")[2].text.startswith("#1 2026-11-22 12:00 Incident opened.")


@pytest.mark.parametrize(
    ("typed", "phrase", "scope"),
    [
        ("begins", "OUTAGE BEGINS", None),
        ("starts 11:30", "OUTAGE BEGINS", None),
        ("begins 11:30 NFS", "OUTAGE for NFS BEGINS", "for NFS"),
        ("ENDS 11:30 for most VMs", "OUTAGE for most VMs ENDS", "for most VMs"),
        ("ends", "OUTAGE ENDS", None),
    ],
)
def test_an_outage_is_marked_without_shouting(opened, typed, phrase, scope):
    (answer,) = opened.say("bob", f"!ir outage {typed}")

    assert answer.startswith("#3 ")
    assert phrase in answer
    marker = next(entry.marker for entry in opened.report().timeline if entry.marker)
    assert (marker.phrase, marker.scope) == (phrase, scope)


def test_an_outage_written_down_afterwards_needs_its_time(afterwards):
    assert "`now`" in refused(afterwards, "bob", "!ir outage begins NFS")
    assert afterwards.say("bob", "!ir outage begins 2019-10-07 15:45 NFS") == [
        logged(2, at="2019-10-07 15:45") + ": OUTAGE for NFS BEGINS"
    ]


def test_corrections_of_a_closed_incident_say_so(opened):
    opened.say("alice", "!ir close")

    assert opened.say("bob", "!ir fix 2 s/1003/1004/") == [fixed(2, at="11:40", incident="closed 1")]
    assert opened.say("bob", "!ir strike 2") == [struck(2, at="11:40", incident="closed 1")]


@pytest.mark.parametrize("typed", ["fix 2 s/1003/1004/", "fix 2 11:30 x", "fix 2 x", "move 2 11:30"])
@pytest.mark.parametrize(("taken_out", "said"), [("strike 2", "#2 was struck"), ("undo", "#2 was taken back")])
def test_what_is_out_of_the_report_is_put_back_before_it_is_corrected(opened, taken_out, said, typed):
    opened.say("bob", f"!ir {taken_out}")

    assert refused(opened, "bob", f"!ir {typed}") == f"{said}: !ir unstrike 2 puts it back, then it can be changed."
    assert opened.say("bob", "!ir unstrike 2") == [put_back(2, at="11:40")]
    assert opened.say("bob", f"!ir {typed}")[0].endswith(("fixed", "moved"))


@pytest.mark.parametrize(("taken_out", "said"), [("strike 2", "#2 was struck"), ("undo", "#2 was taken back")])
def test_a_note_that_is_out_of_the_report_is_not_continued(opened, taken_out, said):
    opened.say("bob", f"!ir {taken_out}")

    assert refused(opened, "bob", "!log + since 11:39").startswith(f"{said}: !ir unstrike 2 puts it back")
