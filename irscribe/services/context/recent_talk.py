"""Recent talk: the last lines of each channel, in memory only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from threading import Lock

from irscribe.domain.talk import SECOND, HeardLine, Role

MOST_LINES = 500
"""Most lines of one channel."""
MOST_OF_ALERT_BOTS = 100
"""Most of them by alert bots once there is no room for more: a storm of alerts leaves what people said."""

Place = tuple[str, str]
"""A network and a channel on it, folded."""


class RecentTalk:
    """The lines of each channel for so long, at most ``MOST_LINES``; gone with the process.

    Lines are heard on the reader's thread and looked for on the writer's.
    """

    def __init__(self, keep: timedelta | None) -> None:
        """Begin with nothing; None keeps nothing at all."""
        self._keep = keep
        self._lines: dict[Place, deque[HeardLine]] = {}
        self._said_until: dict[Place, datetime] = {}
        self._speakers: dict[str, int] = {}
        self._numbers = count(1)
        self._lock = Lock()

    @property
    def is_kept(self) -> bool:
        """True if the settings let the bot keep lines in memory."""
        return self._keep is not None

    def hear(self, line: HeardLine, *, folded_nick: str) -> bool:
        """Take a line; False for one that is read back and was heard before, or that nobody can tell.

        A line that is read back is news if it was said after the last one heard there; this process must have heard
        one, as it may have forgotten others on request.
        """
        place = line.network, line.channel
        with self._lock:
            said_until = self._said_until.get(place)
            if line.read_back and not self._is_news(line, said_until):
                return False
            self._said_until[place] = max(line.said_at, said_until or line.said_at)
            if self._keep is not None:
                speaker = self._speakers.setdefault(folded_nick, next(self._numbers))
                lines = self._lines.setdefault(place, deque())
                _make_room(lines)
                lines.append(replace(line, speaker=speaker))
                self._expire(lines, line.heard_at)
            return True

    def until(self, network: str, channel: str, moment: datetime) -> Sequence[HeardLine]:
        """Give the lines of a channel that were heard until that moment of our clock, newest first."""
        with self._lock:
            lines = self._lines.get((network, channel), deque())
            self._expire(lines, moment)
            return [each for each in reversed(lines) if each.heard_at <= moment]

    def remove(self, network: str, channel: str, fits: Callable[[HeardLine], bool]) -> int:
        """Forget the lines of a channel for which the function gives True; give how many."""
        with self._lock:
            lines = self._lines.get((network, channel), deque())
            left = [each for each in lines if not fits(each)]
            gone = len(lines) - len(left)
            if gone:
                self._lines[network, channel] = deque(left)
                self._said_until[network, channel] += SECOND  # of the same second none is read back either
            return gone

    def speaker_called(self, folded_nick: str) -> int | None:
        """Give the number of whoever has this nick now, or had it when they left; None if they said nothing."""
        with self._lock:
            return self._speakers.get(folded_nick)

    def rename(self, folded_nick: str, folded_new: str) -> None:
        """Follow somebody to a new nick; the old one may be anybody's from now on."""
        with self._lock:
            known = self._speakers.pop(folded_nick, None)
            self._speakers.pop(folded_new, None)
            if known is not None:
                self._speakers[folded_new] = known

    def leave(self, folded_nick: str) -> None:
        """Take nobody who comes later under this nick for the one who left."""
        with self._lock:
            self._speakers.pop(folded_nick, None)

    def disconnect(self) -> None:
        """Follow nobody over the end of a connection: who changes nick meanwhile is not seen."""
        with self._lock:
            self._speakers.clear()

    def expire(self, now: datetime) -> None:
        """Forget what is too old by now."""
        with self._lock:
            for lines in self._lines.values():
                self._expire(lines, now)

    def _is_news(self, line: HeardLine, said_until: datetime | None) -> bool:
        if said_until is None or not line.is_after(said_until):
            return False
        return not any(line.is_same(each) for each in self._lines.get((line.network, line.channel), ()))

    def _expire(self, lines: deque[HeardLine], now: datetime) -> None:
        while lines and self._keep is not None and now - lines[0].heard_at > self._keep:
            lines.popleft()


def _make_room(lines: deque[HeardLine]) -> None:
    """Forget the oldest line of a full channel: of those by alert bots if they have more than their part."""
    if len(lines) < MOST_LINES:
        return
    of_alert_bots = [place for place, each in enumerate(lines) if each.role is Role.ALERT_BOT]
    del lines[of_alert_bots[0] if len(of_alert_bots) > MOST_OF_ALERT_BOTS else 0]
