"""The queue of replies: urgent ones, lists, idle ones; people in rotation, several replies combined into one line."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from itertools import count
from math import inf

from irscribe.domain.casemapping import CaseMapping
from irscribe.engine.joining import Waiting, with_those_alike, with_those_that_fit
from irscribe.engine.shares import Shares

Place = tuple[str, str]
"""The target of a reply and the key of its person: two people may have used one nick, and many ask in a channel."""
Room = Callable[[str], int]
"""Gives the bytes of text that reach a target in one line."""


class Backlog:
    """The replies that wait: urgent ones, lists, idle ones; ``shares`` counts what waits for each person."""

    def __init__(self, shares: Shares) -> None:
        """Begin empty."""
        self._urgent, self._lists, self._idle = RoundRobin(), RoundRobin(), RoundRobin()
        self._all = (self._urgent, self._lists, self._idle)
        self._shares = shares
        self._casemapping = CaseMapping.ASCII

    def __bool__(self) -> bool:
        return any(self._all)

    def compare_by(self, casemapping: CaseMapping) -> None:
        """Compare targets by the case mapping of a network from now on."""
        self._casemapping = casemapping
        for queues in self._all:
            queues.compare_by(casemapping)

    def put(self, waiting: Waiting) -> None:
        """Queue behind everything of its kind for the same place."""
        self._round_robin(waiting).queue(waiting).append(waiting)
        self._shares.add(waiting)

    def put_back(self, waiting: Waiting) -> None:
        """Queue before everything of its kind for the same place."""
        self._round_robin(waiting).queue(waiting).appendleft(waiting)
        self._shares.add(waiting)

    def has(self, may: Callable[[Waiting], bool]) -> bool:
        """True if the first reply of some place may be sent."""
        return any(queues.has(may) for queues in self._all)

    def take(self, may: Callable[[Waiting], bool], *, room: Room | None) -> Waiting | None:
        """Remove and return the next reply; without ``room`` there is no pace, and they go in their order.

        With it people take turns, and replies are combined where that saves a line: an acknowledgement takes those like
        it along, and a line of a list the next ones if others wait for lists.
        """
        for queues in self._all:
            place = queues.first(may) if room is None else queues.next(may)
            if place is not None:
                taken = queues.take(place, room=room)
                self._shares.remove(taken)
                return taken
        return None

    def hurry(self, before: float) -> None:
        """Move acknowledgements queued before that time ahead of answers: one line can stand for all of them."""
        self._urgent.hurry(before)

    def drop(self, is_dropped: Callable[[Waiting], bool]) -> Sequence[Waiting]:
        """Remove and return the replies that are not to be sent any more."""
        dropped = [each for queues in self._all for each in queues.drop(is_dropped)]
        for each in dropped:
            self._shares.remove(each)
        return dropped

    def change(self, changed: Callable[[Waiting], Waiting]) -> None:
        """Change what waits, each in its place."""
        for queue in [queue for queues in self._all for queue in queues.queues]:
            for place, each in enumerate(queue):
                queue[place] = changed(each)
                self._shares.add(queue[place])
                self._shares.remove(each)

    def move(self, target: str, to: str | None) -> Sequence[Waiting]:
        """Redirect the replies for one target to another; with None, remove and return them."""
        removed = [each for queues in self._all for each in queues.remove(target)]
        if to is not None:
            for each in removed:
                self.put(each.moved(to, self._casemapping))
        for each in removed:
            self._shares.remove(each)
        return removed if to is None else ()

    def _round_robin(self, waiting: Waiting) -> RoundRobin:
        if waiting.idle:
            return self._idle
        return self._urgent if waiting.urgent else self._lists


class RoundRobin:
    """A queue for each place; next is that of the person served longest ago, or never.

    Between two acknowledgements that have waited long enough something else gets its turn.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._queues: dict[Place, deque[Waiting]] = {}
        self._served: dict[str | Place, int] = {}
        self._count = count(1)
        self._casemapping = CaseMapping.ASCII
        self._overdue_since = -inf
        self._was_overdue = False

    def __bool__(self) -> bool:
        return bool(self._queues)

    @property
    def queues(self) -> Collection[deque[Waiting]]:
        """The queues of all places."""
        return self._queues.values()

    def compare_by(self, casemapping: CaseMapping) -> None:
        """Compare targets by this case mapping."""
        self._casemapping = casemapping
        self.drop(lambda _: False)

    def queue(self, waiting: Waiting) -> deque[Waiting]:
        """Give the queue of the same target and person, made if need be."""
        return self._queues.setdefault((self._casemapping.fold(waiting.to), waiting.person_key), deque())

    def has(self, may: Callable[[Waiting], bool]) -> bool:
        """True if the first reply of some place may be sent."""
        return any(may(queue[0]) for queue in self._queues.values())

    def next(self, may: Callable[[Waiting], bool]) -> Place | None:
        """Of the places whose first reply may be sent, give the next one in turn; None if there is none."""
        places = (place for place, queue in self._queues.items() if may(queue[0]))
        return min(places, key=self._turn, default=None)

    def first(self, may: Callable[[Waiting], bool]) -> Place | None:
        """Of the places whose first reply may be sent, give the one where that waits longest; None if there is none."""
        places = (place for place, queue in self._queues.items() if may(queue[0]))
        return min(places, key=lambda place: self._queues[place][0].since, default=None)

    def take(self, place: Place, *, room: Room | None) -> Waiting:
        """Remove and return the first reply of a place, combined with others if there is a ``room``."""
        self._was_overdue = self._is_overdue(place)
        queue = self._queues[place]
        first = queue.popleft()
        if room is not None:
            first = self._combined(first, queue, room)
        self._served[_rotated(place)] = self._served[place] = next(self._count)
        self._forget_empty()
        return first

    def hurry(self, before: float) -> None:
        """Move the first acknowledgement of each queue to its front if it was queued before that time."""
        self._overdue_since = before
        for queue in self._queues.values():
            first = next((each for each in queue if each.can_be_joined), None)
            if first is not None and first.since <= before and first is not queue[0]:
                queue.remove(first)
                queue.appendleft(first)

    def drop(self, is_dropped: Callable[[Waiting], bool]) -> Sequence[Waiting]:
        """Remove and return the replies that are not to be sent any more."""
        waiting = [each for queue in self._queues.values() for each in queue]
        self._queues.clear()
        for each in waiting:
            if not is_dropped(each):
                self.queue(each).append(each)
        return [each for each in waiting if is_dropped(each)]

    def remove(self, target: str) -> Sequence[Waiting]:
        """Remove and return the replies for one target."""
        places = [place for place in self._queues if place[0] == self._casemapping.fold(target)]
        return [each for place in places for each in self._queues.pop(place)]

    def _combined(self, first: Waiting, queue: deque[Waiting], room: Room) -> Waiting:
        if first.can_be_joined:
            return with_those_alike(first, queue)
        others_wait = len({_rotated(place) for place in self._queues}) > 1
        return with_those_that_fit(first, queue, room(first.to)) if others_wait and not first.urgent else first

    def _turn(self, place: Place) -> tuple[bool, int, int]:
        repeats = self._is_overdue(place) is self._was_overdue
        return repeats, self._served.get(_rotated(place), 0), self._served.get(place, 0)

    def _is_overdue(self, place: Place) -> bool:
        first = self._queues[place][0]
        return first.can_be_joined and first.since <= self._overdue_since

    def _forget_empty(self) -> None:
        for place in [place for place, queue in self._queues.items() if not queue]:
            del self._queues[place]
        if not self._queues:
            self._served.clear()


def _rotated(place: Place) -> str | Place:
    """Give what gets a turn: a person, wherever they are spoken to, else the place itself."""
    return place[1] or place
