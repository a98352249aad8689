"""The scorecard: asked in private, answered from the channel, resumed by whoever goes on with it."""

from __future__ import annotations

import pytest

from irscribe.adapter import Adapter
from irscribe.domain.report import AnswerValue
from tests.organisations import wikimedia
from tests.replies import JOIN, NEITHER, NOT_UNDERSTOOD, NOTHING_ASKED, logged
from tests.snapshot import expect_refusal, refused
from tests.talk import CHANNEL, Talk

YES, NO, NOT_APPLICABLE = AnswerValue.YES, AnswerValue.NO, AnswerValue.NOT_APPLICABLE


@pytest.fixture
def open_talk(tmp_path):
    talk = Talk(tmp_path, config=wikimedia())
    talk.say("alice", "!ir start API returns 500")
    yield talk
    talk.database.close()


@pytest.fixture
def talk(open_talk):
    open_talk.say("alice", "!ir close")
    return open_talk


@pytest.fixture
def reference(talk):
    """The 2021 questionnaire, which scores some questions for *no*."""
    talk.say("alice", "!ir scorecard wikimedia-2021")
    return talk


def rows(talk):
    return {each.number: each for each in talk.report().scorecard.answers}


def given(talk):
    return {number: row.answer for number, row in rows(talk).items() if row.answer is not None}


def answer(talk, *texts, nick="alice"):
    """Type answers in private; what is said to the last one."""
    said = []
    for text in texts:
        said = talk.say(nick, text, channel=None)
    return said


def number_of(said):
    return said[-1].split("/")[0]


def test_there_is_no_scorecard_before_the_close(open_talk):
    assert open_talk.report().scorecard is None
    assert open_talk.say("alice", "!ir scorecard") == [
        "The scorecard of 1 (wikimedia-2024) has no answers yet: !ir score asks it."
    ]
    open_talk.say("alice", "!ir scorecard wikimedia-2021")
    open_talk.say("alice", "!ir score")
    assert open_talk.report().scorecard is None
    open_talk.say("alice", "!ir close")
    assert open_talk.report().scorecard.version == "wikimedia-2021"


def test_the_first_answer_may_come_before_the_close(open_talk):
    open_talk.say("alice", "!ir score 3 no")
    assert given(open_talk) == {3: NO}


def test_closing_asks_who_closed_the_first_question_in_private(open_talk):
    replies = open_talk.hear("alice", "!ir close")
    assert str(replies[0].text).endswith("I ask a\u200blice the scorecard in private.")
    assert [each.to for each in replies] == [CHANNEL, "alice", "alice", CHANNEL]
    assert str(replies[1].text) == (
        "Scorecard of 1 “API returns 500”, 15 questions: "
        "answer yes, no, n/a, skip, back or stop; words after it are the note."
    )
    assert str(replies[2].text).startswith("1/15 People: Were the people responding to this incident")


def test_closing_asks_the_coordinator_where_there_is_one(open_talk):
    open_talk.present = ("bob",)
    open_talk.say("alice", "!ir ic bob")
    replies = open_talk.hear("alice", "!ir close")
    assert [each.to for each in replies[1:]] == ["bob", "bob", CHANNEL]
    assert number_of(answer(open_talk, "yes", nick="bob")) == "2"
    assert answer(open_talk, "yes", nick="alice") == [NOTHING_ASKED]


def test_answers_are_stored_at_once_with_their_notes(talk):
    assert number_of(answer(talk, "no, IC started 40 minutes after the first page")) == "2"
    assert (rows(talk)[1].answer, rows(talk)[1].notes) == (NO, "IC started 40 minutes after the first page")
    answer(talk, "n/a")
    assert given(talk) == {1: NO, 2: NOT_APPLICABLE}


def test_some_questions_score_for_no(reference):
    reference.say("alice", "!ir score ynn")
    assert [rows(reference)[number].score for number in (1, 2, 3, 4)] == [1, 0, 1, None]
    assert reference.report().scorecard.total == 2


def test_a_question_may_be_skipped_and_gone_back_to(talk):
    assert number_of(answer(talk, "yes", "skip")) == "3"
    assert number_of(answer(talk, "back")) == "2"
    assert number_of(answer(talk, "no")) == "3"
    assert given(talk) == {1: YES, 2: NO}


def test_there_is_nothing_before_the_first_question(talk):
    assert answer(talk, "back") == ["That was the first question: answer it, or say skip or stop."]


def test_going_back_overwrites_an_answer(talk):
    assert number_of(answer(talk, "yes", "back", "no")) == "2"
    assert given(talk) == {1: NO}


def test_what_is_no_answer_is_refused_in_private_only_while_a_question_is_open(talk):
    assert answer(talk, "maybe") == [NEITHER]
    answer(talk, "stop")
    assert answer(talk, "maybe") == [NOT_UNDERSTOOD]
    assert answer(talk, "yes") == [NOTHING_ASKED]
    assert given(talk) == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("help strike", "!ir strike N"),
        ("Status", "1 “API returns 500”"),
        ("ir: status?", "1 “API returns 500”"),
        ("irscribe: status", "1 “API returns 500”"),
        ("!ir status", "1 “API returns 500”"),
        ("log now it is over", logged(3, incident="closed 1")),
        ("score 1 yes, at once", "Question 1: yes."),
        ("stauts", "There is no !ir stauts: did you mean !ir status?"),
        ("yesterday it was worse", NEITHER),
        ("y", NEITHER),
        ("na", NEITHER),
        ("- nobody was paged", NEITHER),
        ("!yes", "There is no !ir yes"),
    ],
)
def test_while_a_question_is_open_every_line_but_an_answer_is_a_command(talk, typed, said):
    assert answer(talk, typed)[0].startswith(said)
    assert given(talk) == ({1: YES} if typed.startswith("score") else {})
    assert number_of(answer(talk, "skip")) in {"2", "3"}


@pytest.mark.parametrize("word", ["yes", "No", "n/a", "N/A."])
@pytest.mark.parametrize("prefix", ["", "irscribe: ", "irscribe, "])
@pytest.mark.parametrize("note", ["", ", status was known", " - log it", " help"])
def test_an_answer_with_a_note_is_an_answer_whatever_the_note_says(talk, word, prefix, note):
    assert number_of(answer(talk, f"{prefix}{word}{note}")) == "2"
    assert list(given(talk)) == [1]


def test_a_long_answer_that_a_client_cut_in_two_is_one(talk):
    note = "x" * 400
    assert talk.hear("alice", f"no, {note}", channel=None) == []
    assert [str(each.text)[:2] for each in talk.hear("alice", "status was unknown, too", channel=None)] == ["2/"]
    assert rows(talk)[1].notes == f"{note} status was unknown, too"


def test_bare_words_in_the_channel_are_no_answers(talk):
    assert talk.say("alice", "yes") == []
    assert given(talk) == {}


def test_words_of_somebody_who_is_not_asked_are_no_answers(talk):
    assert answer(talk, "yes", nick="bob") == [NOTHING_ASKED]
    assert given(talk) == {}


def test_a_stopped_scorecard_goes_on_where_it_was_left(talk):
    assert answer(talk, "yes", "yes", "stop") == ["Stopped. !ir score @1 goes on where you left it."]
    replies = talk.hear("alice", "!ir score")
    assert str(replies[0].text) == "I ask you in private, from question 3 on."
    assert number_of([str(each.text) for each in replies]) == "3"


def test_a_scorecard_goes_on_after_a_restart(talk):
    answer(talk, "yes")
    talk.adapter = Adapter(talk.application)
    assert number_of(answer(talk, "no")) == "3"
    assert given(talk) == {1: YES, 2: NO}


def test_another_person_goes_on_with_a_scorecard(talk):
    answer(talk, "yes", "yes")
    talk.say("bob", "!ir join")
    replies = talk.hear("bob", "!ir score")
    assert ("alice", "bob goes on with the scorecard of 1.") in [(each.to, each.text) for each in replies]
    assert answer(talk, "no", nick="alice") == [NOTHING_ASKED]
    assert number_of(answer(talk, "no", nick="bob")) == "4"
    assert given(talk) == {1: YES, 2: YES, 3: NO}


def test_the_dialogue_follows_a_change_of_nick(talk):
    mask = talk.person("alice")
    talk.rename("alice", "alice_home")
    after = type(mask)(nick="alice_home", user=mask.user, host=mask.host)
    assert number_of(talk.say("alice_home", "yes", channel=None, person=after)) == "2"


def test_the_dialogue_belongs_to_the_account_whatever_the_nick(talk):
    talk.say("carol", "!ir start! two")
    talk.accounts |= {"dora": "dora", "dora_home": "dora"}
    talk.say("dora", "!ir join")
    talk.say("carol", "!ir add dora")
    talk.say("carol", "!ir close")
    talk.say("dora", "!ir score")
    replies = talk.hear("dora_home", "yes", channel=None)
    assert [each.to for each in replies] == ["dora_home"]


def test_a_coordinator_who_came_back_under_another_nick_is_asked_there(open_talk):
    open_talk.accounts |= {"dora": "dora", "dora_home": "dora"}
    open_talk.present = ("dora",)
    open_talk.say("alice", "!ir ic dora")
    open_talk.say("dora_home", "!log back again")
    assert [each.to for each in open_talk.hear("alice", "!ir close")[1:]] == ["dora_home", "dora_home", CHANNEL]


def test_whoever_takes_the_nick_is_not_asked(talk):
    talk.rename("alice", "alice_home")
    taker = type(talk.person("x"))(nick="alice", user="~mallory", host="mallory.example")
    assert talk.say("alice", "yes", channel=None, person=taker) == [NOTHING_ASKED]
    assert given(talk) == {}


def test_a_person_is_asked_about_one_incident_at_a_time(talk):
    answer(talk, "yes")
    talk.say("alice", "!ir start two")
    replies = talk.hear("alice", "!ir close")
    assert [str(each.text) for each in replies[1:] if each.to == "alice"] == [
        "!ir score @2 asks the scorecard of 2 “two” when you are done here."
    ]
    expect_refusal(talk, "alice", "!ir score", "about 1", "in private", "stop")
    answer(talk, "yes", "stop")
    assert given(talk) == {1: YES, 2: YES}
    assert number_of([str(each.text) for each in talk.hear("alice", "!ir score @2")]) == "1"


def test_the_last_answer_ends_it_with_the_total(talk):
    talk.say("alice", "!ir score yyyyyyyyyyyyyy")
    assert answer(talk, "hm") == [NEITHER]
    assert answer(talk, "yes") == ["Scorecard of 1 (wikimedia-2024): score 15 of 15, complete."]
    assert talk.report().scorecard.complete
    assert answer(talk, "yes") == [NOTHING_ASKED]


def test_skipped_questions_are_named_at_the_end(talk):
    assert answer(talk, "yes", "skip", *["yes"] * 13) == [
        "Scorecard of 1 (wikimedia-2024): 14 of 15 answered, score 14 so far; open: question 2 (!ir score asks it)."
    ]
    assert number_of([str(each.text) for each in talk.hear("alice", "!ir score")]) == "2"


def test_one_question_is_answered_from_the_channel(talk):
    said = talk.say("alice", "!ir score 3 no, nobody was paged")
    assert said[0].startswith(
        "Question 3: no. Scorecard of 1 (wikimedia-2024): 1 of 15 answered, score 0 so far; open: questions 1, 2, 4,"
    )
    assert (rows(talk)[3].answer, rows(talk)[3].notes) == (NO, "nobody was paged")
    assert talk.say("alice", "!ir score #4 n/a")[0].startswith("Question 4: n/a.")


def test_a_row_answers_from_question_one_on(talk):
    talk.say("alice", "!ir score yn-.Y")
    assert given(talk) == {1: YES, 2: NO, 3: NOT_APPLICABLE, 5: YES}


def test_the_reference_scorecard_comes_out_as_written(reference):
    assert reference.say("alice", "!ir score ynnyynnyyyyyyyn") == [
        "15 answers taken. Scorecard of 1 (wikimedia-2021): score 9 of 15, complete."
    ]


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("yyxn", "“x” (answer 3) is no answer"),
        ("y" * 16, "That is 16 answers for 15 questions."),
        ("3", "What is the answer?"),
        ("3 maybe", "That is no answer"),
        ("0 yes", "There is no question 0: they are numbered from 1 to 15."),
        ("16 yes", "There is no question 16"),
        ("3 skip", "From the channel a question is answered yes, no or n/a"),
        ("3 ok", "No answer is suggested for ok to take"),
        ("y n y", "What is the answer?"),
        ("yes", "Which question? Type !ir score N yes [NOTE], or !ir score to be asked."),
        ("No, nobody was paged", "Which question? Type !ir score N no [NOTE]"),
    ],
)
def test_what_is_no_answer_from_the_channel_is_refused_and_stores_nothing(talk, typed, complaint):
    assert complaint in talk.say("alice", f"!ir score {typed}")[0]
    assert given(talk) == {}


def test_an_answer_is_overwritten_only_by_insisting(talk):
    talk.say("alice", "!ir score 2 yes, they were")
    refusal = "Question 2 has the answer yes already: !ir score! … overwrites it"
    assert talk.say("alice", "!ir score 2 no") == [f"{refusal}."]
    assert talk.say("alice", "!ir score yn") == [f"{refusal}, !ir score y.n answers what is open."]
    assert given(talk) == {2: YES}
    talk.say("alice", "!ir score y.y")
    talk.say("alice", "!ir score! .n")
    assert given(talk) == {1: YES, 2: NO, 3: YES}
    assert rows(talk)[2].notes == ""


def test_a_note_stays_as_long_as_its_answer(talk):
    talk.say("alice", "!ir score 9 no, nobody")
    talk.say("alice", "!ir score! y.......n")
    assert (rows(talk)[9].answer, rows(talk)[9].notes) == (NO, "nobody")
    talk.say("alice", "!ir score! ........y")
    assert (rows(talk)[9].answer, rows(talk)[9].notes) == (YES, "")


def test_a_row_typed_after_answers_in_private_is_refused_with_the_row_for_what_is_open(talk):
    answer(talk, "yes", "no", "yes")
    said = refused(talk, "alice", "!ir score yyn")
    assert "Question 1 has the answer yes already" in said
    typed = said.partition("!ir score .")[2].partition(" ")[0]
    assert f".{typed}" == "...yyn"
    talk.say("alice", "!ir score ...yyn")
    assert list(given(talk).values()) == [YES, NO, YES, YES, YES, NO]


def test_an_answer_from_the_channel_moves_the_dialogue_on(talk):
    replies = talk.hear("alice", "!ir score 1 yes")
    assert number_of([str(each.text) for each in replies if each.to == "alice"]) == "2"
    replies = talk.hear("alice", "!ir score yyyyyyyyyyyyyyy".replace("score y", "score! y"))
    assert str(replies[-1].text) == "Scorecard of 1 (wikimedia-2024): score 15 of 15, complete."
    assert answer(talk, "yes") == [NOTHING_ASKED]


def test_an_answer_from_the_channel_is_taken_back_by_undo(talk):
    talk.say("alice", "!ir score yn")
    talk.say("alice", "!ir undo")
    assert given(talk) == {}


def test_the_questionnaire_is_chosen_while_nothing_is_answered(talk):
    answer(talk, "skip", "skip")
    replies = talk.hear("alice", "!ir scorecard Wikimedia-2021")
    assert str(replies[0].text) == "The scorecard of 1 is wikimedia-2021 now."
    assert str(replies[1].text).startswith("1/15 People: Were the people responding")
    assert str(replies[1].text).endswith("(score 1 for yes, 0 for no)")
    answer(talk, "yes")
    expect_refusal(talk, "alice", "!ir scorecard wikimedia-2022", "Incident 1", "wikimedia-2021 already")


def test_an_unknown_questionnaire_is_refused_with_those_there_are(talk):
    expect_refusal(
        talk,
        "alice",
        "!ir scorecard nasa",
        "no questionnaire nasa",
        "there are general, wikimedia-2021, wikimedia-2022 and wikimedia-2024",
    )


def test_the_record_suggests_answers_with_their_evidence(open_talk):
    for line in ["!ir paged 35 (batphone)", "!ir task T123", "!ir action x @bob", "!ir update one", "!ir update two"]:
        open_talk.say("alice", line)
    open_talk.say("alice", "!ir close")
    assert answer(open_talk, "yes", "yes")[0].endswith("Suggested: no (people paged: 35 (batphone)); ok takes it.")
    assert rows(open_talk)[3].suggested.answer is NO
    answer(open_talk, "ok", "yes")
    assert given(open_talk)[3] is NO
    assert answer(open_talk, "yes")[0].endswith("Suggested: yes (2 status updates, from 12:00 to 12:00); ok takes it.")
    assert "Suggested: no (the timeline has no update of the public" in answer(open_talk, "ok")[0]
    assert "Suggested: yes (https://phabricator.wikimedia.org/T123)" in answer(open_talk, "ok")[0]
    assert "Suggested: yes (every actionable has an owner or is done)" in answer(open_talk, "ok, all of it")[0]
    assert (rows(open_talk)[8].answer, rows(open_talk)[8].notes) == (YES, "all of it")
    assert given(open_talk)[7] is NO


@pytest.mark.parametrize("typed", ["nope, bob was new", "y", "n", "yeah mostly", "maybe"])
def test_what_is_nearly_an_answer_is_told_the_answers_however_often(talk, typed):
    assert [answer(talk, typed) for _ in range(15)] == [[NEITHER]] * 15
    assert given(talk) == {}


def test_ok_is_refused_where_nothing_was_suggested(talk):
    assert answer(talk, "ok")[0].startswith("No answer is suggested for ok to take")
    assert given(talk) == {}


def test_a_suggestion_is_stored_when_it_is_asked_and_stays(open_talk):
    open_talk.say("alice", "!ir paged 3")
    open_talk.say("alice", "!ir close")
    answer(open_talk, "yes", "yes", "no")
    open_talk.say("alice", "!ir paged 30")
    assert rows(open_talk)[3].suggested.evidence == "people paged: 3"


def test_choosing_another_questionnaire_forgets_what_was_suggested(open_talk):
    open_talk.say("alice", "!ir paged 3")
    open_talk.say("alice", "!ir close")
    answer(open_talk, "skip", "skip")
    assert rows(open_talk)[3].suggested.answer is YES
    open_talk.say("alice", "!ir scorecard wikimedia-2021")
    assert rows(open_talk)[3].suggested is None
    answer(open_talk, "skip", "skip")
    assert rows(open_talk)[3].suggested.answer is NO


def test_a_scorecard_needs_somebody_who_joined(talk):
    for line in ("!ir score", "!ir score yyy", "!ir scorecard wikimedia-2021"):
        assert talk.say("bob", line)[0].endswith(JOIN)
    assert talk.say("bob", "!ir scorecard")[0].startswith("Scorecard of 1 (wikimedia-2024): 0 of 15")


def test_a_question_that_somebody_else_brings_about_is_for_the_person_and_not_for_their_nick(talk):
    talk.say("bob", "!ir join")
    own = talk.hear("alice", "yes", channel=None)
    others = [each for each in talk.hear("bob", "!ir score 2 yes") if each.to == "alice"]
    assert [each.recipient_keys for each in own] == [{"mask:alice!~alice@alice.example"}]
    assert [each.recipient_keys for each in others] == [{"mask:alice!~alice@alice.example"}]
