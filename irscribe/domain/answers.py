"""Answers to the scorecard: parses those that people type, and adds up their points."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from irscribe.domain.errors import RefusedError
from irscribe.domain.questionnaire import Question, Questionnaire
from irscribe.domain.report import Answer, AnswerValue, Scorecard, Suggestion

USAGE = "answer yes, no, n/a, skip, back or stop; words after it are the note."


class Word(StrEnum):
    """A word that may answer a question; ``ok`` takes the suggested answer."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "n/a"
    SKIP = "skip"
    BACK = "back"
    STOP = "stop"
    OK = "ok"

    @property
    def value_given(self) -> AnswerValue | None:
        """The answer that the word gives; None for the words that steer the dialogue."""
        return _VALUES.get(self)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One line of the dialogue."""

    word: Word
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Given:
    """The stored answer of a question; ``answer`` is None while the question is open."""

    answer: AnswerValue | None
    notes: str = ""
    suggested: Suggestion | None = None


_VALUES = {Word.YES: AnswerValue.YES, Word.NO: AnswerValue.NO, Word.NOT_APPLICABLE: AnswerValue.NOT_APPLICABLE}
_NEARLY = re.compile(r"(?:y|n|na|yeah|yep|yup|nope|nah|none|maybe|unsure|idk|dunno)(?!\w)", re.IGNORECASE)
_WORDS = {word.value: word for word in Word}
_SPELLINGS = {
    **_WORDS,
    "y": Word.YES,
    "n": Word.NO,
    "na": Word.NOT_APPLICABLE,
    "n.a.": Word.NOT_APPLICABLE,
    "-": Word.NOT_APPLICABLE,
    "–": Word.NOT_APPLICABLE,
    "—": Word.NOT_APPLICABLE,
    "okay": Word.OK,
}


def _line_of(spellings: Iterable[str]) -> re.Pattern[str]:
    """Give a pattern of a line that begins with one of these words; its note may follow punctuation or a dash."""
    words = "|".join(re.escape(each) for each in sorted(spellings, key=len, reverse=True))
    behind = r"(?:[,;:.!]+(?=\s|$)|\s+[-–—](?=\s)|(?=\s|$))\s*"
    return re.compile(rf"(?P<word>{words}){behind}(?P<note>.*)", re.IGNORECASE | re.DOTALL)


_IN_DIALOGUE, _IN_COMMAND = _line_of(_WORDS), _line_of(_SPELLINGS)
SKIPPED = "."
"""The character in a row that leaves a question as it is."""
_CHARACTERS: dict[str, AnswerValue | None] = {
    "y": AnswerValue.YES,
    "n": AnswerValue.NO,
    "-": AnswerValue.NOT_APPLICABLE,
    "–": AnswerValue.NOT_APPLICABLE,
    "—": AnswerValue.NOT_APPLICABLE,
    SKIPPED: None,
}


def answer_in(text: str) -> Said | None:
    """Read one line of the dialogue: a word that answers or steers it, with an optional note; None for others."""
    return _said(_IN_DIALOGUE, text)


def is_nearly_answer(text: str) -> bool:
    """True for a line of the dialogue that is no answer and is meant as one: ``nope``, ``y``, ``maybe``."""
    return answer_in(text) is None and _NEARLY.match(text.strip()) is not None


def parse_answer(text: str) -> Said:
    """Parse the answer to a question that is named with it; short spellings such as ``y`` and ``-`` are read, too.

    Raises RefusedError that names the words.
    """
    said = _said(_IN_COMMAND, text)
    if said is None:
        raise RefusedError(f"That is no answer: {USAGE}")
    return said


def parse_row(text: str) -> list[AnswerValue | None]:
    """Parse answers from question 1 on, one character each; None leaves a question as it is.

    Raises RefusedError that names the first wrong character and its place.
    """
    characters = text.strip().lower()
    wrong = next(((place, each) for place, each in enumerate(characters, 1) if each not in _CHARACTERS), None)
    if wrong:
        raise RefusedError(f"“{wrong[1]}” (answer {wrong[0]}) is no answer: y, n, - for n/a or . for skip, one each.")
    if not characters:
        raise RefusedError("No answers there: y, n, - for n/a or . for skip, one character for each question.")
    return [_CHARACTERS[each] for each in characters]


def skip_answered(row: str, *, answered: Collection[int], count: int) -> str:
    """Put a skip into a row of answers for each question that is answered: ``yyn`` gives ``...yyn`` if three are.

    A row with more answers than there are open questions was typed for all questions: its answers to the answered
    ones are left out. Empty if nothing is left. ``count`` is the number of questions.
    """
    typed = row.strip()
    still = [number for number in range(1, count + 1) if number not in answered]
    whole = len(typed) > len(still)
    of_open = dict(enumerate(typed, 1)) if whole else dict(zip(still, typed, strict=False))
    moved = (SKIPPED if number in answered else of_open.get(number, "") for number in range(1, count + 1))
    return "".join(moved).rstrip(SKIPPED)


def score(questionnaire: Questionnaire, answers: Mapping[int, Given]) -> Scorecard:
    """Make the scorecard, with a row for every question, answered or not."""
    rows = tuple(_row(question, answers.get(question.number)) for question in questionnaire.questions)
    return Scorecard(
        version=questionnaire.version,
        answers=rows,
        total=sum(row.score or 0 for row in rows),
        maximum=questionnaire.maximum,
        complete=all(row.answer is not None for row in rows),
    )


def _said(pattern: re.Pattern[str], text: str) -> Said | None:
    line = pattern.fullmatch(text.strip())
    return None if line is None else Said(word=_SPELLINGS[line["word"].lower()], note=line["note"].strip())


def _row(question: Question, given: Given | None) -> Answer:
    given = given or Given(answer=None)
    return Answer(
        number=question.number,
        category=question.category,
        question=question.question,
        answer=given.answer,
        score=question.score(given.answer),
        notes=given.notes,
        suggested=given.suggested,
    )
