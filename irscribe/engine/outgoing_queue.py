"""The queue of replies: urgent ones before lists, targets in rotation, several acknowledgements combined into one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, groupby

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.request import Acknowledged, Reply

Place = tuple[str, frozenset[str]]
"""The target of a reply and its recipient keys: two people may have used one nick."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A reply or its rest, or acknowledgements to combine; ``since``: monotonic time of queuing, in seconds."""

    replies: tuple[Reply, ...]
    since: float

    @property
    def reply(self) -> Reply:
        """The reply to send."""
        return combine(self.replies)

    @property
    def to(self) -> str:
        """The nick or channel that it is for."""
        return self.replies[0].to

    @property
    def recipient_keys(self) -> frozenset[str]:
        """The keys of the one person that it is for; empty if it is for anybody there."""
        return self.replies[0].recipient_keys

    @property
    def urgent(self) -> bool:
        """True if it goes before lists."""
        return self.replies[0].urgent

    def moved(self, to: str, casemapping: CaseMapping) -> Waiting:
        """Give the same replies for another target."""
        return replace(self, replies=tuple(each.moved(to, casemapping) for each in self.replies))

    @property
    def can_be_joined(self) -> bool:
        """True if it is an acknowledgement that can be combined with others."""
        return self.replies[0].acknowledged is not None


class Backlog:
    """The replies that wait: urgent ones, then lists."""

    def __init__(self) -> None:
        """Begin empty."""
        self._urgent, self._lists = RoundRobin(), RoundRobin()

    def __bool__(self) -> bool:
        return bool(self._urgent or self._lists)

    def compare_by(self, casemapping: CaseMapping) -> None:
        """Compare targets by the case mapping of a network from now on."""
        for queues in (self._urgent, self._lists):
            queues.compare_by(casemapping)

    def put(self, waiting: Waiting) -> None:
        """Queue behind everything of its kind for the same target."""
        self._round_robin(waiting).queue(waiting).append(waiting)

    def put_back(self, waiting: Waiting) -> None:
        """Queue before everything of its kind for the same target."""
        self._round_robin(waiting).queue(waiting).appendleft(waiting)

    def has(self, may: Callable[[Waiting], bool]) -> bool:
        """True if the first reply of some target may be sent."""
        return any(queues.next(may) is not None for queues in (self._urgent, self._lists))

    def take(self, may: Callable[[Waiting], bool], *, together: bool) -> Waiting | None:
        """Remove and return the next reply; with ``together`` an acknowledgement takes those like it along."""
        for queues in (self._urgent, self._lists):
            place = queues.next(may)
            if place is not None:
                return queues.take(place, together=together)
        return None

    def hurry(self, before: float) -> None:
        """Move acknowledgements queued before that time ahead of answers: one line can stand for all of them."""
        self._urgent.hurry(before)

    def drop(self, is_dropped: Callable[[Waiting], bool]) -> Sequence[Waiting]:
        """Remove and return the replies that are not to be sent any more."""
        return [*self._urgent.drop(is_dropped), *self._lists.drop(is_dropped)]

    def move(self, target: str, to: str | None) -> Sequence[Waiting]:
        """Redirect the replies for one target to another; with None, remove and return them."""
        return [each for queues in (self._urgent, self._lists) for each in queues.move(target, to)]

    def _round_robin(self, waiting: Waiting) -> RoundRobin:
        return self._urgent if waiting.urgent else self._lists


class RoundRobin:
    """A queue for each target and recipient; the one served longest ago, or never, is next."""

    def __init__(self) -> None:
        """Begin empty."""
        self._queues: dict[Place, deque[Waiting]] = {}
        self._served: dict[Place, int] = {}
        self._count = count(1)
        self._casemapping = CaseMapping.ASCII

    def __bool__(self) -> bool:
        return bool(self._queues)

    def compare_by(self, casemapping: CaseMapping) -> None:
        """Compare targets by this case mapping."""
        self._casemapping = casemapping
        self.drop(lambda _: False)

    def queue(self, waiting: Waiting) -> deque[Waiting]:
        """Give the queue of the same target and recipient, made if need be."""
        return self._queues.setdefault((self._casemapping.fold(waiting.to), waiting.recipient_keys), deque())

    def next(self, may: Callable[[Waiting], bool]) -> Place | None:
        """Of the places whose first reply may be sent, give the one served longest ago; None if there is none."""
        places = (place for place, queue in self._queues.items() if may(queue[0]))
        return min(places, key=lambda place: self._served.get(place, 0), default=None)

    def take(self, place: Place, *, together: bool) -> Waiting:
        """Remove and return the first reply of a place."""
        queue = self._queues[place]
        first = queue.popleft()
        if together:
            first = _with_others(first, queue)
        self._served[place] = next(self._count)
        self._forget_empty()
        return first

    def hurry(self, before: float) -> None:
        """Move the first acknowledgement of each queue to its front if it was queued before that time."""
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

    def move(self, target: str, to: str | None) -> Sequence[Waiting]:
        """Redirect the replies for one target to another; with None, remove and return them."""
        places = [place for place in self._queues if place[0] == self._casemapping.fold(target)]
        waiting = [each for place in places for each in self._queues.pop(place)]
        if to is None:
            return waiting
        for each in waiting:
            moved = each.moved(to, self._casemapping)
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
    """Combine several acknowledgements of entries into one line: ``#8–#14 logged``."""
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
