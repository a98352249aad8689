"""Answers that are read anew: something was withdrawn before all of their lines were said.

The lines that wait are taken out of the outgoing queue, and of the new answer those are said that were not said before.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

from irscribe.domain.answerlines import Answer, AnswerLine
from irscribe.domain.events import Lookup, Outcome
from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech


def lookups_of(taken_back: Iterable[Reply]) -> Sequence[Lookup]:
    """Give the lookups to answer anew, each with the lines of its answer that were taken back."""
    unsaid: dict[int, list[Reply]] = defaultdict(list)
    for each in taken_back:
        unsaid[id(_line(each).answer)].append(each)
    return [with_lines(each) for each in unsaid.values()]


def with_lines(unsaid: Sequence[Reply]) -> Lookup:
    """Give the lookup that these lines are the answer to, to be answered anew for them."""
    lookup = _line(unsaid[0]).answer.lookup
    assert isinstance(lookup, Lookup)  # noqa: S101 - nothing else is put there
    return replace(lookup, unsaid=tuple(sorted(unsaid, key=lambda each: _line(each).place)))


def same_answer(one: Reply, other: Reply) -> bool:
    """True if both are lines of the same answer."""
    return _line(one).answer is _line(other).answer


def as_answer(lookup: Lookup, outcome: Outcome) -> Outcome:
    """Give what is to be said of an answer, each line with its place; of one read anew what was not said before."""
    whole = replace(lookup, unsaid=())
    answer = Answer(lookup=whole, lines=tuple((each.to, each.text) for each in outcome if isinstance(each, Reply)))
    places = count()
    lines = [
        replace(each, line=AnswerLine(answer=answer, place=next(places))) if isinstance(each, Reply) else each
        for each in outcome
    ]
    return for_present_nick(lookup, _unsaid(lookup.unsaid, lines)) if lookup.unsaid else lines


def for_present_nick(lookup: Lookup, outcome: Outcome) -> Outcome:
    """Address private lines as those that were taken back: their person may have another nick by now."""
    return [_for_present_nick(each, lookup.unsaid) if isinstance(each, Reply) else each for each in outcome]


def _unsaid(unsaid: Sequence[Reply], lines: Outcome) -> Outcome:
    """Give the lines of an answer that wait, as far as they are said already, and those that it did not have before.

    If nothing waits, nothing new is said but a refusal: the line that announces a private list stands there already.
    """
    waiting: dict[tuple[str, Speech], deque[Reply]] = defaultdict(deque)
    for each in unsaid:
        waiting[_line(each).read].append(each)
    targets = {target for target, _ in waiting}
    said = Counter(_line(unsaid[0]).answer.lines)
    said.subtract({read: len(replies) for read, replies in waiting.items()})
    left: Outcome = []
    for line in lines:
        if not isinstance(line, Reply):
            left.append(line)
        elif said[read := (line.to, line.text)] > 0:
            said[read] -= 1
        elif waiting[read]:
            left.append(replace(waiting[read].popleft(), line=line.line))
        elif line.refusal or line.to in targets:
            left.append(line)
    return left


def _for_present_nick(line: Reply, unsaid: Sequence[Reply]) -> Reply:
    own = next((each for each in unsaid if _line(each).read[0] == line.to), None)
    return line if own is None else replace(line, to=own.to, recipient_keys=own.recipient_keys, nick_keys=own.nick_keys)


def _line(reply: Reply) -> AnswerLine:
    """Give the place of a reply that has one."""
    assert reply.line is not None  # noqa: S101 - only such replies are taken back
    return reply.line
