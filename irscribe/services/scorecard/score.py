"""The commands of the scorecard: answer questions, show the total, choose the questionnaire."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from irscribe.commands import NOTHING, BareNumber, Command, Group, Verb
from irscribe.domain.answers import Word, answer_in, parse_answer, parse_row, skip_answered
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing, plural
from irscribe.domain.report import AnswerValue
from irscribe.domain.sentence import sentence
from irscribe.domain.text import clean
from irscribe.services.context import permission, target
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.scorecard.answers import CHOSEN, questionnaire_of, store, total
from irscribe.services.scorecard.dialogue import begin_again, go_on, resume, suggested
from models import parts, scores

ONE = re.compile(r"#?([0-9]{1,3})\s+(\S.*)$", re.DOTALL)
USAGE = sentence("{ir} score N yes [NOTE], {ir} score yyn-… or {ir} score to be asked")


@Verb(
    "score",
    "[N ANSWER [NOTE] | yyn-…]",
    does="asks the scorecard in private, or takes answers; score! overwrites",
    example="score 3 no, nobody was paged",
    group=Group.SCORECARD,
    forced=True,
    standing=Standing.JOINED,
)
def score(ctx: IncidentContext, command: Command) -> Outcome:
    """Ask the open questions in private, or take answers from the channel."""
    typed = command.text.strip()
    if not typed:
        return resume(ctx)
    if one := ONE.match(typed):
        return _answer_one(ctx, number=int(one[1]), said=one[2], forced=command.forced)
    if (said := answer_in(typed)) is not None and said.word.value_given is not None:
        raise RefusedError(
            sentence("Which question? Type {ir} score N {} [NOTE], or {ir} score to be asked.", said.word)
        )
    if " " in typed or typed.removeprefix("#").isdecimal():
        raise RefusedError(sentence("What is the answer? Type {}; {ir} @N score is about incident N.", USAGE))
    return _answer_row(ctx, typed, forced=command.forced)


@Verb(
    "scorecard",
    "[VERSION]",
    does="shows the total and what is open, or chooses the questionnaire",
    example="scorecard general",
    group=Group.SCORECARD,
    bare_number=BareNumber.BEFORE_ARGUMENT,
    free_text=False,
    reads_only=(NOTHING,),
    final_takes=(NOTHING,),
)
def scorecard(ctx: IncidentContext, command: Command) -> Outcome:
    """Show the total and the open questions, or choose the questionnaire."""
    version = command.text.strip()
    if not version:
        return ctx.inform(total(ctx))
    permission.require(ctx, command.verb, standing=Standing.JOINED, spoken="Choosing the questionnaire")
    return _choose_version(ctx, version)


def _answer_one(ctx: IncidentContext, *, number: int, said: str, forced: bool) -> Outcome:
    questions = questionnaire_of(ctx).questions
    if not 1 <= number <= len(questions):
        raise RefusedError(f"There is no question {number}: they are numbered from 1 to {len(questions)}.")
    read = parse_answer(clean(said))
    answer = suggested(ctx, number) if read.word is Word.OK else read.word.value_given
    if answer is None:
        raise RefusedError(
            sentence("From the channel a question is answered yes, no or n/a: {ir} score {} yes [NOTE].", number)
        )
    _refuse_overwriting(ctx, [number], forced=forced)
    return _answered(ctx, {number: answer}, {number: read.note}, f"Question {number}: {answer}.")


def _answer_row(ctx: IncidentContext, typed: str, *, forced: bool) -> Outcome:
    row, questions = parse_row(typed), questionnaire_of(ctx).questions
    if len(row) > len(questions):
        raise RefusedError(f"That is {plural(len(row), 'answer')} for {plural(len(questions), 'question')}.")
    given = {number: answer for number, answer in enumerate(row, 1) if answer is not None}
    _refuse_overwriting(ctx, list(given), forced=forced, row=typed)
    return _answered(ctx, given, {}, f"{plural(len(given), 'answer')} taken.")


def _answered(ctx: IncidentContext, answers: Mapping[int, AnswerValue], notes: Mapping[int, str], done: str) -> Outcome:
    if answers:
        store(ctx, answers, notes)
    return [ctx.reply(sentence("{} {}", done, total(ctx))), *go_on(ctx)]


def _choose_version(ctx: IncidentContext, version: str) -> Outcome:
    known = {each.lower(): each for each in ctx.application.questionnaires}
    if version.lower() not in known:
        offered = ctx.application.offered_questionnaires()
        raise RefusedError(
            f"There is no questionnaire {clean(version)[:40]}: "
            f"there {'is' if len(offered) == 1 else 'are'} {listing(offered)}."
        )
    chosen = known[version.lower()]
    given = scores.answers(ctx.session, ctx.number)
    if any(each.answer for each in given):
        kept = questionnaire_of(ctx).version
        raise RefusedError(f"Incident {ctx.number} is scored with {kept} already, and keeps it.")
    for each in given:
        scores.set_answer(ctx.session, ctx.audit, each.number, {"suggested": None, "evidence": None})
    if ctx.incident.questionnaire is None:
        parts.set_field(ctx.session, ctx.audit, CHOSEN, chosen)
    else:
        parts.set_head(ctx.session, ctx.audit, questionnaire=chosen)
    return [ctx.reply(f"The scorecard of {ctx.number} is {chosen} now."), *begin_again(target.read_again(ctx))]


def _refuse_overwriting(ctx: IncidentContext, numbers: Sequence[int], *, forced: bool, row: str = "") -> None:
    stored = {each.number: each.answer for each in scores.answers(ctx.session, ctx.number) if each.answer}
    taken = next((number for number in numbers if number in stored), None)
    if taken is None or forced:
        return
    said = sentence("Question {} has the answer {} already: {ir} score! … overwrites it", taken, stored[taken])
    count = len(questionnaire_of(ctx).questions)
    rest = skip_answered(row, answered=stored, count=count) if row else ""
    raise RefusedError(sentence("{}, {ir} score {} answers what is open.", said, rest) if rest else said + ".")
