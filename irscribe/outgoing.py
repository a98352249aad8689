"""What the bot says: one paced queue, acknowledgements before lists, several waiting acknowledgements as one."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, groupby
from math import inf
from threading import Condition, Thread
from time import monotonic
from typing import Protocol

from irscribe.config import Pace
from irscribe.domain.request import Acknowledged, Reply
from irscribe.domain.text import wire_lines

log = logging.getLogger(__name__)

KEPT_FOR = 120.0
"""Seconds a reply waits for a connection before it is too late to say it."""


class Voice(Protocol):
    """A connection to speak through, from any thread."""

    def __call__(self, target: str, text: str) -> None:
        """Put one line on the wire.

        Raises ConnectionError when there is no connection.
        """

    def line_limit(self, target: str) -> int:
        """Bytes of text that reach the target uncut."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A reply, what of it is still to be said, or acknowledgements to say as one; since when it waits."""

    replies: tuple[Reply, ...]
    since: float

    @property
    def reply(self) -> Reply:
        """What is to be said."""
        return combine(self.replies)


class Outgoing:
    """Says replies through whatever voice is attached, as fast as the network allows; a thread for what has to wait."""

    def __init__(self, pace: Pace | None) -> None:
        """Speak at a pace; None: as fast as it comes, as the inner server allows."""
        self._allowance = Allowance(pace) if pace else None
        self._backlog = Backlog()
        self._changed = Condition()
        self._voice: Voice | None = None
        self._end: float | None = None
        self._thread = Thread(target=self._run, name="outgoing", daemon=True)

    def start(self) -> None:
        """Begin to speak."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Say what can still be said, then end; what could not is logged."""
        with self._changed:
            self._end = monotonic() + timeout
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)
        with self._changed:
            for waiting in self._backlog.drain():
                log.warning("not said to %s: %s", waiting.reply.to, waiting.reply.text)

    def attach(self, voice: Voice) -> None:
        """Speak through this connection from now on."""
        with self._changed:
            self._voice = voice
            for waiting in self._backlog.drop(before=monotonic() - KEPT_FOR):
                log.warning("too late to say to %s: %s", waiting.reply.to, waiting.reply.text)
            self._speak()
            self._changed.notify()

    def detach(self) -> None:
        """Wait for the next connection."""
        with self._changed:
            self._voice = None

    def put(self, replies: Iterable[Reply]) -> None:
        """Say these in turn: at once what may be said at once."""
        now = monotonic()
        with self._changed:
            for reply in replies:
                self._backlog.put(Waiting(replies=(reply,), since=now))
            self._speak()
            if self._backlog:
                self._changed.notify()

    def _run(self) -> None:
        """Say what had to wait."""
        with self._changed:
            while not self._is_over(wait := self._wait(monotonic())):
                self._changed.wait(None if wait == inf else wait)
                self._speak()

    def _is_over(self, wait: float) -> bool:
        """Whether the end comes before anything more may be said."""
        return self._end is not None and monotonic() + wait > self._end

    def _speak(self) -> None:
        """Say what may be said now.

        Nothing is taken before it may be said: until then others may pass it by or join it.
        """
        while self._voice is not None and self._wait(monotonic()) <= 0:
            if self._allowance is not None:
                self._allowance.spend(monotonic())
            self._say_a_line(self._voice, self._backlog.take(together=self._allowance is not None))

    def _wait(self, now: float) -> float:
        """Seconds until a line may be said; infinite while there is none, or nothing to say it with."""
        if self._voice is None or not self._backlog:
            return inf
        return 0.0 if self._allowance is None else self._allowance.wait(now)

    def _say_a_line(self, voice: Voice, waiting: Waiting) -> None:
        """Say as much as fits on a line; the rest is next, unless something urgent passes it by."""
        reply = waiting.reply
        line, *rest = wire_lines(reply.text, voice.line_limit(reply.to)) or [""]
        try:
            if said := line.rstrip(" "):
                voice(reply.to, said)
        except ConnectionError:
            self._backlog.put_back(waiting)
            self._voice = None
        else:
            if rest:
                remainder = replace(reply, text="".join(rest), acknowledged=None)
                self._backlog.put_back(replace(waiting, replies=(remainder,)))


class Backlog:
    """What waits to be said: urgent replies in their order, then lists, of which each target gets a line in turn."""

    def __init__(self) -> None:
        """Begin empty."""
        self._urgent: deque[Waiting] = deque()
        self._lists: dict[str, deque[Waiting]] = {}

    def __bool__(self) -> bool:
        return bool(self._urgent or self._lists)

    def put(self, waiting: Waiting) -> None:
        """Wait behind what is there."""
        self._queue(waiting.reply).append(waiting)

    def put_back(self, waiting: Waiting) -> None:
        """Wait before everything of its kind."""
        self._queue(waiting.reply).appendleft(waiting)

    def take(self, *, together: bool) -> Waiting:
        """What is to be said next; with ``together`` an acknowledgement speaks for its like that wait behind it."""
        if not self._urgent:
            return self._take_of_lists()
        first = self._urgent.popleft()
        return self._with_others(first) if together else first

    def drop(self, *, before: float) -> Sequence[Waiting]:
        """Remove and return what has waited since before that moment."""
        late = [each for each in self._all() if each.since < before]
        self._keep(each for each in self._all() if each.since >= before)
        return late

    def drain(self) -> Sequence[Waiting]:
        """Remove and return everything."""
        everything = self._all()
        self._keep(())
        return everything

    def _take_of_lists(self) -> Waiting:
        target, queue = next(iter(self._lists.items()))
        waiting = queue.popleft()
        del self._lists[target]
        if queue:
            self._lists[target] = queue
        return waiting

    def _with_others(self, first: Waiting) -> Waiting:
        same = [each for each in self._urgent if _are_alike(first.reply, each.reply)]
        for each in same:
            self._urgent.remove(each)
        return replace(first, replies=tuple(chain(first.replies, *(each.replies for each in same))))

    def _queue(self, reply: Reply) -> deque[Waiting]:
        return self._urgent if reply.urgent else self._lists.setdefault(reply.to, deque())

    def _all(self) -> Sequence[Waiting]:
        return [*self._urgent, *(each for queue in self._lists.values() for each in queue)]

    def _keep(self, kept: Iterable[Waiting]) -> None:
        waiting = list(kept)
        self._urgent.clear()
        self._lists.clear()
        for each in waiting:
            self.put(each)


class Allowance:
    """A token bucket: ``burst`` lines at once, then ``per_second``."""

    def __init__(self, pace: Pace) -> None:
        """Begin full."""
        self._pace = pace
        self._left = float(pace.burst)
        self._at = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next line may be said; 0 when it may be now."""
        self._refill(now)
        return max(0.0, (1 - self._left) / self._pace.per_second)

    def spend(self, now: float) -> None:
        """A line is said."""
        self._refill(now)
        self._left -= 1

    def _refill(self, now: float) -> None:
        self._left = min(float(self._pace.burst), self._left + (now - self._at) * self._pace.per_second)
        self._at = now


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
