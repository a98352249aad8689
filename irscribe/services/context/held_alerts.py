"""The alerts that were heard of in each channel lately, in memory only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock

from irscribe.domain.alerts import Known, Telling, follow, key_of

MOST_ALERTS = 500
"""Most alerts of one channel; of more those that were heard of longest ago are forgotten."""

MOST_FIRINGS = 200
"""Most firings of one alert that are remembered: one that comes and goes may do so for ever."""

Place = tuple[str, str]
"""A network and a channel on it, folded."""


class HeldAlerts:
    """The alerts of each channel, for as long as recent talk is held; gone with the process.

    Lines are heard on the reader's thread, posts on the writer's; both the writer and the jobs look them up.
    """

    def __init__(self, keep: timedelta | None) -> None:
        """Begin with nothing; None holds nothing at all."""
        self._keep = keep
        self._alerts: dict[Place, dict[str, tuple[Known, datetime]]] = {}
        self._lock = Lock()

    @property
    def is_held(self) -> bool:
        """True if the settings let the bot hold anything in memory."""
        return self._keep is not None

    def hear(self, network: str, channel: str, told: Telling, *, now: datetime) -> None:
        """Take what is told of an alert."""
        if self._keep is None:
            return
        with self._lock:
            alerts = self._alerts.setdefault((network, channel), {})
            known, _ = alerts.pop(key_of(told.name), (None, now))
            after = follow(known, told)
            if after is not None:
                alerts[key_of(told.name)] = (after.with_latest_firings(MOST_FIRINGS), now)
            while len(alerts) > MOST_ALERTS:
                del alerts[next(iter(alerts))]

    def of(self, network: str, channel: str, *, now: datetime) -> Sequence[Known]:
        """Give the alerts of a channel, in the order in which they fired first."""
        with self._lock:
            self._expire(now)
            held = [known for known, _ in self._alerts.get((network, channel), {}).values()]
        return sorted(held, key=lambda known: known.alert.first_at)

    def remove(self, network: str, channel: str, fits: Callable[[Known], bool]) -> None:
        """Forget the alerts of a channel for which the function gives True."""
        with self._lock:
            alerts = self._alerts.get((network, channel), {})
            for key in [key for key, (known, _) in alerts.items() if fits(known)]:
                del alerts[key]

    def expire(self, now: datetime) -> None:
        """Forget what is too old by now."""
        with self._lock:
            self._expire(now)

    def _expire(self, now: datetime) -> None:
        if self._keep is None:
            return
        for place, alerts in self._alerts.items():
            self._alerts[place] = {key: each for key, each in alerts.items() if now - each[1] <= self._keep}
