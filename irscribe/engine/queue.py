"""What waits to be said: acknowledgements before lists, each target in its turn, several acknowledgements as one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, groupby

from irscribe.domain.request import Acknowledged, Reply, fold

Place = tuple[str, frozenset[str]]
"""Where something is to be said, and to whom: one nick may have been two people's."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A reply, what of it is still to be said, or acknowledgements to say as one; since when it waits."""

    replies: tuple[Reply, ...]
    since: float

    @property
    def reply(self) -> Reply:
        """What is to be said."""
        return combine(self.replies)

    @property
    def to(self) -> str:
        """Whom it is for."""
        return self.replies[0].to

    @property
    def recipient_keys(self) -> frozenset[str]:
        """The keys of the one person it is for, if need be."""
        return self.replies[0].recipient_keys

    @property
    def urgent(self) -> bool:
        """Whether it passes lists by."""
        return self.replies[0].urgent

    def moved(self, to: str) -> Waiting:
        """The same for somebody else."""
        return replace(self, replies=tuple(each.moved(to) for each in self.replies))

    @property
    def can_be_joined(self) -> bool:
        """Whether it is of the kind that several are said of as one."""
        return self.replies[0].acknowledged is not None


class Backlog:
    """What waits to be said: urgent replies, then lists."""

    def __init__(self) -> None:
        """Begin empty."""
        self._urgent, self._lists = Turns(), Turns()

    def __bool__(self) -> bool:
        return bool(self._urgent or self._lists)

    def put(self, waiting: Waiting) -> None:
        """Wait behind what is there."""
        self._turns(waiting).queue(waiting).append(waiting)

    def put_back(self, waiting: Waiting) -> None:
        """Wait before everything of its kind for the same target."""
        self._turns(waiting).queue(waiting).appendleft(waiting)

    def has(self, may: Callable[[Waiting], bool]) -> bool:
        """Whether there is anything that may be said, and is the first for its target."""
        return any(turns.next(may) is not None for turns in (self._urgent, self._lists))

    def take(self, may: Callable[[Waiting], bool], *, together: bool) -> Waiting | None:
        """What is to be said next; with ``together`` an acknowledgement speaks for its like that wait behind it."""
        for turns in (self._urgent, self._lists):
            place = turns.next(may)
            if place is not None:
                return turns.take(place, together=together)
        return None

    def hurry(self, before: float) -> None:
        """Let acknowledgements that wait since then pass by the answers before them: one line speaks for all."""
        self._urgent.hurry(before)

    def drop(self, is_dropped: Callable[[Waiting], bool]) -> Sequence[Waiting]:
        """Remove and return what is not to be said any more."""
        return [*self._urgent.drop(is_dropped), *self._lists.drop(is_dropped)]

    def move(self, target: str, to: str | None) -> Sequence[Waiting]:
        """Let what waits for one target wait for another; with None, remove and return it."""
        return [each for turns in (self._urgent, self._lists) for each in turns.move(target, to)]

    def _turns(self, waiting: Waiting) -> Turns:
        return self._urgent if waiting.urgent else self._lists


class Turns:
    """A queue for each target and each person who went by it; the one served longest ago, or never, is next."""

    def __init__(self) -> None:
        """Begin empty."""
        self._queues: dict[Place, deque[Waiting]] = {}
        self._served: dict[Place, int] = {}
        self._count = count(1)

    def __bool__(self) -> bool:
        return bool(self._queues)

    def queue(self, waiting: Waiting) -> deque[Waiting]:
        """What waits for the same, to be added to."""
        return self._queues.setdefault((fold(waiting.to), waiting.recipient_keys), deque())

    def next(self, may: Callable[[Waiting], bool]) -> Place | None:
        """Whose turn it is among those for whom the first that waits may be said."""
        places = (place for place, queue in self._queues.items() if may(queue[0]))
        return min(places, key=lambda place: self._served.get(place, 0), default=None)

    def take(self, place: Place, *, together: bool) -> Waiting:
        """The first that waits there."""
        queue = self._queues[place]
        first = queue.popleft()
        if together:
            first = _with_others(first, queue)
        self._served[place] = next(self._count)
        self._forget_empty()
        return first

    def hurry(self, before: float) -> None:
        """Let the first acknowledgement of each queue be the first in it, if it waits since then."""
        for queue in self._queues.values():
            first = next((each for each in queue if each.can_be_joined), None)
            if first is not None and first.since <= before and first is not queue[0]:
                queue.remove(first)
                queue.appendleft(first)

    def drop(self, is_dropped: Callable[[Waiting], bool]) -> Sequence[Waiting]:
        """Remove and return what is not to be said any more."""
        waiting = [each for queue in self._queues.values() for each in queue]
        self._queues.clear()
        for each in waiting:
            if not is_dropped(each):
                self.queue(each).append(each)
        return [each for each in waiting if is_dropped(each)]

    def move(self, target: str, to: str | None) -> Sequence[Waiting]:
        """Let what waits for one target wait for another; with None, remove and return it."""
        places = [place for place in self._queues if place[0] == fold(target)]
        waiting = [each for place in places for each in self._queues.pop(place)]
        if to is None:
            return waiting
        for each in waiting:
            moved = each.moved(to)
            self.queue(moved).append(moved)
        return ()

    def _forget_empty(self) -> None:
        for place in [place for place, queue in self._queues.items() if not queue]:
            del self._queues[place]
        if not self._queues:
            self._served.clear()


def _with_others(first: Waiting, queue: deque[Waiting]) -> Waiting:
    waiting = list(queue)
    same = [each for each in waiting if _are_alike(first.reply, each.reply)]
    queue.clear()
    queue.extend(each for each in waiting if not _are_alike(first.reply, each.reply))
    return replace(first, replies=tuple(chain(first.replies, *(each.replies for each in same))))


def combine(replies: Sequence[Reply]) -> Reply:
    """Several acknowledgements of entries as one line: ``#8–#14 logged``."""
    spoken_of = [each.acknowledged for each in replies if each.acknowledged is not None]
    if len(replies) == 1 or not spoken_of:
        return replies[0]
    text = f"{', '.join(_ranges(_numbers(spoken_of)))} {spoken_of[0].label}"
    return replace(replies[0], text=text)


def _numbers(spoken_of: Iterable[Acknowledged]) -> Sequence[int]:
    return sorted({number for each in spoken_of for number in range(each.first, each.last + 1)})


def _ranges(numbers: Iterable[int]) -> Iterator[str]:
    steps = count()
    for _, run in groupby(numbers, key=lambda number: number - next(steps)):
        first, *more = run
        yield f"#{first}–#{more[-1]}" if more else f"#{first}"


def _are_alike(one: Reply, other: Reply) -> bool:
    first, second = one.acknowledged, other.acknowledged
    if first is None or second is None:
        return False
    return (one.to, first.incident, first.label) == (other.to, second.incident, second.label)
