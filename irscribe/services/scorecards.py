"""An incident's scorecard: which questionnaire it has, what is answered, what it adds up to."""

from __future__ import annotations

from collections.abc import Mapping

from irscribe.domain.prose import listing
from irscribe.domain.questionnaire import Questionnaire
from irscribe.domain.report import AnswerValue, Scorecard
from irscribe.services.reporting import scorecard_of
from irscribe.services.turn import Case
from models import incidents, parts, scores

CHOSEN = "scorecard"
"""The field that holds the questionnaire chosen before there is a scorecard."""


def questionnaire_of(case: Case) -> Questionnaire:
    """The questionnaire the incident is scored with, chosen or not."""
    chosen = case.incident.questionnaire or parts.fields(case.session, case.number).get(CHOSEN)
    known = case.turn.house.questionnaires
    return known.get(chosen or "") or known[case.turn.house.config.scorecard]


def keep(case: Case) -> None:
    """From now on the incident has a scorecard, of this version."""
    parts.set_head(case.session, case.trail, questionnaire=questionnaire_of(case).version)


def store(case: Case, answers: Mapping[int, AnswerValue], notes: Mapping[int, str]) -> None:
    """Store answers; a question that is given the answer it has, and no note, keeps its note."""
    keep(case)
    known = {(each.number, each.answer): each.notes for each in scores.answers(case.session, case.number)}
    for number, answer in answers.items():
        values = {"answer": answer.value, "notes": notes.get(number, known.get((number, answer.value), ""))}
        scores.set_answer(case.session, case.trail, number, values)


def next_open(case: Case, *, after: int = 0) -> int | None:
    """The first question without an answer behind one."""
    given = {each.number for each in scores.answers(case.session, case.number) if each.answer is not None}
    questions = questionnaire_of(case).questions[after:]
    return next((each.number for each in questions if each.number not in given), None)


def card_of(case: Case) -> Scorecard | None:
    """The scorecard as it is now."""
    incident = incidents.get(case.session, case.number)
    return None if incident is None else scorecard_of(case.session, case.turn.house, incident)


def total(case: Case) -> str:
    """The points and what is open, as a sentence."""
    card = card_of(case)
    if card is None:
        return (
            f"The scorecard of {case.number} ({questionnaire_of(case).version}) has no answers yet: !ir score asks it."
        )
    still = [str(row.number) for row in card.answers if row.answer is None]
    asked, name = len(card.answers), f"Scorecard of {case.number} ({card.version})"
    if not still:
        return f"{name}: score {card.total} of {card.maximum}, complete."
    questions, them = ("question", "it") if len(still) == 1 else ("questions", "them")
    return (
        f"{name}: {asked - len(still)} of {asked} answered, score {card.total} so far; "
        f"open: {questions} {listing(still)} (!ir score asks {them})."
    )
