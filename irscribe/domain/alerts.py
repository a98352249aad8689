"""Alerts: what is known of each, and what one more line about it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from irscribe.domain.alertlines import AlertLine, AlertState
from irscribe.domain.reportparts import Alert
from irscribe.domain.talk import HeardLine

STILL_FIRING_AFTER = timedelta(minutes=5)
"""So long after the last of several pages the start of an incident is suggested, if they are firing still."""


class Entered(StrEnum):
    """The alerts that become entries by themselves."""

    PAGE = "page"
    ALL = "all"
    NONE = "none"

    def includes(self, alert: Alert) -> bool:
        """True if an alert is one of them."""
        return self is Entered.ALL or (self is Entered.PAGE and alert.paged)


@dataclass(frozen=True, kw_only=True)
class Firing:
    """One firing of an alert as Alertmanager tells of it: ``fingerprint`` names the alert's labels."""

    fingerprint: str
    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One line about an alert, or one alert of a post.

    ``text`` are its own words, ``over_text`` those of its end if they are told at the same time. ``at`` is the server's
    time, or that at which the alert began. Of a post ``firing`` is set, and ``until`` once it is over.
    """

    name: str
    state: AlertState
    paged: bool
    source: str
    text: str
    at: datetime
    account: str | None = None
    over_text: str = ""
    read_back: bool = False
    firing: Firing | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """The knowledge of an alert, which fires since ``since``.

    ``firings`` are those of posts, each with its end (None: it is firing). ``fired`` and ``ended`` are the first
    tellings of a firing and of an end among those that were followed.
    """

    alert: Alert
    since: datetime
    firings: Mapping[Firing, datetime | None] = field(default_factory=lambda: MappingProxyType({}))
    fired: Telling | None = None
    ended: Telling | None = None

    @property
    def is_firing(self) -> bool:
        """True while nobody said that it is over."""
        return self.alert.over_at is None

    def with_latest_firings(self, most: int) -> Known:
        """Leave out the oldest of more firings, as far as they are over."""
        if len(self.firings) <= most:
            return self
        over = sorted((each for each, end in self.firings.items() if end is not None), key=lambda each: each.starts_at)
        gone = {*over[: len(self.firings) - most]}
        left = {each: end for each, end in self.firings.items() if each not in gone}
        return replace(self, firings=MappingProxyType(left))


def key_of(name: str) -> str:
    """Give the key of an alert: lines whose names have the same one are about one alert."""
    return name.casefold()


def telling_of(told: AlertLine, line: HeardLine) -> Telling:
    """Make a telling of what a line tells."""
    return Telling(
        name=told.name,
        state=told.state,
        paged=told.paged,
        source=line.nick,
        account=line.account,
        text=line.text,
        at=line.said_at,
        read_back=line.read_back,
    )


def follow(known: Known | None, told: Telling) -> Known | None:
    """Give what is known of an alert after a telling; None if it tells of the end of one that is not known.

    The same telling twice is as one. An alert that several tell of is counted as the first of them counts it.
    """
    return _follow_line(known, told) if told.firing is None else _follow_post(known, told, told.firing)


def follow_all(known: Mapping[str, Known], tellings: Iterable[Telling]) -> Mapping[str, Known]:
    """Give the alerts, by key, that tellings have changed."""
    changed: dict[str, Known] = {}
    for told in tellings:
        key = key_of(told.name)
        before = changed.get(key, known.get(key))
        after = follow(before, told)
        if after is not None and after != before:
            changed[key] = after
    return changed


def _follow_line(known: Known | None, told: Telling) -> Known | None:
    if known is None:
        return None if told.state is AlertState.OVER else Known(alert=_new(told), since=told.at, fired=told)
    alert = known.alert
    if told.read_back and _second(told.at) <= _second(alert.last_at):
        return known  # kept lines come with a precision of one second, so it may be the same one
    if told.state is AlertState.OVER:
        return known if _is_firing_by_post(known) else _end(known, told, told.at)
    return _fire_again(known, told)


def _fire_again(known: Known, told: Telling) -> Known:
    alert = known.alert
    first_page = told.paged and not alert.paged
    fired = told if first_page else known.fired or told
    seen = replace(alert, paged=alert.paged or told.paged, first_at=min(alert.first_at, told.at))
    if told.at <= alert.last_at:
        return replace(known, alert=seen, fired=fired)
    fires_anew = told.state is AlertState.FIRING and (not known.is_firing or told.source == alert.source)
    over_at = None if told.state is AlertState.FIRING else alert.over_at
    seen = replace(seen, last_at=told.at, count=alert.count + fires_anew, over_at=over_at)
    return replace(known, alert=seen, since=known.since if known.is_firing else told.at, fired=fired)


def _follow_post(known: Known | None, told: Telling, firing: Firing) -> Known:
    if known is None:
        alert = replace(_new(told), over_at=told.until)
        ended = told if told.until else None
        firings = MappingProxyType({firing: told.until})
        return Known(alert=alert, since=told.at, firings=firings, fired=told, ended=ended)
    before = known.firings.get(firing)
    if firing in known.firings and (told.until is None or before is not None):
        return known
    alert = known.alert
    firings = MappingProxyType({**known.firings, firing: told.until})
    is_news = firing not in known.firings and (not known.is_firing or told.source == alert.source)
    seen = replace(
        alert,
        paged=alert.paged or told.paged,
        first_at=min(alert.first_at, told.at),
        last_at=max(alert.last_at, told.at),
        count=alert.count + is_news,
    )
    fired = told if told.paged and not alert.paged else known.fired or told
    since = known.since if known.is_firing else told.at
    after = replace(known, alert=seen, since=since, firings=firings, fired=fired)
    if _is_firing_by_post(after):
        return replace(after, alert=replace(seen, over_at=None))
    return _end(after, told, max(each for each in firings.values() if each))


def _end(known: Known, told: Telling, at: datetime) -> Known:
    over_at = max(known.alert.over_at or at, at) if told.firing else known.alert.over_at or at
    return replace(known, alert=replace(known.alert, over_at=over_at), ended=known.ended or told)


def _is_firing_by_post(known: Known) -> bool:
    return None in known.firings.values()


def _new(told: Telling) -> Alert:
    return Alert(
        name=told.name,
        source=told.source,
        first_at=told.at,
        last_at=told.at,
        count=1,
        over_at=None,
        paged=told.paged,
    )


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


@dataclass(frozen=True, kw_only=True)
class StartSuggestion:
    """The setting: the start of an incident is suggested where so many different pages fire within so long."""

    pages: int
    within: timedelta

    def due(self, alerts: Iterable[Known], *, after: datetime | None, now: datetime) -> Sequence[Known]:
        """Give the pages that are the reason to suggest it now, in the order in which they fired; none if it is not.

        Pages that fired before ``after`` do not count.
        """
        firing = (each for each in alerts if each.alert.paged and each.is_firing)
        counted = sorted((each for each in firing if after is None or each.since > after), key=_since)
        runs = (counted[begin : begin + self.pages] for begin in range(len(counted) - self.pages + 1))
        is_due = any(
            run[-1].since - run[0].since <= self.within and now - run[-1].since >= STILL_FIRING_AFTER for run in runs
        )
        return counted if is_due else ()


def _since(known: Known) -> datetime:
    return known.since
