"""The scorecard of an incident: its questionnaire, its answers and its total."""

from __future__ import annotations

from collections.abc import Mapping

from irscribe.domain.prose import listing
from irscribe.domain.questionnaire import Questionnaire
from irscribe.domain.report import AnswerValue, Scorecard
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.report.assembly import scorecard_of
from models import incidents, parts, scores

CHOSEN = "scorecard"
"""The field with the questionnaire that was chosen before there was a scorecard."""


def questionnaire_of(ctx: IncidentContext) -> Questionnaire:
    """The questionnaire of the incident: the chosen one, else that of the settings."""
    chosen = ctx.incident.questionnaire or parts.fields(ctx.session, ctx.number).get(CHOSEN)
    known = ctx.application.questionnaires
    return known.get(chosen or "") or known[ctx.application.config.scorecard]


def keep(ctx: IncidentContext) -> None:
    """Fix the questionnaire of the incident, which then has a scorecard."""
    parts.set_head(ctx.session, ctx.audit, questionnaire=questionnaire_of(ctx).version)


def store(ctx: IncidentContext, answers: Mapping[int, AnswerValue], notes: Mapping[int, str]) -> None:
    """Store answers; a question that gets the same answer without a note keeps its note."""
    keep(ctx)
    known = {(each.number, each.answer): each.notes for each in scores.answers(ctx.session, ctx.number)}
    for number, answer in answers.items():
        values = {"answer": answer.value, "notes": notes.get(number, known.get((number, answer.value), ""))}
        scores.set_answer(ctx.session, ctx.audit, number, values)


def next_open(ctx: IncidentContext, *, after: int = 0) -> int | None:
    """The first question without an answer, after one."""
    given = {each.number for each in scores.answers(ctx.session, ctx.number) if each.answer is not None}
    questions = questionnaire_of(ctx).questions[after:]
    return next((each.number for each in questions if each.number not in given), None)


def card_of(ctx: IncidentContext) -> Scorecard | None:
    """The scorecard as it is now."""
    incident = incidents.get(ctx.session, ctx.number)
    return None if incident is None else scorecard_of(ctx.session, ctx.application, incident)


def total(ctx: IncidentContext) -> Speech:
    """Say the points and the open questions."""
    card = card_of(ctx)
    if card is None:
        return sentence(
            "The scorecard of {} ({}) has no answers yet: {ir} score asks it.",
            ctx.number,
            questionnaire_of(ctx).version,
        )
    still = [str(row.number) for row in card.answers if row.answer is None]
    asked, name = len(card.answers), f"Scorecard of {ctx.number} ({card.version})"
    if not still:
        return f"{name}: score {card.total} of {card.maximum}, complete."
    questions, them = ("question", "it") if len(still) == 1 else ("questions", "them")
    return sentence(
        "{}: {} of {} answered, score {} so far; open: {} {} ({ir} score asks {}).",
        name,
        asked - len(still),
        asked,
        card.total,
        questions,
        listing(still),
        them,
    )
