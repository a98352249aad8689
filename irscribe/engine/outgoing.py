"""What the bot says: one thread, as fast as the network allows, through whatever connection there is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from math import inf
from threading import Condition, Thread
from time import monotonic
from typing import Protocol

from irscribe.config import Pace
from irscribe.domain.request import Reply
from irscribe.domain.text import wire_lines
from irscribe.engine.queue import Backlog, Waiting

log = logging.getLogger(__name__)

KEPT_FOR = 120.0
"""Seconds a reply waits for a connection, or for the bot to be back in its channel, before it is too late to say it."""
LOOK_AFTER = 0.5
"""Seconds between looks whether what waits can be said by now."""
PATIENT = 3.0
"""Seconds for which an acknowledgement lets answers pass."""
SLOW = 0.3
"""Seconds that a network takes for a line only where it holds the bot back."""
LOOK_SOON = 0.05
"""The same while the network has yet to take the line before: where it is slow, what is urgent is still here."""


class Sender(Protocol):
    """A connection to speak through, from any thread."""

    def __call__(self, target: str, text: str) -> None:
        """Put one line on the wire.

        Raises ConnectionError when there is no connection.
        """

    def line_limit(self, target: str) -> int:
        """Bytes of text that reach the target uncut."""

    def reaches(self, target: str, recipient_keys: frozenset[str]) -> bool:
        """Whether the target hears what is said to it now: in a channel it takes being there.

        A nick must be that of the person recognised by one of these keys, where there are any.
        """

    def is_busy(self) -> bool:
        """Whether the network is known not to have taken the line before yet."""


class Outgoing:
    """Says replies through whatever voice is attached, as fast as the network allows; a thread for what has to wait."""

    def __init__(self, pace: Pace | None) -> None:
        """Speak at a pace; None: as fast as it comes, as the inner server allows."""
        self._allowance = Allowance(pace) if pace else None
        self._backlog = Backlog()
        self._changed = Condition()
        self._voice: Sender | None = None
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
            for waiting in self._backlog.drop(lambda _: True):
                log.warning("not said to %s: %s", waiting.to, waiting.reply.text)

    def attach(self, voice: Sender) -> None:
        """Speak through this connection from now on."""
        with self._changed:
            self._drop_late(monotonic())
            self._voice = voice
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

    def follow(self, nick: str, now: str | None) -> None:
        """What waits for somebody goes where they are now; None: nowhere, for the nick may be somebody else's."""
        with self._changed:
            for waiting in self._backlog.move(nick, now):
                log.warning("not said to %s, who has left: %s", waiting.to, waiting.reply.text)

    def _run(self) -> None:
        """Say what had to wait."""
        with self._changed:
            while not self._is_over(wait := self._wait(monotonic())):
                if wait == inf:
                    self._drop_late(monotonic())
                self._changed.wait(min(wait, LOOK_AFTER) if self._backlog else None)
                self._speak()

    def _is_over(self, wait: float) -> bool:
        """Whether the end comes before anything more may be said."""
        return self._end is not None and monotonic() + wait > self._end

    def _speak(self) -> None:
        """Say what may be said now.

        Nothing is taken before it may be said: until then others may pass it by or join it.
        """
        while (taken := self._take(monotonic())) is not None:
            self._say_a_line(*taken)

    def _take(self, now: float) -> tuple[Sender, Waiting] | None:
        voice, allowance = self._voice, self._allowance
        if voice is None or (allowance and allowance.waits_for_network(now, busy=voice.is_busy())):
            return None
        if not self._backlog:
            return None
        self._backlog.hurry(now - PATIENT)
        waiting = self._backlog.take(self._can_say(voice, now), together=allowance is not None)
        if waiting is None:
            return None
        if allowance is not None:
            allowance.spend(now)
        return voice, waiting

    def _wait(self, now: float) -> float:
        """Seconds until something may be said; infinite while there is nothing, or nobody hears it."""
        voice, allowance = self._voice, self._allowance
        if voice is None or not self._backlog.has(lambda waiting: voice.reaches(waiting.to, waiting.recipient_keys)):
            return inf
        if allowance is None:
            return 0.0
        return LOOK_SOON if voice.is_busy() else allowance.wait(now)

    def _can_say(self, voice: Sender, now: float) -> Callable[[Waiting], bool]:
        allows = self._allowance.allows if self._allowance is not None else lambda *_: True
        return lambda waiting: voice.reaches(waiting.to, waiting.recipient_keys) and allows(waiting, now)

    def _drop_late(self, now: float) -> None:
        """Give up what has not been heard by anybody for too long; what waits for the pace only is said yet."""

        def is_late(waiting: Waiting) -> bool:
            reached = self._voice is not None and self._voice.reaches(waiting.to, waiting.recipient_keys)
            return waiting.since < now - KEPT_FOR and not reached

        for waiting in self._backlog.drop(is_late):
            log.warning("too late to say to %s: %s", waiting.to, waiting.reply.text)

    def _say_a_line(self, voice: Sender, waiting: Waiting) -> None:
        """Say as much as fits on a line; the rest is next, unless something urgent passes it by."""
        reply = waiting.reply
        line, *rest = wire_lines(str(reply.text), voice.line_limit(reply.to)) or [""]
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


class Allowance:
    """A token bucket: ``burst`` lines at once, then ``per_second``; the last one is kept for answers.

    A network that holds the bot back is one that has counted more than this does: it is given time.
    """

    def __init__(self, pace: Pace) -> None:
        """Begin full."""
        self._pace = pace
        self._left = float(pace.burst)
        self._at = 0.0
        self._kept = min(1, pace.burst - 1)
        self._on_its_way: float | None = None

    def allows(self, waiting: Waiting, now: float) -> bool:
        """Whether this may be said now. Lists wait for answers, acknowledgements for a while: others may join them."""
        self._refill(now)
        yields = not waiting.urgent or (waiting.can_be_joined and now - waiting.since < PATIENT)
        return self._left >= 1 + (self._kept if yields else 0)

    def wait(self, now: float) -> float:
        """Seconds until more may be said than now; 0 when anything may."""
        self._refill(now)
        enough = 1 if self._left < 1 else 1 + self._kept
        return max(0.0, (enough - self._left) / self._pace.per_second)

    def spend(self, now: float) -> None:
        """A line is said."""
        self._refill(now)
        self._left -= 1
        self._on_its_way = now

    def waits_for_network(self, now: float, *, busy: bool) -> bool:
        """Whether the line before is still on its way."""
        if not busy and self._on_its_way is not None:
            if now - self._on_its_way > SLOW:
                self._refill(now)
                self._left = min(0.0, self._left)
            self._on_its_way = None
        return busy

    def _refill(self, now: float) -> None:
        self._left = min(float(self._pace.burst), self._left + (now - self._at) * self._pace.per_second)
        self._at = now
