"""The scorecard asked in private, one question at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from irscribe.commands import BY_NAME
from irscribe.domain.answers import USAGE, Said, Word, parse_answer
from irscribe.domain.errors import ForbiddenError, RefusedError
from irscribe.domain.evidence import suggest
from irscribe.domain.permission import NEEDED, Standing
from irscribe.domain.prose import plural, without_ping
from irscribe.domain.questionnaire import Question
from irscribe.domain.record import Answered, Dialogue
from irscribe.domain.report import AnswerValue, Suggestion
from irscribe.domain.request import Reply
from irscribe.domain.text import clean
from irscribe.services import addressing, finality, permitting
from irscribe.services.reporting import report_of
from irscribe.services.scorecards import keep, next_open, questionnaire_of, store, total
from irscribe.services.turn import Case, Outcome, Turn
from models import Session, incidents, persons, scores, team

ON_ITS_WAY = timedelta(seconds=2)
"""How long somebody may not have seen yet that they are asked another question."""


def begin(case: Case) -> tuple[str, Outcome]:
    """Ask the coordinator, or who closed the incident: a sentence for the channel, and what they are told."""
    keep(case)
    first = next_open(case)
    if first is None:
        return total(case), []
    serving = [term.person for term in team.terms(case.session, case.number) if term.until is None]
    person = serving[-1] if serving and serving[-1] else case.turn.person
    nick = _nick(case.turn, person)
    if not addressing.exists_in_private(case.session, case.incident, person):
        return "!ir score asks the scorecard.", []
    if asked(case.session, person) is not None:
        later = f"!ir score @{case.number} asks the scorecard of {case.incident.name} when you are done here."
        return "!ir score asks the scorecard.", [_tell(case.turn, person, later)]
    return f"I ask {without_ping(nick)} the scorecard in private.", _ask(case, person, first, greet=True)


def resume(case: Case) -> Outcome:
    """Ask whoever typed the command what is open, from where it stopped.

    Raises RefusedError while they are being asked about another incident, or for a private one they do not work on.
    """
    if not addressing.exists_in_private(case.session, case.incident, case.turn.person):
        raise ForbiddenError(f"I ask about a private incident only who works on it: {NEEDED[Standing.JOINED]}")
    busy = asked(case.session, case.turn.person)
    if busy is not None and busy.incident != case.number:
        raise RefusedError(f"I am asking you about {busy.incident}: answer in private, or say stop there, first.")
    question = busy.question if busy is not None else next_open(case)
    if question is None:
        return case.say(total(case))
    told = [*_release_others(case), *_ask(case, case.turn.person, question, greet=busy is None)]
    here = [] if case.turn.request.channel is None else case.say(f"I ask you in private, from question {question} on.")
    return [*here, *told]


def asked(session: Session, person: int) -> Dialogue | None:
    """The question somebody is being asked; none any more of an incident that does not exist for them now."""
    dialogue = scores.dialogue_with(session, person)
    incident = incidents.get(session, dialogue.incident) if dialogue else None
    if incident is not None and addressing.exists_in_private(session, incident, person):
        return dialogue
    scores.stop(session, person=person)
    return None


def hear(turn: Turn) -> Outcome:
    """Take a line said in private for an answer, while a question is open; else say nothing.

    Raises RefusedError for a line that is no answer.
    """
    dialogue = asked(turn.session, turn.person)
    if dialogue is None:
        return []
    case = addressing.case_of(turn, addressing.visible(turn, dialogue.incident))
    over = _over(case)
    if over is not None:
        scores.stop(turn.session, person=turn.person)
        return [turn.say(f"I ask you no more about {case.incident.name}, and this is no answer to it: {over}")]
    said = _answer(turn)
    other = None if said.word in (Word.STOP, Word.BACK) else _was_faster(case, dialogue)
    if other is None:
        return _steer(case, dialogue, said)
    late = f"{_nick(turn, other)} has just answered what I asked you before, so yours is not taken. Now this one:"
    return [turn.say(late), *_ask(case, turn.person, dialogue.question)]


def _over(case: Case) -> str | None:
    """Why somebody is asked no more."""
    if finality.is_final(case):
        return f"its report is final, and {finality.way_back(case)}."
    return permitting.lost(case, "score", Standing.JOINED)


def go_on(case: Case) -> Outcome:
    """After answers from the channel: who was being asked one of them is asked the next open one."""
    told: Outcome = []
    for dialogue in _dialogues(case):
        if _is_answered(case, dialogue.question):
            told += _ask_next(case, dialogue)
    return told


def begin_again(case: Case) -> Outcome:
    """Ask everybody who is being asked from question 1 on: the questions are other ones now."""
    told: Outcome = []
    for dialogue in _dialogues(case):
        told += _ask(case, dialogue.person, 1)
    return told


def _answer(turn: Turn) -> Said:
    text = clean(turn.request.text)
    try:
        return parse_answer(text)
    except RefusedError as refusal:
        raise RefusedError(f"{refusal}{_as_command(turn, text.lower().split())}") from refusal


def _as_command(turn: Turn, words: Sequence[str]) -> str:
    """How to type what may have been meant as a command: in private a bare one is no command either."""
    names = turn.house.config.names
    if words and words[0] in names.incident:
        words = words[1:]
    first = words[0] if words else ""
    if first in ("log", "note", *names.log, *names.note):
        return " If you meant a note: !log TEXT."
    return f" If you meant the command: !ir {first}." if first in BY_NAME else ""


def _was_faster(case: Case, dialogue: Dialogue) -> int | None:
    """Who else answered the question before this one while an answer to it may have been on its way."""
    lately = scores.answered_aloud(case.session, case.number, case.turn.request.heard_at - ON_ITS_WAY)
    for number, person in lately.items():
        moved = number < dialogue.question == next_open(case, after=number)
        if moved and person != dialogue.person:
            return person
    return None


def _dialogues(case: Case) -> list[Dialogue]:
    found = scores.dialogues_about(case.session, case.number)
    return [each for each in found if asked(case.session, each.person) is not None]


def _steer(case: Case, dialogue: Dialogue, said: Said) -> Outcome:
    match said.word:
        case Word.STOP:
            scores.stop(case.session, person=dialogue.person)
            return [case.turn.say(f"Stopped. !ir score @{case.number} goes on where you left it.")]
        case Word.BACK:
            if dialogue.question == 1:
                raise RefusedError("That was the first question: answer it, or say skip or stop.")
            return _ask(case, dialogue.person, dialogue.question - 1)
        case Word.SKIP:
            return _ask_next(case, dialogue)
        case Word.OK:
            answer = suggested(case, dialogue.question)
        case _:
            answer = AnswerValue(said.word.value)
    store(case, {dialogue.question: answer}, {dialogue.question: said.note})
    return _ask_next(case, dialogue)


def suggested(case: Case, number: int) -> AnswerValue:
    """The answer that was suggested for a question.

    Raises RefusedError when there is none.
    """
    stored = _stored(case, number)
    if stored is None or stored.suggested is None:
        raise RefusedError(f"There is no suggestion to take: {USAGE}")
    return AnswerValue(stored.suggested)


def _ask_next(case: Case, dialogue: Dialogue) -> Outcome:
    following = next_open(case, after=dialogue.question)
    if following is not None:
        return _ask(case, dialogue.person, following)
    scores.stop(case.session, person=dialogue.person)
    return [_tell(case.turn, dialogue.person, total(case))]


def _ask(case: Case, person: int, number: int, *, greet: bool = False) -> Outcome:
    scores.ask(case.session, person=person, incident=case.number, question=number)
    questions = questionnaire_of(case).questions
    question = questions[number - 1]
    suggestion = _suggest(case, question)
    hint = f" Suggested: {suggestion.answer} ({suggestion.evidence}); ok takes it." if suggestion else ""
    greeting = [_greeting(case, len(questions))] if greet else []
    texts = [*greeting, f"{number}/{len(questions)} {question.category}: {question.question}{hint}"]
    return [_tell(case.turn, person, text) for text in texts]


def _greeting(case: Case, count: int) -> str:
    return f"Scorecard of {case.incident.name}, {plural(count, 'question')}: {USAGE}"


def _suggest(case: Case, question: Question) -> Suggestion | None:
    """What the record says now, stored beside the answer; an answered question keeps what was said then."""
    if _is_answered(case, question.number):
        return None
    found = suggest(question.evidence, report_of(case.session, case.turn.house, case.number))
    if found is not None or _stored(case, question.number) is not None:
        values = {"suggested": found and found.answer.value, "evidence": found and found.evidence}
        # It is the record's word, not a change of whoever is asked: nothing for `undo`.
        trail = replace(case.trail, line=None, person=None)
        scores.set_answer(case.session, trail, question.number, values)
    return found


def _stored(case: Case, number: int) -> Answered | None:
    return next((each for each in scores.answers(case.session, case.number) if each.number == number), None)


def _is_answered(case: Case, number: int) -> bool:
    stored = _stored(case, number)
    return stored is not None and stored.answer is not None


def _release_others(case: Case) -> Outcome:
    """Only one person is asked about an incident: who asks to be takes it over."""
    told: Outcome = []
    for dialogue in _dialogues(case):
        if dialogue.person != case.turn.person:
            scores.stop(case.session, person=dialogue.person)
            text = f"{case.turn.request.person.nick} goes on with the scorecard of {case.number}."
            told.append(_tell(case.turn, dialogue.person, text))
    return told


def _tell(turn: Turn, person: int, text: str) -> Reply:
    """A line in private to who is asked; their nick may be another's by now, all the more where others answer."""
    if person == turn.person:
        return Reply(to=turn.request.person.nick, text=text, whom=turn.request.person.keys)
    return Reply(to=persons.nick_of(turn.session, person), text=text, whom=persons.keys_of(turn.session, person))


def _nick(turn: Turn, person: int) -> str:
    return turn.request.person.nick if person == turn.person else persons.nick_of(turn.session, person)
