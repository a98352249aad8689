"""The events that wait for the writer, in the order in which they are due.

A line is due when it comes. A command is due later, the more work the commands took that its person had typed before
it and that waited with it. Events about one nick keep their order, and so do the lines of one person.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
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
"""Seconds of work that the commands of one person may take before the next one is due later than it came."""
PEOPLE = 20
"""Each second beyond that delays a person's next command by so many: those of so many people are served in turn."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrival:
    """An event with its number in the order of arrival, and the seconds of work that the writer had done by then.

    ``key`` is that of its person's queue; ``is_note`` is true for a line that only records an entry.
    """

    number: int
    at: float
    key: str
    is_note: bool
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
    """Gives the events to carry out, one after another, and counts the work that they take; one thread uses this.

    A person is known as for the limit: by account, else by mask, and everybody behind a bridge as the bridge.
    """

    def __init__(self, is_note: Callable[[Request], bool]) -> None:
        """Begin empty; ``is_note`` is true for a line that only records an entry, which delays nothing."""
        self._is_note = is_note
        self._numbers = count()
        self._queues: dict[str, deque[Arrival]] = {}
        self._heads: list[tuple[float, int, str]] = []
        self._by, self._naming = Places(), Places()
        self._talk: deque[TalkHeard] = deque()
        self._behind: deque[Event] = deque()
        self._served: Arrival | None = None
        self._done = 0.0
        self._used: defaultdict[str, float] = defaultdict(float)
        self._renamed: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._queues or self._talk or self._behind)

    def put(self, events: Iterable[Event]) -> None:
        """Add events in the order of their arrival."""
        for event in events:
            if self._behind or _parts(event):
                self._behind.append(event)
            else:
                self._put(event)

    def take(self, *, joins: bool = False) -> Event | None:
        """Remove and return the next event; None if none waits, or if one that ``joins`` others is not due yet.

        What was heard goes before the commands that may be about it.
        """
        self._return_served()
        if self._talk:
            return self._talk.popleft()
        head = self._next()
        if head is None:
            return self._take_parting()
        due, _, key = head
        if joins and due > self._done:
            heappush(self._heads, head)
            return None
        self._served = self._pop(key)
        return self._served.event

    def charge(self, seconds: float) -> None:
        """Count the work that the event taken last has needed."""
        self._done += seconds
        if self._served is not None and not self._served.is_note:
            self._used[self._served.key] += seconds
        self._return_served()

    def _put(self, event: Event) -> None:
        if isinstance(event, TalkHeard):
            self._hear(event)
            return
        arrival = Arrival(
            number=next(self._numbers),
            at=self._done,
            key=self._key(event),
            is_note=isinstance(event, Rest) or (isinstance(event, Request) and self._is_note(event)),
            event=event,
            own=own_nicks(event),
            named=named_nicks(event),
        )
        self._by.add(arrival.number, arrival.own)
        self._naming.add(arrival.number, arrival.named)
        if arrival.key in self._queues:
            self._queues[arrival.key].append(arrival)
            return
        self._queues[arrival.key] = deque([arrival])
        if self._served is None or self._served.key != arrival.key:
            self._push(arrival.key)

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

    def _next(self) -> tuple[float, int, str] | None:
        """Remove and return the next head whose event waits for no other."""
        blocked: list[tuple[float, int, str]] = []
        found = None
        while self._heads and found is None:
            head = heappop(self._heads)
            if self._is_free(self._queues[head[2]][0]):
                found = head
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

    def _pop(self, key: str) -> Arrival:
        queue = self._queues[key]
        taken = queue.popleft()
        if not queue:
            del self._queues[key]
        self._by.remove(taken.number, taken.own)
        self._naming.remove(taken.number, taken.named)
        return taken

    def _push(self, key: str) -> None:
        first = self._queues[key][0]
        heappush(self._heads, (self._due(first), first.number, key))

    def _due(self, arrival: Arrival) -> float:
        """Give the work that the writer will have done when an event is due."""
        beyond = 0.0 if arrival.is_note else max(0.0, self._used[arrival.key] - SLICE)
        return arrival.at + PEOPLE * beyond

    def _return_served(self) -> None:
        """Let the person served last wait again; what somebody has used is forgotten once nothing of theirs waits."""
        served, self._served = self._served, None
        if served is not None and served.key in self._queues:
            self._push(served.key)
        elif served is not None:
            self._used.pop(served.key, None)
        if not self._queues:
            self._renamed.clear()


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
