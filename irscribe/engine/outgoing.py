"""The outgoing queue: sends replies in one thread, as fast as the network allows, through the connection attached."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from math import inf
from threading import Condition, Thread
from time import monotonic

from irscribe.config import Pace, Share
from irscribe.domain.request import Reply
from irscribe.domain.text import wire_lines
from irscribe.domain.topics import TopicChange
from irscribe.engine.joining import Waiting
from irscribe.engine.outgoing_queue import Backlog
from irscribe.engine.sender import Sender
from irscribe.engine.shares import Shares

log = logging.getLogger(__name__)

REPLY_LIFETIME = 120.0
"""Seconds a reply waits for a connection, or for the bot to be back in its channel, before it is dropped."""
REACH_CHECK_INTERVAL = 0.5
"""Seconds between two checks whether a waiting reply can be sent."""
ACKNOWLEDGEMENT_WAIT = 3.0
"""Seconds for which an acknowledgement lets answers go first."""
THROTTLED_AFTER = 0.3
"""Seconds after which a line not yet taken shows that the network throttles the bot."""
LIST_INTERVAL = 0.002
"""Seconds between two lines of lists where the network has no pace: each is work for this process and its inner server,
and a list of hundreds of lines at once would hold up what others are told."""
BUSY_CHECK_INTERVAL = 0.05
"""Seconds between two checks while the network has not taken the last line; meanwhile an urgent reply can go first."""


class Outgoing:
    """Sends replies through the attached sender as fast as the network allows; a thread sends those that wait."""

    def __init__(
        self, pace: Pace | None, *, share: Share | None = None, on_said: Callable[[Reply], None] = lambda _: None
    ) -> None:
        """Send at a pace, None: without any limit, as the inner server allows; keep a ``share`` for each person.

        ``on_said`` is called with each line that was sent; it raises nothing and takes no time.
        """
        self._allowance = Allowance(pace) if pace else None
        self._shares = Shares(share)
        self._backlog = Backlog(self._shares)
        self._on_said = on_said
        self._changed = Condition()
        self._voice: Sender | None = None
        self._next_list_at = -inf
        self._end: float | None = None
        self._thread = Thread(target=self._run, name="outgoing", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Send what can be sent within ``timeout`` seconds, then end; replies left over are logged."""
        with self._changed:
            self._end = monotonic() + timeout
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)
        with self._changed:
            for to, text in _by_target(self._backlog.drop(lambda _: True)):
                log.warning("not said to %s: %s", to, text)

    def attach(self, voice: Sender) -> None:
        """Send through this connection from now on."""
        with self._changed:
            self._drop_late(monotonic())
            self._voice = voice
            self._backlog.compare_by(voice.casemapping)
            self._speak()
            self._changed.notify()

    def detach(self) -> None:
        """Keep replies until the next connection."""
        with self._changed:
            self._voice = None

    def set_topic(self, change: TopicChange) -> None:
        """Change the topic of a channel through the connection attached; without one it stays as it is."""
        with self._changed:
            voice = self._voice
        if voice is not None:
            voice.set_topic(change)

    def put(self, replies: Iterable[Reply]) -> None:
        """Queue replies, and send at once those that the pace allows; what is beyond a person's share is dropped."""
        with self._changed:
            for reply in replies:
                if not self._says_at_once(reply):
                    self._queue(reply)
            self._speak()
            if self._backlog:
                self._changed.notify()

    def follow(self, nick: str, now: str | None) -> None:
        """Redirect the replies for a nick to its new nick; None: drop them, as the nick may be somebody else's now."""
        with self._changed:
            for to, text in _by_target(self._backlog.move(nick, now)):
                log.warning("not said to %s, who has left: %s", to, text)

    def take_back(self, withdrawn: Collection[int]) -> Sequence[Reply]:
        """Remove and return the lines of answers that wait, as something in them may be withdrawn.

        Unasked lines about incidents that are ``withdrawn``, or something of them, are dropped. Quotes are left out of
        the other lines that wait.
        """
        with self._changed:
            for each in self._backlog.drop(lambda waiting: not waiting.replies[0].tells_of.isdisjoint(withdrawn)):
                log.warning("not said to %s: a line about what was withdrawn", each.to)
            taken = self._backlog.drop(lambda waiting: waiting.replies[0].line is not None)
            self._backlog.change(Waiting.without_quotes)
            return [reply for each in taken for reply in each.replies]

    def _run(self) -> None:
        """Send the replies that had to wait."""
        with self._changed:
            while not self._is_over(wait := self._wait(monotonic())):
                if wait == inf:
                    self._drop_late(monotonic())
                self._changed.wait(min(wait, REACH_CHECK_INTERVAL) if self._backlog else None)
                self._speak()

    def _says_at_once(self, reply: Reply) -> bool:
        """Without a pace, send a reply that nothing waits before and that is no list; True if that was possible."""
        voice = self._voice
        if self._allowance is not None or self._backlog or voice is None or not reply.urgent:
            return False
        if not voice.reaches(reply.to, reply.recipient_keys):
            return False
        self._say_a_line(voice, _waiting(reply))
        if self._backlog:
            self._speak()
        return True

    def _queue(self, reply: Reply) -> None:
        """Let a reply wait; what is beyond its person's share is dropped, and one line in its place says so."""
        is_said_soon = self._allowance is None and self._voice is not None
        admitted = reply if is_said_soon or self._shares.admits(reply) else self._shares.drop(reply)
        if admitted is not None:
            self._backlog.put(_waiting(admitted))

    def _is_over(self, wait: float) -> bool:
        """True if the time to stop comes before anything more may be sent."""
        return self._end is not None and monotonic() + wait > self._end

    def _speak(self) -> None:
        """Send what may be sent now.

        A reply leaves the queue only when it may be sent: until then others may go first or be combined with it.
        """
        while (taken := self._take(monotonic())) is not None:
            self._say_a_line(*taken)

    def _take(self, now: float) -> tuple[Sender, Waiting] | None:
        voice, allowance = self._voice, self._allowance
        if voice is None or (allowance and allowance.waits_for_network(now, busy=voice.is_busy())):
            return None
        if not self._backlog:
            return None
        self._backlog.hurry(now - ACKNOWLEDGEMENT_WAIT)
        room = voice.line_limit if allowance is not None else None
        waiting = self._backlog.take(self._can_say(voice, now), room=room)
        if waiting is None:
            return None
        if allowance is not None:
            allowance.spend(now)
        elif not waiting.urgent:
            self._next_list_at = now + LIST_INTERVAL
        return voice, waiting

    def _wait(self, now: float) -> float:
        """Seconds until something may be sent; infinite if nothing waits or no target can be reached."""
        voice, allowance = self._voice, self._allowance
        if voice is None or not self._backlog.has(lambda waiting: voice.reaches(waiting.to, waiting.recipient_keys)):
            return inf
        if allowance is None:
            return max(0.0, self._next_list_at - now)
        return BUSY_CHECK_INTERVAL if voice.is_busy() else allowance.wait(now)

    def _can_say(self, voice: Sender, now: float) -> Callable[[Waiting], bool]:
        allows = self._allowance.allows if self._allowance is not None else self._allows_without_pace
        return lambda waiting: voice.reaches(waiting.to, waiting.recipient_keys) and allows(waiting, now)

    def _allows_without_pace(self, waiting: Waiting, now: float) -> bool:
        return waiting.urgent or now >= self._next_list_at

    def _drop_late(self, now: float) -> None:
        """Drop replies whose target was out of reach for too long; those that wait for the pace only are kept."""

        def is_late(waiting: Waiting) -> bool:
            reached = self._voice is not None and self._voice.reaches(waiting.to, waiting.recipient_keys)
            return waiting.since < now - REPLY_LIFETIME and not reached

        for to, text in _by_target(self._backlog.drop(is_late)):
            log.warning("too late to say to %s: %s", to, text)

    def _say_a_line(self, voice: Sender, waiting: Waiting) -> None:
        """Send as much as fits on one line; the rest is next, unless something urgent goes first."""
        reply = waiting.reply
        line, *rest = wire_lines(str(reply.text), voice.line_limit(reply.to)) or [""]
        try:
            if said := line.rstrip(" "):
                voice(reply.to, said)
        except ConnectionError:
            self._backlog.put_back(waiting)
            self._voice = None
        else:
            self._on_said(reply)
            if rest:
                remainder = replace(reply, text="".join(rest), acknowledged=None)
                self._backlog.put_back(replace(waiting, replies=(remainder,)))


def _waiting(reply: Reply) -> Waiting:
    return Waiting(replies=(reply,), since=monotonic())


def _by_target(unsaid: Iterable[Waiting]) -> Iterator[tuple[str, str]]:
    """Give each target of replies that are not said, with the first text and how many more there are."""
    by_target: dict[str, list[Waiting]] = {}
    for each in unsaid:
        by_target.setdefault(each.to, []).append(each)
    for to, (first, *more) in by_target.items():
        yield to, f"{first.reply.text}{f' (and {len(more)} more)' if more else ''}"


class Allowance:
    """A token bucket: ``burst`` lines at once, then ``per_second``; the last token is reserved for answers.

    A network that throttles the bot counts more strictly than this bucket, which is emptied then.
    """

    def __init__(self, pace: Pace) -> None:
        """Begin with a full bucket."""
        self._pace = pace
        self._left = float(pace.burst)
        self._at = 0.0
        self._kept = min(1, pace.burst - 1)
        self._on_its_way: float | None = None

    def allows(self, waiting: Waiting, now: float) -> bool:
        """True if this may be sent now. Lists wait for answers, acknowledgements for a while, so that others join."""
        self._refill(now)
        yields = not waiting.urgent or (waiting.can_be_joined and now - waiting.since < ACKNOWLEDGEMENT_WAIT)
        return self._left >= 1 + (self._kept if yields else 0)

    def wait(self, now: float) -> float:
        """Seconds until more may be sent than now; 0 if anything may be sent."""
        self._refill(now)
        enough = 1 if self._left < 1 else 1 + self._kept
        return max(0.0, (enough - self._left) / self._pace.per_second)

    def spend(self, now: float) -> None:
        """Count one line as sent."""
        self._refill(now)
        self._left -= 1
        self._on_its_way = now

    def waits_for_network(self, now: float, *, busy: bool) -> bool:
        """True if the network has not taken the last line yet; empties the bucket if that took long."""
        if not busy and self._on_its_way is not None:
            if now - self._on_its_way > THROTTLED_AFTER:
                self._refill(now)
                self._left = min(0.0, self._left)
            self._on_its_way = None
        return busy

    def _refill(self, now: float) -> None:
        self._left = min(float(self._pace.burst), self._left + (now - self._at) * self._pace.per_second)
        self._at = now
