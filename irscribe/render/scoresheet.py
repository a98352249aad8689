"""The scorecard as a table: rows by category, with the words of its questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from irscribe.domain.questionnaire import Questionnaire
from irscribe.domain.report import Answer, AnswerValue, Scorecard

UNANSWERED = "—"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A question with its answer as shown."""

    question: str
    answer: str
    notes: str


@dataclass(frozen=True, kw_only=True)
class Category:
    """Consecutive rows under one name."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Scoresheet:
    """The whole table; ``remark`` names the questions that the total leaves out, and is empty if there are none.

    ``is_answered`` is true once one question is.
    """

    title: str
    column: str
    categories: tuple[Category, ...]
    total_label: str
    total: str
    remark: str
    is_answered: bool


def scoresheet(scorecard: Scorecard, questionnaires: Mapping[str, Questionnaire]) -> Scoresheet:
    """Make the table of a scorecard; an unknown version is shown in the words of the report."""
    known = questionnaires.get(scorecard.version)
    scored = known is not None and known.answer_style == "score"
    asked = {question.number: question.question for question in known.questions} if known else {}
    grouped = groupby(scorecard.answers, key=lambda answer: answer.category)
    return Scoresheet(
        title=known.title if known else "Scorecard",
        column="Score" if scored else "Answer (yes/no)",
        categories=tuple(
            Category(name=name, rows=tuple(_row(answer, asked, scored=scored) for answer in answers))
            for name, answers in grouped
        ),
        total_label=known.total_label if known else "Total score",
        total=str(scorecard.total) if _answered(scorecard) else UNANSWERED,
        remark=_remark(scorecard),
        is_answered=_answered(scorecard) > 0,
    )


def _row(answer: Answer, asked: Mapping[int, str], *, scored: bool) -> Row:
    shown = _score(answer) if scored else answer.answer
    return Row(question=asked.get(answer.number, answer.question), answer=shown or UNANSWERED, notes=answer.notes)


def _score(answer: Answer) -> str | None:
    if answer.score is None:
        return None
    return f"{answer.score} (n/a)" if answer.answer is AnswerValue.NOT_APPLICABLE else str(answer.score)


def _answered(scorecard: Scorecard) -> int:
    return sum(answer.answer is not None for answer in scorecard.answers)


def _remark(scorecard: Scorecard) -> str:
    if scorecard.complete:
        return ""
    answered = _answered(scorecard)
    return f"{answered} of {len(scorecard.answers)} questions answered" if answered else "not scored"
