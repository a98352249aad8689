"""Arrivals: the people who joined a channel lately and may have to be greeted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from threading import Lock

from irscribe.domain.attendance import Arrival

SETTLED_AFTER = timedelta(seconds=5)
"""The time after a JOIN in which the bot learns whether it was a bot, and whether the person stays."""
FORGOTTEN_AFTER = timedelta(minutes=10)
"""A greeting that had to wait longer is not said."""
MOST_A_MINUTE = 4
"""Most greetings in a minute: networks let nobody write to many people one after another."""
MINUTE = timedelta(minutes=1)


class Arrivals:
    """The arrivals in their order, in memory only; noted on the reader's thread, taken on another."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._since: dict[Arrival, datetime] = {}
        self._greeted: list[datetime] = []
        self._lock = Lock()

    def note(self, arrival: Arrival, now: datetime) -> None:
        """Note that somebody has joined a channel."""
        with self._lock:
            self._since[arrival] = now

    def rename(self, nick: str, new: str) -> None:
        """Follow somebody to a new nick."""
        with self._lock:
            self._since = {
                Arrival(nick=new, channel=each.channel) if each.nick == nick else each: since
                for each, since in self._since.items()
            }

    def settled(self, now: datetime) -> Sequence[Arrival]:
        """Give those who have been there for a while."""
        with self._lock:
            self._since = {each: at for each, at in self._since.items() if now - at <= FORGOTTEN_AFTER}
            return [each for each, at in self._since.items() if now - at >= SETTLED_AFTER]

    def take(self, due: Iterable[Arrival], settled: Iterable[Arrival], now: datetime) -> tuple[Arrival, ...]:
        """Take as many of those who are ``due`` as may be greeted now; of the ``settled`` keep the rest of them."""
        waiting = list(due)
        with self._lock:
            self._greeted = [at for at in self._greeted if now - at < MINUTE]
            taken = waiting[: max(0, MOST_A_MINUTE - len(self._greeted))]
            self._greeted += [now] * len(taken)
            for each in {*settled} - {*waiting[len(taken) :]}:
                self._since.pop(each, None)
        return tuple(taken)
