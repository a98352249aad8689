"""Asks the scorecard in private, one question at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from irscribe.domain.answers import USAGE, Said, Word, answer_in
from irscribe.domain.errors import ForbiddenError, RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.evidence import suggest
from irscribe.domain.permission import NEEDED, Standing
from irscribe.domain.prose import plural, without_ping
from irscribe.domain.questionnaire import Question
from irscribe.domain.record import Answered, Dialogue
from irscribe.domain.report import AnswerValue, Report, Suggestion
from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean
from irscribe.services.context import finality, permission, target
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.report.assembly import outline_of
from irscribe.services.scorecard.answers import next_open, questionnaire_of, store, total
from models import Session, incidents, persons, scores, team
from models.visibility import in_private, may_see

STALE_WITHIN = timedelta(seconds=2)
"""An answer that comes so soon after another person's may be meant for the question before."""


def begin(ctx: IncidentContext, report: Report) -> tuple[Speech, Outcome]:
    """Ask the coordinator, or else the person who closed the incident, the questions of the report's scorecard.

    Give the sentence for the channel and the lines for that person.
    """
    rows = report.scorecard.answers if report.scorecard else ()
    first = next((row.number for row in rows if row.answer is None), None)
    if first is None:
        return total(ctx), []
    term = team.serving(ctx.session, ctx.number)
    person = term.person if term and term.person else ctx.person
    nick = _nick(ctx, person)
    if not may_see(ctx.session, in_private(person), ctx.incident):
        return sentence("{ir} score asks the scorecard."), []
    if asked(ctx.session, person) is not None:
        later = sentence(
            "{ir} score @{} asks the scorecard of {} when you are done here.", ctx.number, ctx.incident.name
        )
        return sentence("{ir} score asks the scorecard."), [_tell(ctx, person, later)]
    if (morning := _next_morning(ctx)) is not None:
        return sentence(
            "Outside working hours I ask nobody: {} gets the scorecard on {} UTC, and {ir} score asks it now.",
            without_ping(nick),
            f"{morning:%a %Y-%m-%d at %H:%M}",
        ), []
    return f"I ask {without_ping(nick)} the scorecard in private.", _ask(ctx, person, first, report=report, greet=True)


def _next_morning(ctx: IncidentContext) -> datetime | None:
    """Give the moment at which a person is asked after a close outside working hours; None if that is now."""
    config = ctx.application.config
    hours, reminds = config.nudges.working_hours, config.unasked is not None and config.nudges.scorecard is not None
    return None if hours is None or not reminds or hours.includes(ctx.now) else hours.next(ctx.now)


def resume(ctx: IncidentContext) -> Outcome:
    """Ask the person who typed the command the open questions, from the last one on.

    Raises RefusedError while they are being asked about another incident, ForbiddenError for a private incident on
    which they do not work.
    """
    if not may_see(ctx.session, in_private(ctx.person), ctx.incident):
        raise ForbiddenError(
            sentence("I ask about a private incident only who works on it: {}.", NEEDED[Standing.JOINED])
        )
    busy = asked(ctx.session, ctx.person)
    if busy is not None and busy.incident != ctx.number:
        raise RefusedError(f"I am asking you about {busy.incident}: answer in private, or say stop there, first.")
    question = busy.question if busy is not None else next_open(ctx)
    if question is None:
        return ctx.inform(total(ctx))
    told = [*_release_others(ctx), *_ask(ctx, ctx.person, question, greet=busy is None)]
    here = [] if ctx.request.channel is None else ctx.say(f"I ask you in private, from question {question} on.")
    return [*here, *told]


def asked(session: Session, person: int) -> Dialogue | None:
    """The question that a person is being asked; it ends if the person may not see its incident any more."""
    dialogue = scores.dialogue_with(session, person)
    incident = incidents.get(session, dialogue.incident) if dialogue else None
    if incident is not None and may_see(session, in_private(person), incident):
        return dialogue
    scores.stop(session, person=person)
    return None


def expects(session: Session, person: int, text: str) -> bool:
    """True if a line is an answer to an open question of a person; every other line in private is a command."""
    return answer_in(clean(text)) is not None and asked(session, person) is not None


def hear(ctx: CommandContext) -> Outcome:
    """Take a private line as an answer; give no reply if it is none, or no question is open."""
    said, dialogue = answer_in(clean(ctx.request.text)), asked(ctx.session, ctx.person)
    if said is None or dialogue is None:
        return []
    about = target.context_of(ctx, target.visible(ctx, dialogue.incident))
    over = _over(about)
    if over is not None:
        scores.stop(ctx.session, person=ctx.person)
        return [
            ctx.reply(
                sentence("I ask you no more about {}, and this is no answer to it: {}", about.incident.name, over)
            )
        ]
    other = None if said.word in (Word.STOP, Word.BACK) else _was_faster(about, dialogue)
    if other is None:
        return _steer(about, dialogue, said)
    late = f"{_nick(ctx, other)} has just answered what I asked you before, so yours is not taken. Now this one:"
    return [ctx.reply(late), *_ask(about, ctx.person, dialogue.question)]


def _over(ctx: IncidentContext) -> Speech | None:
    """The reason why a person is not asked any more; None if there is none."""
    if finality.is_final(ctx):
        return sentence("its report is final, and {}.", finality.way_back(ctx))
    return permission.lost(ctx, ctx.application.commands.by_name["score"])


def go_on(ctx: IncidentContext) -> Outcome:
    """Ask the next open question after answers from the channel, if the present one is among them."""
    told: Outcome = []
    for dialogue in _dialogues(ctx):
        if _is_answered(ctx, dialogue.question):
            told += _ask_next(ctx, dialogue)
    return told


def begin_again(ctx: IncidentContext) -> Outcome:
    """Start each dialogue again at question 1: the questionnaire has changed."""
    told: Outcome = []
    for dialogue in _dialogues(ctx):
        told += _ask(ctx, dialogue.person, 1)
    return told


def _was_faster(ctx: IncidentContext, dialogue: Dialogue) -> int | None:
    """The other person who has just answered the question before; this answer may be meant for that one."""
    lately = scores.answered_aloud(ctx.session, ctx.number, ctx.request.heard_at - STALE_WITHIN)
    for number, person in lately.items():
        moved = number < dialogue.question == next_open(ctx, after=number)
        if moved and person != dialogue.person:
            return person
    return None


def _dialogues(ctx: IncidentContext) -> list[Dialogue]:
    found = scores.dialogues_about(ctx.session, ctx.number)
    return [each for each in found if asked(ctx.session, each.person) is not None]


def _steer(ctx: IncidentContext, dialogue: Dialogue, said: Said) -> Outcome:
    match said.word:
        case Word.STOP:
            scores.stop(ctx.session, person=dialogue.person)
            return [ctx.reply(sentence("Stopped. {ir} score @{} goes on where you left it.", ctx.number))]
        case Word.BACK:
            if dialogue.question == 1:
                raise RefusedError("That was the first question: answer it, or say skip or stop.")
            return _ask(ctx, dialogue.person, dialogue.question - 1)
        case Word.SKIP:
            return _ask_next(ctx, dialogue)
        case Word.OK:
            answer = suggested(ctx, dialogue.question)
        case _:
            answer = AnswerValue(said.word.value)
    store(ctx, {dialogue.question: answer}, {dialogue.question: said.note})
    return _ask_next(ctx, dialogue)


def suggested(ctx: IncidentContext, number: int) -> AnswerValue:
    """Take the answer that was suggested for a question.

    Raises RefusedError if there is none.
    """
    stored = _stored(ctx, number)
    if stored is None or stored.suggested is None:
        raise RefusedError(f"No answer is suggested for ok to take: {USAGE}")
    return AnswerValue(stored.suggested)


def _ask_next(ctx: IncidentContext, dialogue: Dialogue) -> Outcome:
    following = next_open(ctx, after=dialogue.question)
    if following is not None:
        return _ask(ctx, dialogue.person, following)
    scores.stop(ctx.session, person=dialogue.person)
    return [_tell(ctx, dialogue.person, total(ctx))]


def _ask(
    ctx: IncidentContext, person: int, number: int, *, report: Report | None = None, greet: bool = False
) -> Outcome:
    scores.ask(ctx.session, person=person, incident=ctx.number, question=number)
    questions = questionnaire_of(ctx).questions
    question = questions[number - 1]
    suggestion = _suggest(ctx, question, report)
    hint = f" Suggested: {suggestion.answer} ({suggestion.evidence}); ok takes it." if suggestion else ""
    greeting = [_greeting(ctx, len(questions))] if greet else []
    texts = [*greeting, f"{number}/{len(questions)} {question.category}: {question.question}{hint}"]
    return [_tell(ctx, person, text) for text in texts]


def _greeting(ctx: IncidentContext, count: int) -> str:
    return f"Scorecard of {ctx.incident.name}, {plural(count, 'question')}: {USAGE}"


def _suggest(ctx: IncidentContext, question: Question, report: Report | None) -> Suggestion | None:
    """Suggest an answer from the record and store it; an answered question keeps its earlier suggestion."""
    stored = _stored(ctx, question.number)
    if stored is not None and stored.answer is not None:
        return None
    found = suggest(question.evidence, report or outline_of(ctx.session, ctx.application, ctx.number))
    if found is not None or stored is not None:
        values = {"suggested": found and found.answer.value, "evidence": found and found.evidence}
        # The suggestion is no change by the person who is asked: `undo` must not find it.
        audit = replace(ctx.audit, line=None, person=None)
        scores.set_answer(ctx.session, audit, question.number, values)
    return found


def _stored(ctx: IncidentContext, number: int) -> Answered | None:
    return next((each for each in scores.answers(ctx.session, ctx.number) if each.number == number), None)


def _is_answered(ctx: IncidentContext, number: int) -> bool:
    stored = _stored(ctx, number)
    return stored is not None and stored.answer is not None


def _release_others(ctx: IncidentContext) -> Outcome:
    """End the dialogues of other people: only one person is asked about an incident."""
    told: Outcome = []
    for dialogue in _dialogues(ctx):
        if dialogue.person != ctx.person:
            scores.stop(ctx.session, person=dialogue.person)
            text = f"{ctx.request.person.nick} goes on with the scorecard of {ctx.number}."
            told.append(_tell(ctx, dialogue.person, text))
    return told


def _tell(ctx: CommandContext, person: int, text: Speech) -> Reply:
    """Make a private reply to the person who is asked; somebody else may have their nick by now."""
    if person == ctx.person:
        return Reply(to=ctx.request.person.nick, text=text, recipient_keys=ctx.request.person.keys)
    return Reply(
        to=persons.nick_of(ctx.session, person), text=text, recipient_keys=persons.keys_of(ctx.session, person)
    )


def _nick(ctx: CommandContext, person: int) -> str:
    return ctx.request.person.nick if person == ctx.person else persons.nick_of(ctx.session, person)
