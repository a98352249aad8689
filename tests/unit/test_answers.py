import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.answers import Given, Said, Word, parse_answer, parse_row, score, skip_answered
from irscribe.domain.errors import RefusedError
from irscribe.domain.questionnaire import load
from irscribe.domain.report import AnswerValue, Suggestion

YES, NO, NOT_APPLICABLE = AnswerValue.YES, AnswerValue.NO, AnswerValue.NOT_APPLICABLE
SHIPPED = load()


@pytest.mark.parametrize(
    ("line", "word", "note"),
    [
        ("yes", Word.YES, ""),
        ("Y", Word.YES, ""),
        ("Yes.", Word.YES, ""),
        ("no, IC started 40 minutes after the first page", Word.NO, "IC started 40 minutes after the first page"),
        ("N batphone: nobody", Word.NO, "batphone: nobody"),
        ("n/a", Word.NOT_APPLICABLE, ""),
        ("NA", Word.NOT_APPLICABLE, ""),
        ("N/A - no pages", Word.NOT_APPLICABLE, "no pages"),
        ("-", Word.NOT_APPLICABLE, ""),
        ("- nobody was paged", Word.NOT_APPLICABLE, "nobody was paged"),
        ("  skip  ", Word.SKIP, ""),
        ("back", Word.BACK, ""),
        ("Stop", Word.STOP, ""),
        ("ok", Word.OK, ""),
        ("yes -5% errors", Word.YES, "-5% errors"),
        ("no — too late", Word.NO, "too late"),
    ],
)
def test_an_answer_is_read_with_its_note(line, word, note):
    assert parse_answer(line) == Said(word=word, note=note)


@pytest.mark.parametrize("line", ["", "maybe", "nobody knows", "yesterday", "no-one", "12", "stopped", "n/b", "--"])
def test_anything_else_is_refused_with_the_words_to_type(line):
    with pytest.raises(RefusedError, match="yes, no, n/a, skip, back or stop"):
        parse_answer(line)


@given(st.sampled_from(Word), st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1))
def test_a_note_is_kept_as_it_was_typed(word, note):
    assert parse_answer(f"{word}, {note}") == Said(word=word, note=note)


def test_only_some_words_are_answers():
    assert [word.value_given for word in Word] == [YES, NO, NOT_APPLICABLE, None, None, None, None]


def test_a_row_is_one_character_for_each_answer():
    assert parse_row("yyN-Y.") == [YES, YES, NO, NOT_APPLICABLE, YES, None]


@pytest.mark.parametrize(
    ("row", "answered", "moved"),
    [
        ("yyn", {1, 2, 3}, "...yyn"),
        ("yyn", {1, 2, 5}, "..yy.n"),
        ("y", {1}, ".y"),
        ("-.n", {1}, ".-.n"),
        ("yynyyn", {1, 2, 3}, "...yyn"),
        ("yynyn", {3, 4}, "yy..n"),
        ("yyyyyy", {1, 2, 3, 4, 5, 6}, ""),
        ("y", {1, 2, 3, 4, 5, 6}, ""),
    ],
)
def test_a_row_skips_what_is_answered(row, answered, moved):
    assert skip_answered(row, answered=answered, count=6) == moved


@given(st.text("yn-.", min_size=1, max_size=15), st.sets(st.integers(1, 15)))
def test_a_moved_row_answers_no_question_again(row, answered):
    moved = skip_answered(row, answered=answered, count=15)
    given = {number for number, answer in enumerate(parse_row(moved), 1) if answer} if moved else set()
    assert not given & answered
    assert len(moved) <= 15


@pytest.mark.parametrize(("row", "named"), [("yyx", "“x” .answer 3."), ("y n", "“ ” .answer 2."), ("", "No answers")])
def test_a_wrong_character_is_refused_with_its_place(row, named):
    with pytest.raises(RefusedError, match=named):
        parse_row(row)


@given(st.text("ynYN-.", min_size=1))
def test_a_row_gives_as_many_answers_as_it_has_characters(row):
    assert len(parse_row(row)) == len(row)


def test_the_networking_incident_of_2021_scores_9_of_15():
    answers = {number: Given(answer=answer) for number, answer in enumerate(parse_row("ynnyynnyyyyyyyn"), start=1)}
    scorecard = score(SHIPPED["wikimedia-2021"], answers)
    assert (scorecard.version, scorecard.total, scorecard.maximum, scorecard.complete) == (
        "wikimedia-2021",
        9,
        15,
        True,
    )
    assert [row.score for row in scorecard.answers] == [1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0]


def test_the_general_questions_are_in_three_groups_and_some_score_for_no():
    general = SHIPPED["general"]
    assert [each.category for each in general.questions] == ["People"] * 5 + ["Process"] * 5 + ["Tooling"] * 5
    answers = enumerate(parse_row("yyyynyyyynnyyyy"), start=1)
    assert score(general, {number: Given(answer=answer) for number, answer in answers}).total == general.maximum == 15


@pytest.mark.parametrize("version", sorted(SHIPPED))
def test_every_question_is_listed_before_any_is_answered(version):
    questionnaire = SHIPPED[version]
    scorecard = score(questionnaire, {})
    assert [row.question for row in scorecard.answers] == [each.question for each in questionnaire.questions]
    assert {row.score for row in scorecard.answers} == {None}
    assert (scorecard.total, scorecard.complete) == (0, False)


def test_notes_and_suggestions_stay_with_their_question():
    suggestion = Suggestion(answer=YES, evidence="the incident has task T294853")
    scorecard = score(SHIPPED["wikimedia-2024"], {8: Given(answer=None, notes="filed late", suggested=suggestion)})
    assert (scorecard.answers[7].notes, scorecard.answers[7].suggested) == ("filed late", suggestion)
    assert scorecard.answers[7].score is None


def test_not_applicable_is_an_answer_without_a_point():
    questionnaire = SHIPPED["wikimedia-2024"]
    scorecard = score(questionnaire, {each.number: Given(answer=NOT_APPLICABLE) for each in questionnaire.questions})
    assert (scorecard.total, scorecard.complete) == (0, True)
