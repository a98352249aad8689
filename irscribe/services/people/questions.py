"""Open questions, for people who come late."""

from __future__ import annotations

import re

from irscribe.commands import ANYTHING, NOTHING, BareNumber, Command, Group, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.prose import plural
from irscribe.domain.sentence import sentence
from irscribe.domain.text import cut
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.wording import prose, refuse_incomplete
from models import parts

SECTION = "ask"
DONE = re.compile(r"done\s+#?([0-9]{1,6})$", re.IGNORECASE)
ANSWERED = re.compile(r"done\s+#?([0-9]{1,6})[\s,.:;–—-]", re.IGNORECASE)
"""The beginning of a text that says that a question is answered, and the answer."""

NO_ANSWER = sentence(
    "{ir} ask done N says that question N is answered; {ir} decided TEXT or {log} TEXT writes down how."
)


@Verb(
    "ask",
    "TEXT | done N",
    does="notes an open question for the recap",
    example="ask who owns the mail server?",
    group=Group.PEOPLE,
    meant_by=("question", "questions"),
    refused=dict.fromkeys(("answer", "answered"), NO_ANSWER),
    bare_number=BareNumber.UNCLEAR_ALONE,
    reads_only=(NOTHING,),
    final_takes=(ANYTHING,),
)
def ask(ctx: IncidentContext, command: Command) -> Outcome:
    """Note an open question, say that one is answered, or list them."""
    typed = command.text.strip()
    if not typed:
        return _list(ctx)
    if found := DONE.match(typed):
        return _settle(ctx, int(found[1]))
    refuse_incomplete(typed, ways={"done": sentence("{ir} ask done N")})
    _refuse_answer(ctx, typed)
    number = parts.add_point(ctx.session, ctx.audit, SECTION, {"text": prose(typed, usage=sentence("{ir} ask TEXT"))})
    return ctx.say(sentence("Question {} is open: {ir} ask done {} when it is answered.", number, number))


def _refuse_answer(ctx: IncidentContext, typed: str) -> None:
    """Refuse the answer to an open question behind its number: nothing keeps it, and it is no new question.

    Raises RefusedError with the commands that do both.
    """
    found = ANSWERED.match(typed)
    asked = parts.point(ctx.session, ctx.number, SECTION, int(found[1])) if found else None
    if found and asked and not asked.done:
        raise RefusedError(
            sentence(
                "Type {ir} ask done {} alone; {ir} decided TEXT or {log} TEXT writes its answer down.", int(found[1])
            )
        )


def _settle(ctx: IncidentContext, number: int) -> Outcome:
    asked = parts.point(ctx.session, ctx.number, SECTION, number)
    if asked is None or asked.done:
        raise RefusedError(sentence("Question {} is not open: {ir} ask lists what is.", number))
    parts.set_point(ctx.session, ctx.audit, SECTION, number, values={"done": True})
    return ctx.say(f"Question {number} is answered: “{cut(asked.text, 80)}”.")


def _list(ctx: IncidentContext) -> Outcome:
    waiting = [each for each in parts.points(ctx.session, ctx.number, SECTION) if not each.done]
    if not waiting:
        return ctx.inform(sentence("No question is open: {ir} ask TEXT asks one."))
    lines = [f"Question {each.number}. {cut(each.text, 300)}" for each in waiting]
    return ctx.answer(lines, about=f"{plural(len(lines), 'open question')}")
