"""What the bot says: one paced queue, acknowledgements before lists, several waiting acknowledgements as one."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby
from threading import Condition, Thread
from time import monotonic
from typing import Protocol

from irscribe.config import Pace
from irscribe.domain.request import Reply
from irscribe.domain.text import wire_lines

log = logging.getLogger("sopel.irscribe.outgoing")

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
    """A reply and when it was given to the queue."""

    reply: Reply
    since: float


class Outgoing:
    """A thread that says replies through whatever voice is attached, as fast as the network allows."""

    def __init__(self, pace: Pace | None) -> None:
        """Speak at a pace; None: as fast as it comes, as the inner server allows."""
        self._pace = pace
        self._allowance = Allowance(pace) if pace else None
        self._urgent: deque[Waiting] = deque()
        self._lists: deque[Waiting] = deque()
        self._changed = Condition()
        self._voice: Voice | None = None
        self._stopping = False
        self._thread = Thread(target=self._run, name="outgoing", daemon=True)

    def start(self) -> None:
        """Begin to speak."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Say what can still be said, then end; what could not is logged."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)
        for waiting in (*self._urgent, *self._lists):
            log.warning("not said to %s: %s", waiting.reply.to, waiting.reply.text)

    def attach(self, voice: Voice) -> None:
        """Speak through this connection from now on."""
        with self._changed:
            self._voice = voice
            self._drop_late()
            self._changed.notify()

    def detach(self) -> None:
        """Wait for the next connection."""
        with self._changed:
            self._voice = None

    def put(self, replies: Iterable[Reply]) -> None:
        """Say these in turn."""
        now = monotonic()
        with self._changed:
            for reply in replies:
                queue = self._urgent if reply.urgent else self._lists
                queue.append(Waiting(reply=reply, since=now))
            self._changed.notify()

    def _run(self) -> None:
        while (taken := self._take()) is not None:
            voice, waiting = taken
            self._say(voice, waiting)

    def _take(self) -> tuple[Voice, Waiting] | None:
        """The next thing to say and the voice to say it with; None at the end."""
        with self._changed:
            while self._voice is None or not (self._urgent or self._lists):
                if self._stopping:
                    return None
                self._changed.wait()
            queue = self._urgent or self._lists
            first = queue.popleft()
            if self._pace is not None and first.reply.acknowledged is not None:
                first = self._with_others(first)
            return self._voice, first

    def _with_others(self, first: Waiting) -> Waiting:
        """The acknowledgement and those of the same kind that wait behind it, as one."""
        same = [each for each in self._urgent if _are_alike(first.reply, each.reply)]
        for each in same:
            self._urgent.remove(each)
        return replace(first, reply=together([first.reply, *(each.reply for each in same)]))

    def _say(self, voice: Voice, waiting: Waiting) -> None:
        reply = waiting.reply
        try:
            for line in wire_lines(reply.text, voice.line_limit(reply.to)):
                if self._allowance is not None:
                    self._await_allowance(self._allowance)
                voice(reply.to, line.rstrip(" "))
        except ConnectionError:
            with self._changed:
                if self._voice is voice:
                    self._voice = None
                (self._urgent if reply.urgent else self._lists).appendleft(waiting)

    def _await_allowance(self, allowance: Allowance) -> None:
        with self._changed:
            while (wait := allowance.wait(monotonic())) > 0 and not self._stopping:
                self._changed.wait(wait)
            allowance.spend(monotonic())

    def _drop_late(self) -> None:
        now = monotonic()
        for queue in (self._urgent, self._lists):
            while queue and now - queue[0].since > KEPT_FOR:
                late = queue.popleft().reply
                log.warning("too late to say to %s: %s", late.to, late.text)


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


def together(replies: Sequence[Reply]) -> Reply:
    """Several acknowledgements of entries as one line: ``#8–#14 logged``."""
    if len(replies) == 1 or replies[0].acknowledged is None:
        return replies[0]
    numbers = sorted(each.acknowledged.first for each in replies if each.acknowledged)
    return replace(replies[0], text=f"{', '.join(_ranges(numbers))} {replies[0].acknowledged.label}")


def _ranges(numbers: Iterable[int]) -> Iterable[str]:
    steps = count()
    for _, run in groupby(numbers, key=lambda number: number - next(steps)):
        first, *more = run
        yield f"#{first}–#{more[-1]}" if more else f"#{first}"


def _are_alike(one: Reply, other: Reply) -> bool:
    first, second = one.acknowledged, other.acknowledged
    if first is None or second is None:
        return False
    return (one.to, first.incident, first.label) == (other.to, second.incident, second.label)
