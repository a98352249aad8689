"""The scorecard: asked in private, or answered from the channel."""

from __future__ import annotations

import re
from collections.abc import Sequence

from irscribe.commands import Command
from irscribe.domain.answers import USAGE, Said, Word, parse_answer, parse_row
from irscribe.domain.errors import RefusedError
from irscribe.domain.prose import listing, plural
from irscribe.domain.questionnaire import Questionnaire
from irscribe.domain.record import Answered, Dialogue
from irscribe.domain.report import Scorecard
from irscribe.domain.request import Reply
from irscribe.domain.text import clean
from irscribe.services import addressing
from irscribe.services.reporting import scorecard_of
from irscribe.services.turn import Case, Outcome, Turn
from models import incidents, lines, scores, team
from models.parts import set_head

ONE = re.compile(r"#?(\d{1,3})\s+(\S.*)$", re.DOTALL)
ROW = re.compile(r"[yn.\-–—]+$", re.IGNORECASE)


def begin(case: Case) -> Outcome:
    """Ask the first open question: the coordinator, or who closed the incident."""
    questionnaire = _choose(case)
    serving = [term for term in team.terms(case.session, case.number) if term.until is None and term.person]
    person = serving[-1].person if serving and serving[-1].person else case.turn.person
    first = _next_open(case, questionnaire, after=0)
    if first is None:
        return []
    if scores.dialogue_with(case.session, person) is not None:
        nick = lines.nick_of(case.session, person)
        return [
            Reply(to=nick, text=f"!ir score asks the scorecard of {case.number} when you are done here.", urgent=False)
        ]
    return _ask(case, person, first, greeting=_greeting(case, questionnaire))


def score(case: Case, command: Command) -> Outcome:
    """Ask what is open in private, or take answers from the channel."""
    if case.incident.open:
        raise RefusedError(f"Incident {case.incident.name} is open: !ir close ends it and starts the scorecard.")
    typed = command.text.strip()
    questionnaire = _choose(case)
    if not typed:
        return _resume(case, questionnaire)
    if one := ONE.match(typed):
        return _answer_one(case, questionnaire, number=int(one[1]), said=one[2], forced=command.forced)
    if ROW.match(typed):
        return _answer_row(case, questionnaire, typed, forced=command.forced)
    raise RefusedError("What is the answer? Type !ir score N yes, !ir score yyn-… or !ir score to be asked.")


def scorecard(case: Case, command: Command) -> Outcome:
    """Show the total and what is open, or choose the questionnaire."""
    version = command.text.strip()
    if version:
        return _choose_version(case, version)
    card = scorecard_of(case.session, case.turn.house, case.incident)
    if card is None:
        return case.say(f"The scorecard of {case.number} ({_version(case)}) starts with !ir close.")
    return case.say(_total(case, card))


def hear(turn: Turn) -> Outcome:
    """Take a line said in private for an answer, while a question is open; else say nothing.

    Raises RefusedError for a line that is no answer.
    """
    dialogue = scores.dialogue_with(turn.session, turn.person)
    incident = incidents.get(turn.session, dialogue.incident) if dialogue else None
    if dialogue is None or incident is None:
        return []
    case = addressing.case_of(turn, incident)
    said = parse_answer(clean(turn.request.text))
    return _steer(case, dialogue, said)


def _steer(case: Case, dialogue: Dialogue, said: Said) -> Outcome:
    questionnaire = _choose(case)
    match said.word:
        case Word.STOP:
            scores.stop(case.session, person=dialogue.person)
            return [case.turn.tell(f"Stopped. !ir score goes on with {case.number} where you left it.")]
        case Word.BACK:
            if dialogue.question == 1:
                raise RefusedError("That was the first question.")
            return _ask(case, dialogue.person, dialogue.question - 1)
        case Word.SKIP:
            pass
        case Word.OK:
            raise RefusedError(f"There is no suggestion to take: {USAGE}")
        case _:
            values = {"answer": said.word.value, "notes": said.note}
            scores.set_answer(case.session, case.trail, dialogue.question, values)
    following = _next_open(case, questionnaire, after=dialogue.question)
    if following is None:
        return _end(case, dialogue.person)
    return _ask(case, dialogue.person, following)


def _answer_one(case: Case, questionnaire: Questionnaire, *, number: int, said: str, forced: bool) -> Outcome:
    if not 1 <= number <= len(questionnaire.questions):
        raise RefusedError(f"There are {len(questionnaire.questions)} questions, and {number} is none of them.")
    read = parse_answer(clean(said))
    if read.word.value_given is None:
        raise RefusedError(f"From the channel a question is answered yes, no or n/a: !ir score {number} yes [NOTE].")
    _refuse_overwriting(case, [number], forced=forced)
    values = {"answer": read.word.value_given.value, "notes": read.note}
    scores.set_answer(case.session, case.trail, number, values)
    return _answered(case, questionnaire, f"Question {number}: {read.word.value_given}.")


def _answer_row(case: Case, questionnaire: Questionnaire, typed: str, *, forced: bool) -> Outcome:
    row = parse_row(typed)
    if len(row) > len(questionnaire.questions):
        raise RefusedError(
            f"That is {plural(len(row), 'answer')} for {plural(len(questionnaire.questions), 'question')}."
        )
    given = {number: answer for number, answer in enumerate(row, 1) if answer is not None}
    _refuse_overwriting(case, list(given), forced=forced)
    notes = {each.number: each.notes for each in scores.answers(case.session, case.number)}
    for number, answer in given.items():
        values = {"answer": answer.value, "notes": notes.get(number, "")}
        scores.set_answer(case.session, case.trail, number, values)
    return _answered(case, questionnaire, f"{plural(len(given), 'answer')} taken.")


def _answered(case: Case, questionnaire: Questionnaire, done: str) -> Outcome:
    """Say the total; who was being asked one of these questions is asked the next open one."""
    card = _card(case)
    said: Outcome = [case.turn.say(f"{done} {_total(case, card)}")]
    for dialogue in scores.dialogues_about(case.session, case.number):
        if card.complete:
            scores.stop(case.session, person=dialogue.person)
        elif card.answers[dialogue.question - 1].answer is not None:
            following = _next_open(case, questionnaire, after=dialogue.question)
            said += _ask(case, dialogue.person, following) if following else []
    return said


def _resume(case: Case, questionnaire: Questionnaire) -> Outcome:
    open_question = _next_open(case, questionnaire, after=0)
    if open_question is None:
        return case.say(_total(case, _card(case)))
    busy = scores.dialogue_with(case.session, case.turn.person)
    if busy is not None and busy.incident != case.number:
        raise RefusedError(f"I am asking you about {busy.incident}: answer, or say stop, in private first.")
    question = busy.question if busy is not None else open_question
    asked = _ask(case, case.turn.person, question)
    here = [] if case.turn.request.channel is None else case.say(f"I ask you in private, from question {question} on.")
    return [*here, *asked]


def _choose_version(case: Case, version: str) -> Outcome:
    known = case.turn.house.questionnaires
    if version not in known:
        raise RefusedError(f"There is no questionnaire {version[:40]}: {listing(sorted(known))} are there.")
    if any(each.answer for each in scores.answers(case.session, case.number)):
        raise RefusedError(f"{case.number} has answers to {_version(case)} already: it keeps that questionnaire.")
    set_head(case.session, case.trail, questionnaire=version)
    again = addressing.case_of(case.turn, addressing.visible(case.turn, case.number))
    chosen: Outcome = [case.turn.say(f"The scorecard of {case.number} is {version} now.")]
    for dialogue in scores.dialogues_about(case.session, case.number):
        chosen += _ask(again, dialogue.person, 1)
    return chosen


def _choose(case: Case) -> Questionnaire:
    """The incident's questionnaire, from now on the default one where none was chosen."""
    version = _version(case)
    if case.incident.questionnaire is None:
        set_head(case.session, case.trail, questionnaire=version)
    return case.turn.house.questionnaires[version]


def _version(case: Case) -> str:
    return case.incident.questionnaire or case.turn.house.config.scorecard


def _ask(case: Case, person: int, question: int, *, greeting: str = "") -> Outcome:
    scores.ask(case.session, person=person, incident=case.number, question=question)
    questionnaire = case.turn.house.questionnaires[_version(case)]
    asked = questionnaire.questions[question - 1]
    text = f"{greeting}{question}/{len(questionnaire.questions)} {asked.category}: {asked.question}"
    return [Reply(to=lines.nick_of(case.session, person), text=text, urgent=False)]


def _greeting(case: Case, questionnaire: Questionnaire) -> str:
    return (
        f"Scorecard of {case.incident.name}, {plural(len(questionnaire.questions), 'question')}: "
        f"{USAGE.removesuffix('.')}. "
    )


def _end(case: Case, person: int) -> Outcome:
    scores.stop(case.session, person=person)
    return [case.turn.tell(_total(case, _card(case)))]


def _next_open(case: Case, questionnaire: Questionnaire, *, after: int) -> int | None:
    given = {each.number for each in scores.answers(case.session, case.number) if each.answer is not None}
    return next((each.number for each in questionnaire.questions[after:] if each.number not in given), None)


def _card(case: Case) -> Scorecard:
    incident = incidents.get(case.session, case.number)
    card = incident and scorecard_of(case.session, case.turn.house, incident)
    if not card:
        raise LookupError(case.number)
    return card


def _refuse_overwriting(case: Case, numbers: Sequence[int], *, forced: bool) -> None:
    there: dict[int, Answered] = {each.number: each for each in scores.answers(case.session, case.number)}
    taken = [there[number] for number in numbers if number in there and there[number].answer is not None]
    if taken and not forced:
        first = taken[0]
        raise RefusedError(f"Question {first.number} has the answer {first.answer} already: !ir score! overwrites.")


def _total(case: Case, card: Scorecard) -> str:
    still = [str(row.number) for row in card.answers if row.answer is None]
    questions = "question" if len(still) == 1 else "questions"
    rest = f"open: {questions} {listing(still)}; !ir score asks them" if still else "complete"
    return f"Scorecard of {case.number} ({card.version}): {card.total} of {card.maximum}, {rest}."
