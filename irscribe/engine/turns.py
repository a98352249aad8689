"""The order in which each person is answered: what takes longer holds back later answers to that person only."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from irscribe.domain.events import Export, Lookup, Outcome
from irscribe.domain.request import Left, Renamed, Reply
from irscribe.domain.sentence import without_quotes
from irscribe.engine.rereading import same_answer, with_lines

log = logging.getLogger(__name__)

MOST_PENDING = 40
"""Most lookups and exports of one person that wait, as many as the shipped limit lets them type at once."""
TOO_MANY = (
    "Too many of your questions wait for an answer, so this one is dropped: type it again when they are answered."
)

Task = Lookup | Export
"""Something that takes longer than a reply."""
Refuse = Callable[[Task, str], Outcome]
"""Gives the outcome of a task that is not carried out, for the reason in the sentence."""


@dataclass(eq=False)
class Kept:
    """A task or a reply that has to wait, and the changes of nicks since it was kept."""

    item: Task | Reply
    moves: list[Renamed | Left] = field(default_factory=list)

    def follow(self, move: Renamed | Left) -> None:
        """Keep a change of a nick; one more of the same nick takes the place of the last."""
        last = self.moves[-1] if self.moves else None
        if isinstance(move, Renamed) and isinstance(last, Renamed) and _goes_on(last, move):
            self.moves[-1] = replace(last, nick=move.nick)
        else:
            self.moves.append(move)

    def moved(self, reply: Reply) -> list[Reply]:
        """Redirect a reply to the nick that its person has by now; give none if they have left."""
        for move in self.moves:
            if isinstance(move, Renamed) and move.person.casemapping.same(move.person.nick, reply.to):
                reply = reply.moved(move.nick, move.person.casemapping)
            elif isinstance(move, Left) and move.casemapping.same(move.nick, reply.to):
                log.warning("not said to %s, who has left: %s", reply.to, reply.text)
                return []
        return [reply]


@dataclass(eq=False)
class Turn:
    """The tasks and replies of one person in their order, a task first; a lower ``served`` was served longer ago."""

    waiting: deque[Kept] = field(default_factory=deque)
    served: int = 0
    at_work: bool = False

    @property
    def task(self) -> Task:
        """The first task."""
        item = self.waiting[0].item
        assert not isinstance(item, Reply)  # noqa: S101 - what a reply waits for stands before it
        return item

    def moved(self, outcome: Outcome) -> Outcome:
        """Redirect the replies of a part of the answer to the task."""
        waiting = self.waiting[0]
        return [now for each in outcome for now in (waiting.moved(each) if isinstance(each, Reply) else [each])]

    @property
    def pending(self) -> int:
        """The number of tasks."""
        return sum(not isinstance(each.item, Reply) for each in self.waiting)


class Turns:
    """The turns of all people who wait for a task; one thread at a time uses this."""

    def __init__(self, refuse: Refuse) -> None:
        """Begin with nobody who waits; ``refuse`` words the refusal of a task that is one too many."""
        self._refuse = refuse
        self._turns: dict[str, Turn] = {}
        self._served = count(1)

    def __bool__(self) -> bool:
        return bool(self._turns)

    def arrange(self, outcome: Outcome) -> Outcome:
        """Give what is to be done now; tasks, and replies to people who wait for one, are kept."""
        now: Outcome = []
        for each in outcome:
            if isinstance(each, Lookup | Export):
                self._take_on(each)
            elif isinstance(each, Reply) and each.asker is not None and each.asker.key in self._turns:
                self._turns[each.asker.key].waiting.append(Kept(each))
            else:
                now.append(each)
            if isinstance(each, Renamed | Left):
                self._follow(each)
        return now

    def put_back(self, lookup: Lookup) -> None:
        """Have a lookup answered anew before whatever waits for its person; their present key is that of its lines."""
        key = f"{lookup.request.network} {lookup.unsaid[-1].person_key}"
        turn = self._turns.setdefault(key, Turn())
        turn.waiting.insert(int(turn.at_work), Kept(lookup))

    def take_back(self, turn: Turn, rest: Sequence[Reply]) -> Lookup:
        """Give the lookup at work, to be answered anew for the rest of its lines and for those that were put back."""
        again = with_lines(rest)
        behind = turn.waiting[1].item if len(turn.waiting) > 1 else None
        if isinstance(behind, Lookup) and behind.unsaid and same_answer(behind.unsaid[0], rest[0]):
            del turn.waiting[1]
            again = replace(again, unsaid=(*behind.unsaid, *rest))
        return again

    def leave_out_quotes(self) -> None:
        """Leave out what the replies that wait quote."""
        for kept in self._kept():
            if isinstance(kept.item, Reply):
                kept.item = replace(kept.item, text=without_quotes(kept.item.text))

    def next(self, kind: type[Task]) -> Turn | None:
        """Give the turn that begins with a task of a kind, of the person served longest ago; None if none waits."""
        idle = [each for each in self._turns.values() if not each.at_work and isinstance(each.task, kind)]
        if not idle:
            return None
        turn = min(idle, key=lambda each: each.served)
        turn.at_work, turn.served = True, next(self._served)
        return turn

    def finish(self, turn: Turn, outcome: Outcome) -> Outcome:
        """Put the outcome in the place of a turn's task; give what is to be done now."""
        turn.at_work = False
        done = turn.waiting.popleft()
        now: Outcome = []
        more: list[Kept] = []
        for each in outcome:
            if isinstance(each, Lookup | Export | Reply):
                more.append(Kept(each, [*done.moves]))
            else:
                now.append(each)
        turn.waiting.extendleft(reversed(more))
        now += self._take_replies(turn)
        if not turn.waiting:
            self._turns = {asker: each for asker, each in self._turns.items() if each is not turn}
        return now

    def drain(self) -> Iterator[Turn]:
        """Give turns until nobody waits; the caller finishes each before it asks for the next one."""
        while self._turns:
            yield next(iter(self._turns.values()))

    def _take_on(self, task: Task) -> None:
        """Keep a task, or in its place the line that says that there are too many."""
        turn = self._turns.setdefault(task.asker.key, Turn())
        kept: Outcome = [task] if turn.pending < MOST_PENDING else self._refuse(task, TOO_MANY)
        turn.waiting.extend(Kept(each) for each in kept if isinstance(each, Lookup | Export | Reply))

    def _take_replies(self, turn: Turn) -> Outcome:
        """Take the replies before the next task."""
        replies: Outcome = []
        while turn.waiting and isinstance(item := turn.waiting[0].item, Reply):
            replies += turn.waiting.popleft().moved(item)
        return replies

    def _follow(self, move: Renamed | Left) -> None:
        for each in self._kept():
            each.follow(move)
        if isinstance(move, Renamed):
            before = (f"{move.network} {key}" for key in move.person.keys)
            key = next((each for each in before if each in self._turns), None)
            if key is not None:
                self._turns[f"{move.network} {replace(move.person, nick=move.nick).key}"] = self._turns.pop(key)

    def _kept(self) -> Iterator[Kept]:
        return (kept for turn in self._turns.values() for kept in turn.waiting)


def _goes_on(last: Renamed, move: Renamed) -> bool:
    return last.network == move.network and move.person.casemapping.same(last.nick, move.person.nick)
