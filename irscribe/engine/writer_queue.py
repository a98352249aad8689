"""The events that wait for the writer: whoever has used less of its time lately is served first.

Events about one nick keep their order, and so do the lines of one person. Between people who have used about the same
time the order of arrival decides.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from math import inf

from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.events import Event, Rest
from irscribe.domain.naming import NetworkNamed
from irscribe.domain.request import Identified, Left, Renamed, Request
from irscribe.domain.talk import TalkHeard
from irscribe.engine.about import Move, named_nicks, own_nicks

SLICE = 0.01
"""Seconds of the writer's work. Of people who have used as many slices the one whose line came first is next."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrival:
    """An event with its number in the order of arrival."""

    number: int
    event: Event
    own: frozenset[str]
    named: frozenset[str]


class Places:
    """The numbers of waiting events by the nicks that they are about."""

    def __init__(self) -> None:
        """Begin empty."""
        self._numbers: defaultdict[str, dict[int, None]] = defaultdict(dict)

    def first(self, nick: str) -> float:
        """Give the lowest number about a nick; infinite if there is none."""
        return next(iter(self._numbers[nick]), inf) if nick in self._numbers else inf

    def add(self, number: int, nicks: Iterable[str]) -> None:
        """Add a number, which is higher than all before."""
        for nick in nicks:
            self._numbers[nick][number] = None

    def remove(self, number: int, nicks: Iterable[str]) -> None:
        """Remove a number."""
        for nick in nicks:
            del self._numbers[nick][number]
            if not self._numbers[nick]:
                del self._numbers[nick]


class WriterQueue:
    """Gives the events to carry out, one after another, and counts what each person uses; one thread uses this.

    A person is known as for the limit: by account, else by mask, and everybody behind a bridge as the bridge. Somebody
    new has used as many slices as the one being served, and begins one: nobody saves time up.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._numbers = count()
        self._queues: dict[str, deque[Arrival]] = {}
        self._heads: list[tuple[int, int, str]] = []
        self._by, self._naming = Places(), Places()
        self._talk: deque[TalkHeard] = deque()
        self._behind: deque[Event] = deque()
        self._served: str | None = None
        self._level = 0
        self._forget_use()

    def __bool__(self) -> bool:
        return bool(self._queues or self._talk or self._behind)

    def put(self, events: Iterable[Event]) -> None:
        """Add events in the order of their arrival."""
        for event in events:
            if self._behind or _parts(event):
                self._behind.append(event)
            else:
                self._put(event)

    def take(self, *, within: float = inf) -> Event | None:
        """Remove and return the next event; None if none waits, or if it will probably take ``within`` seconds or more.

        What was heard goes before the commands that may be about it.
        """
        self._return_served()
        if self._talk:
            return self._talk.popleft()
        key = self._next()
        if key is None:
            return self._take_parting()
        if self._cost.get(key, 0.0) >= within:
            self._push(key)
            return None
        self._served, self._level = key, max(self._level, self._used[key][0])
        return self._pop(key)

    def charge(self, seconds: float) -> None:
        """Count the time that the event taken last has used."""
        if self._served is not None:
            slices, spent = self._used[self._served]
            more, rest = divmod(spent + seconds, SLICE)
            self._used[self._served] = slices + int(more), rest
            self._cost[self._served] = seconds

    def _put(self, event: Event) -> None:
        if isinstance(event, TalkHeard):
            self._hear(event)
            return
        key = self._key(event)
        arrival = Arrival(number=next(self._numbers), event=event, own=own_nicks(event), named=named_nicks(event))
        self._by.add(arrival.number, arrival.own)
        self._naming.add(arrival.number, arrival.named)
        if key in self._queues:
            self._queues[key].append(arrival)
            return
        self._queues[key] = deque([arrival])
        if key != self._served:
            slices, spent = self._used.get(key, (0, 0.0))
            self._used[key] = (slices, spent) if slices >= self._level else (self._level, 0.0)
            self._push(key)

    def _hear(self, event: TalkHeard) -> None:
        """Let talk wait, many lines as one event."""
        last = self._talk[-1] if self._talk else None
        if last is not None and last.casemapping is event.casemapping:
            self._talk[-1] = replace(last, lines=(*last.lines, *event.lines))
        else:
            self._talk.append(event)

    def _key(self, event: Event) -> str:
        """Give the key of the queue of an event's person, whose nick may have changed meanwhile."""
        key = _key(event)
        root = self._renamed.get(key, key)
        if isinstance(event, Renamed):
            now = _key(replace(event, person=replace(event.person, nick=event.nick)))
            self._renamed[now] = root
        return root

    def _next(self) -> str | None:
        """Remove and return the key of the next queue whose first event waits for no other."""
        blocked: list[tuple[int, int, str]] = []
        found = None
        while self._heads and found is None:
            head = heappop(self._heads)
            if self._is_free(self._queues[head[2]][0]):
                found = head[2]
            else:
                blocked.append(head)
        for head in blocked:
            heappush(self._heads, head)
        return found

    def _is_free(self, arrival: Arrival) -> bool:
        """True if no event that came before must be carried out before."""
        if isinstance(arrival.event, HeardUntil):
            return all(queue[0].number >= arrival.number for queue in self._queues.values())
        if any(self._by.first(nick) < arrival.number for nick in arrival.own):
            return False
        is_move = isinstance(arrival.event, Move)
        return not (is_move and any(self._naming.first(nick) < arrival.number for nick in arrival.own))

    def _take_parting(self) -> Event | None:
        """Take the event that waits for everything before it, and let what came behind it wait as usual."""
        if not self._behind:
            return None
        parting = self._behind.popleft()
        while self._behind and not _parts(self._behind[0]):
            self._put(self._behind.popleft())
        return parting

    def _pop(self, key: str) -> Event:
        queue = self._queues[key]
        taken = queue.popleft()
        if not queue:
            del self._queues[key]
        self._by.remove(taken.number, taken.own)
        self._naming.remove(taken.number, taken.named)
        return taken.event

    def _push(self, key: str) -> None:
        heappush(self._heads, (self._used[key][0], self._queues[key][0].number, key))

    def _return_served(self) -> None:
        """Let the person served last wait again; where nobody waits, what they used is forgotten."""
        served, self._served = self._served, None
        if served is not None and served in self._queues:
            self._push(served)
        if not self._queues:
            self._forget_use()

    def _forget_use(self) -> None:
        self._used: dict[str, tuple[int, float]] = {}
        self._cost: dict[str, float] = {}
        self._renamed: dict[str, str] = {}
        self._level = 0


def _parts(event: Event) -> bool:
    """True if an event stays behind everything that came before it, and before everything that came after it."""
    return event.over if isinstance(event, HeardUntil) else isinstance(event, NetworkNamed | ChannelRejoined)


def _key(event: Event) -> str:
    match event:
        case Request():
            return f"{event.network} {event.sender.key}"
        case Rest():
            return _key(event.beginning)
        case Renamed():
            return f"{event.network} {event.person.key}"
        case Identified():
            return f"{event.network} {event.person.mask_key}"
        case Left():
            return f"left {event.casemapping.fold(event.nick)}"
    return type(event).__name__
