"""Undo: this person's last change of any kind in this incident."""

from __future__ import annotations

from dataclasses import replace

import pytest

from irscribe.domain.report import State
from tests.replies import NOTHING_ASKED, TAKEN_BACK, logged, note, taken_back
from tests.snapshot import refused


@pytest.fixture
def opened(talk):
    talk.present = ("alice", "bob", "carol")
    talk.say("alice", "!ir start API returns 500")
    talk.operators.add("alice")
    return talk


def undone(talk, nick, *lines):
    """Say lines, take the last one back; the report is what it was before that one."""
    *earlier, last = lines
    for line in earlier:
        talk.say(nick, line)
    before = shown(talk)
    talk.say(nick, last)
    assert shown(talk) != before, last
    (answer,) = talk.say(nick, "!ir undo")
    assert shown(talk) == before, answer
    return answer


def shown(talk):
    """The report but for the numbers of versions, which only grow, and what was suggested while asking."""
    report = talk.report()
    card = report.scorecard
    if card is not None:
        card = replace(card, answers=tuple(replace(each, suggested=None) for each in card.answers))
    timeline = tuple(replace(each, version=0) for each in report.timeline)
    return replace(report, timeline=timeline, scorecard=card)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["!log a note"], "#2 “a note”"),
        (["!log 11:40 OUTAGE BEGINS"], "#2 “OUTAGE BEGINS”"),
        (["!ir outage begins NFS"], "#2 “OUTAGE for NFS BEGINS”"),
        (["!ir update half is back"], "#2 “half is back”"),
        (["!ir decided we roll back"], "#2 “we roll back”"),
        (["!ir theory a bad deploy"], "#2 “Theory 1: a bad deploy”"),
        (["!ir theory DNS", "!ir theory 1 likely"], "#3 “Theory 1 likely”"),
        (["!ir role comms me"], "the role comms"),
        (["!ir role comms me", "!ir role comms none"], "the end of a role"),
        (["!ir figure users 3.4M"], "figure 1 “users 3.4M”"),
        (["!ir public posted"], "#2 “Public status page updated: posted”"),
        (["!ir status monitoring"], "#2 “Status: monitoring” and status"),
        (["!ir status identified", "!ir status monitoring"], "#3 “Status: monitoring” and status"),
        (["!log one", "!log + two"], "the last change of #2 (“one two”)"),
        (["!log one", "!ir fix 2 s/one/two/"], "the last change of #2 (“two”)"),
        (["!log one", "!ir move 2 11:40"], "the move of #2 to 2026-11-22 11:40"),
        (["!log one", "!ir strike 2 wrong"], "the striking of #2 “one”"),
        (["!log one", "!ir strike 2", "!ir unstrike 2"], "the putting back of #2 “one”"),
        (["!log one", "!log two", "!ir strike 2-3"], "the striking of #2 “one” and the striking of #3 “two”"),
        ([*("!log a", "!log b", "!log c", "!log d", "!log e"), "!ir strike 2-6"], "5 entries (#2 to #6)"),
        (["!ir summary text"], "summary"),
        (["!ir summary text", "!ir summary other"], "summary"),
        (["!ir summary text", "!ir summary + more"], "summary"),
        (["!ir summary text", "!ir summary -"], "summary"),
        (["!ir detection none"], "detection none"),
        (["!ir paged 35 (batphone)"], "paged"),
        (["!ir task T123"], "task"),
        (["!ir sev 2"], "severity"),
        (["!ir title other"], "title"),
        (["!ir start-time 11:30"], "start"),
        (["!ir private on"], "private"),
        (["!ir well rollback"], "well 1 “rollback”"),
        (["!ir well rollback", "!ir well + was quick"], "well 1 “rollback was quick”"),
        (["!ir well rollback", "!ir well > deeper"], "well 2 “deeper”"),
        (["!ir well one", "!ir well > two", "!ir well drop 1"], "well"),
        (["!ir action book @bob T123"], "action 1 “book”"),
        (["!ir action book", "!ir action done 1"], "action 1 (not done again)"),
        (["!ir link https://example.org SAL"], "link 1 “SAL”"),
        (["!ir leave"], "the list of responders"),
        (["!ir focus the database"], "the list of responders"),
        (["!ir add Andrew, Jason"], "the list of responders"),
        (["!ir others + volunteers"], "others"),
        (["!ir ic me"], "the coordinator"),
        (["!ir ic me", "!ir ic bob"], "the coordinator"),
        (["!ir ic none"], "ic none"),
        (["!ir close"], "#2 “Incident closed.” and state"),
        (["!ir close", "!ir reopen"], "“Incident reopened.” and state"),
        (["!ir cancel a test"], "#2 “Incident cancelled: a test” and state"),
        (["!ir close", "!ir score 3 no"], "scorecard answer 3"),
        (["!ir close", "!ir score yyn-y"], "scorecard answers 1 to 5"),
        (["!ir close", "!ir score 3 no", "!ir score! 3 yes"], "scorecard answer 3"),
        (["!ir review"], "document status"),
    ],
)
def test_undo_takes_back_any_change_and_says_what_it_was(opened, lines, said):
    answer = undone(opened, "alice", *lines)

    assert answer.startswith(TAKEN_BACK)
    assert said in answer


def test_a_join_is_taken_back(opened):
    answer = undone(opened, "bob", "!ir join the database")

    assert "the list of responders" in answer


def test_repeated_undo_walks_back_to_the_opening_and_stops_there(opened):
    reports = [shown(opened)]
    for line in ("!log one", "!ir summary text", "!ir fix 2 two", "!ir sev 2", "!ir close", "!ir score 1 yes"):
        opened.say("alice", line)
        reports.append(shown(opened))
    reports.pop()
    while reports:
        opened.say("alice", "!ir undo")
        assert shown(opened) == reports.pop()

    assert "nothing of yours" in refused(opened, "alice", "!ir undo")
    assert "!ir cancel" in refused(opened, "alice", "!ir undo")


def test_undo_is_about_this_person(opened):
    opened.say("bob", "!log bob's")
    opened.say("carol", "!log carol's")

    assert opened.say("bob", "!ir undo") == [taken_back(note(2, "bob's"))]
    assert "carol's" in opened.texts()


def test_undo_is_about_this_incident(opened):
    opened.say("bob", "!log in one")
    opened.say("alice", "!ir start! second")
    opened.say("bob", "!log in two")

    assert opened.say("bob", "!ir undo @1") == [taken_back(note(2, "in one"))]
    assert opened.say("bob", "!ir undo") == [taken_back(note(2, "in two"))]


def test_an_undone_entry_keeps_its_number_and_its_history(opened):
    opened.say("bob", "!log one")
    opened.say("bob", "!ir undo")

    assert opened.say("bob", "!log two") == [logged(3)]
    assert "[struck: taken back]" in opened.say("carol", "!ir history 2")[1]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("!log one", "!ir fix 2 two"),
        ("!log one", "!ir strike 2"),
        ("!log one", "!ir move 2 11:00"),
        ("!ir status monitoring", "!ir status identified"),
    ],
)
def test_undo_is_refused_when_somebody_changed_the_same_thing_since(opened, first, then):
    opened.say("bob", first)
    opened.say("alice", then)

    assert "changed again since" in refused(opened, "bob", "!ir undo")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("!ir summary one", "!ir summary two"),
        ("!ir summary one", "!ir summary -"),
        ("!ir sev 1", "!ir sev 2"),
        ("!ir well one", "!ir well + two"),
        ("!ir action one", "!ir action drop 1"),
        ("!ir join", "!ir leave"),
    ],
)
def test_undo_of_fields_and_items_is_refused_when_changed_since(opened, first, then):
    opened.say("carol", "!ir join")
    opened.say("bob", "!ir join")
    opened.say("bob", first)
    opened.say("carol" if then != "!ir leave" else "bob", then)
    if then == "!ir leave":
        assert opened.say("bob", "!ir undo") == [taken_back("the list of responders")]
    else:
        assert "changed again since" in refused(opened, "bob", "!ir undo")


def test_what_others_did_to_something_else_is_left_alone(opened):
    opened.say("alice", "!ir sev 1")
    opened.say("bob", "!ir join")
    opened.say("bob", "!ir title other")

    opened.say("alice", "!ir undo")
    facts = opened.report().incident
    assert (facts.severity, facts.title) == (None, "other")


def test_undo_of_a_close_asks_nobody_any_longer(opened):
    opened.say("alice", "!ir close")
    opened.say("alice", "!ir undo")

    assert opened.report().incident.state is State.OPEN
    assert opened.say("alice", "yes", channel=None) == [NOTHING_ASKED]
    assert opened.report().scorecard is None


def test_a_redaction_is_for_good(opened):
    opened.say("bob", "!log one")
    opened.say("bob", "!log hunter2")
    opened.say("bob", "!ir redact 3 a password")

    for _ in range(2):
        said = refused(opened, "bob", "!ir undo")
        assert said.startswith("Your last change was the redaction of #3, which cannot be undone: put right by hand")
    opened.say("bob", "!log two")
    assert opened.say("bob", "!ir undo") == [taken_back(note(4, "two"))]
    assert "the redaction of #3" in refused(opened, "bob", "!ir undo")


def test_a_field_that_is_redacted_again_is_no_older_change(opened):
    for line in ("!ir summary hunter2", "!ir redact summary a password") * 2:
        opened.say("alice", line)

    assert "the redaction of summary" in refused(opened, "alice", "!ir undo")


def test_a_redaction_is_no_change_of_anybody_else(opened):
    opened.say("bob", "!log one")
    opened.say("bob", "!log hunter2")
    opened.say("alice", "!ir redact 3 a password")

    assert opened.say("bob", "!ir undo") == [taken_back(note(2, "one"))]


def test_what_is_private_again_is_said(opened):
    opened.say("alice", "!ir private on")
    assert opened.say("alice", "!ir undo") == [taken_back("private") + " Incident 1 is public again."]
    opened.say("alice", "!ir private on")
    opened.say("alice", "!ir private off")
    assert opened.say("alice", "!ir undo") == [taken_back("private") + " Incident 1 is private again."]


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ("", "start-time 11:45", "start (taken from the timeline again)"),
        ("start-time 11:45", "start-time 11:50", "start (2026-11-22 11:45 again)"),
        ("sev 2", "sev 1", "severity (2 again)"),
        ("summary one", "summary two", "summary (“one” again)"),
        ("summary one", "summary + two", "summary (“one” again)"),
        ("", "metrics none", "metrics none"),
        ("task T1", "task T2", "task"),
    ],
)
def test_what_a_field_holds_again_is_said(opened, first, then, said):
    for line in filter(None, (first, then)):
        opened.say("alice", f"!ir {line}")
    assert opened.say("alice", "!ir undo") == [taken_back(said)]


def test_an_undo_is_not_undone(opened):
    opened.say("bob", "!log one")
    opened.say("bob", "!ir undo")

    assert "nothing of yours" in refused(opened, "bob", "!ir undo")


def test_a_refused_line_is_nothing_to_take_back(opened):
    opened.say("bob", "!log one")
    opened.say("bob", "!log 25:10 x")

    assert opened.say("bob", "!ir undo") == [taken_back(note(2, "one"))]


def test_undo_follows_a_person_through_a_change_of_nick(opened):
    opened.say("bob", "!log one")
    opened.rename("bob", "bob|away")
    opened.accounts["bob|away"] = None
    (answer,) = opened.say("bob|away", "!ir undo", person=replaced(opened.person("bob"), "bob|away"))

    assert answer == taken_back(note(2, "one"))


def replaced(person, nick):
    return type(person)(nick=nick, user=person.user, host=person.host, account=person.account)
