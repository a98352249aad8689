"""The scorecard from the channel: answered, shown, chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from irscribe.commands import Command
from irscribe.domain.answers import Word, parse_answer, parse_row
from irscribe.domain.errors import RefusedError
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing, plural
from irscribe.domain.report import AnswerValue
from irscribe.domain.text import clean
from irscribe.services import addressing, permitting
from irscribe.services.questioning import begin_again, go_on, resume, suggested
from irscribe.services.scorecards import CHOSEN, questionnaire_of, store, total
from irscribe.services.turn import Case, Outcome
from models import parts, scores

ONE = re.compile(r"#?([0-9]{1,3})\s+(\S.*)$", re.DOTALL)
USAGE = "!ir score N yes [NOTE], !ir score yyn-… or !ir score to be asked"


def score(case: Case, command: Command) -> Outcome:
    """Ask what is open in private, or take answers from the channel."""
    typed = command.text.strip()
    if not typed:
        return resume(case)
    if one := ONE.match(typed):
        return _answer_one(case, number=int(one[1]), said=one[2], forced=command.forced)
    if " " in typed or typed.removeprefix("#").isdecimal():
        raise RefusedError(f"What is the answer? Type {USAGE}; !ir @N score is about incident N.")
    return _answer_row(case, typed, forced=command.forced)


def scorecard(case: Case, command: Command) -> Outcome:
    """Show the total and what is open, or choose the questionnaire."""
    version = command.text.strip()
    if not version:
        return case.say(total(case))
    permitting.require(case, "scorecard", Standing.JOINED, spoken="Choosing the questionnaire")
    return _choose_version(case, version)


def _answer_one(case: Case, *, number: int, said: str, forced: bool) -> Outcome:
    questions = questionnaire_of(case).questions
    if not 1 <= number <= len(questions):
        raise RefusedError(f"There is no question {number}: they are numbered from 1 to {len(questions)}.")
    read = parse_answer(clean(said))
    answer = suggested(case, number) if read.word is Word.OK else read.word.value_given
    if answer is None:
        raise RefusedError(f"From the channel a question is answered yes, no or n/a: !ir score {number} yes [NOTE].")
    _refuse_overwriting(case, [number], forced=forced)
    return _answered(case, {number: answer}, {number: read.note}, f"Question {number}: {answer}.")


def _answer_row(case: Case, typed: str, *, forced: bool) -> Outcome:
    row, questions = parse_row(typed), questionnaire_of(case).questions
    if len(row) > len(questions):
        raise RefusedError(f"That is {plural(len(row), 'answer')} for {plural(len(questions), 'question')}.")
    given = {number: answer for number, answer in enumerate(row, 1) if answer is not None}
    _refuse_overwriting(case, list(given), forced=forced)
    return _answered(case, given, {}, f"{plural(len(given), 'answer')} taken.")


def _answered(case: Case, answers: Mapping[int, AnswerValue], notes: Mapping[int, str], done: str) -> Outcome:
    if answers:
        store(case, answers, notes)
    return [case.turn.say(f"{done} {total(case)}"), *go_on(case)]


def _choose_version(case: Case, version: str) -> Outcome:
    known = {each.lower(): each for each in case.turn.house.questionnaires}
    if version.lower() not in known:
        raise RefusedError(
            f"There is no questionnaire {clean(version)[:40]}: there are {listing(sorted(known.values()))}."
        )
    chosen = known[version.lower()]
    given = scores.answers(case.session, case.number)
    if any(each.answer for each in given):
        kept = questionnaire_of(case).version
        raise RefusedError(f"Incident {case.number} is scored with {kept} already, and keeps it.")
    for each in given:
        scores.set_answer(case.session, case.trail, each.number, {"suggested": None, "evidence": None})
    if case.incident.questionnaire is None:
        parts.set_field(case.session, case.trail, CHOSEN, chosen)
    else:
        parts.set_head(case.session, case.trail, questionnaire=chosen)
    again = addressing.case_of(case.turn, addressing.visible(case.turn, case.number))
    return [case.turn.say(f"The scorecard of {case.number} is {chosen} now."), *begin_again(again)]


def _refuse_overwriting(case: Case, numbers: Sequence[int], *, forced: bool) -> None:
    stored = {each.number: each.answer for each in scores.answers(case.session, case.number)}
    taken = next((number for number in numbers if stored.get(number)), None)
    if taken is not None and not forced:
        raise RefusedError(f"Question {taken} has the answer {stored[taken]} already: !ir score! … overwrites it.")
