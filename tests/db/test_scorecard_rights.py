"""People who no longer see the incident, or have lost the right to answer its scorecard, are asked no more."""

from __future__ import annotations

import pytest

from irscribe.domain.report import AnswerValue
from tests.replies import NOT_UNDERSTOOD, NOTHING_ASKED
from tests.snapshot import kept_texts
from tests.talk import Talk

ELSEWHERE = {"channel": None, "shared": ("#elsewhere",)}


@pytest.fixture
def talk(tmp_path):
    talk = Talk(tmp_path)
    talk.present = ("alice", "carol")
    talk.say("alice", "!ir start leaked key")
    talk.say("carol", "!ir join")
    yield talk
    talk.database.close()


@pytest.fixture
def private(talk):
    talk.say("alice", "!ir private on")
    talk.say("carol", "!ir score")
    return talk


def given(talk):
    card = talk.report().scorecard
    return {row.number: row.answer for row in card.answers if row.answer} if card else {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("yes, and a note", NOTHING_ASKED),
        ("back", NOTHING_ASKED),
        ("stop", NOTHING_ASKED),
        ("what is this", NOT_UNDERSTOOD),
    ],
)
def test_who_is_taken_off_a_private_incident_is_asked_nothing_and_their_words_are_not_kept(private, line, said):
    private.say("alice", "!ir remove carol")
    assert private.say("carol", line, **ELSEWHERE) == [said]
    assert given(private) == {}
    assert line not in kept_texts(private)
    assert "There is no incident" in private.say("carol", "!ir score @1", **ELSEWHERE)[0]


def test_who_is_added_again_is_asked_only_once_they_say_so(private):
    private.say("alice", "!ir remove carol")
    private.hear("carol", "yes", **ELSEWHERE)
    private.say("alice", "!ir add carol")
    assert private.say("carol", "yes", **ELSEWHERE) == [NOTHING_ASKED]


def test_who_is_taken_off_a_private_incident_is_asked_nothing_by_what_others_do(private):
    private.say("alice", "!ir remove carol")
    for line in ("!ir score 1 yes", "!ir score", "!ir scorecard wikimedia-2021", "!ir close"):
        assert all(each.to != "carol" for each in private.hear("alice", line)), line


def test_who_is_taken_off_a_private_incident_is_asked_about_another_at_once(private):
    private.say("alice", "!ir remove carol")
    private.say("carol", "!ir start slow", channel="#elsewhere")
    replies = private.hear("carol", "!ir score", channel="#elsewhere")
    assert str(replies[0].text) == "I ask you in private, from question 1 on."


def test_who_answers_while_the_incident_becomes_private_is_heard_no_more(talk):
    talk.operators = {"bob"}
    talk.say("bob", "!ir score")
    assert talk.say("bob", "yes", channel=None)[0].startswith("2/")
    talk.say("alice", "!ir private on")
    assert talk.say("bob", "yes", channel=None) == [NOTHING_ASKED]
    assert given(talk) == {1: AnswerValue.YES}


def test_a_private_scorecard_is_asked_only_those_who_work_on_it(private):
    private.operators = {"bob"}
    refusal = "I ask about a private incident only who works on it: join first with !ir join."
    assert str(private.hear("bob", "!ir score")[0].text) == refusal
    replies = private.hear("bob", "!ir close")
    assert all(each.to != "bob" for each in replies)
    assert str(replies[0].text).endswith("!ir score asks the scorecard.")


@pytest.mark.parametrize(("who", "line"), [("carol", "!ir leave"), ("alice", "!ir remove carol")])
def test_who_is_on_a_public_incident_no_more_is_told_so_once(talk, who, line):
    talk.say("carol", "!ir score")
    talk.say(who, line)
    assert talk.say("carol", "yes", channel=None) == [
        "I ask you no more about 1 “leaked key”, and this is no answer to it: join first with !ir join."
    ]
    assert talk.say("carol", "yes", channel=None) == [NOTHING_ASKED]
    assert given(talk) == {}


def test_an_operator_goes_on_in_private_where_nobody_sees_the_sign(talk):
    talk.operators = {"bob"}
    talk.say("bob", "!ir close")
    assert talk.say("bob", "yes", channel=None, operator=False)[0].startswith("2/")


def test_an_answer_on_its_way_is_not_taken_for_the_next_question(talk):
    talk.say("alice", "!ir close")
    talk.say("carol", "!ir score 1 no")
    talk.later(seconds=1)
    said = talk.say("alice", "yes, they were all new", channel=None)
    assert said[0] == "carol has just answered what I asked you before, so yours is not taken. Now this one:"
    assert said[1].startswith("2/")
    assert given(talk) == {1: AnswerValue.NO}
    talk.later(seconds=3)
    assert talk.say("alice", "yes", channel=None)[0].startswith("3/")
    assert given(talk) == {1: AnswerValue.NO, 2: AnswerValue.YES}


def test_an_answer_to_another_question_stands_in_nobodys_way(talk):
    talk.say("alice", "!ir close")
    talk.say("carol", "!ir score 7 no")
    assert talk.say("alice", "yes", channel=None)[0].startswith("2/")
