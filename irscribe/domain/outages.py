"""Outages and durations, worked out from the markers of the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from irscribe.domain.marker import linked, scope_key
from irscribe.domain.report import Durations, Entry, IncidentFacts, Marker, MarkerKind, Outage, State

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Span:
    """From when to when an incident lasted; ``end`` is None while that is not known."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, kw_only=True)
class PartialEnd:
    """When an outage of everything was over for a part: ``scope`` is ``for most VMs``."""

    at: datetime
    scope: str


def find_span(
    facts: IncidentFacts,
    entries: Iterable[Entry],
    *,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Span:
    """Start and end as set, else the first ``begins`` and the last ``ends`` marker, else opening and closing.

    An ``ends`` before the first ``begins`` of what it ends is none.
    """
    found = markers(entries)
    begun = [each for each in found if each[1].kind is MarkerKind.BEGINS]
    ended = [at for at, marker in found if marker.kind is MarkerKind.ENDS and not _is_early(at, marker, begun)]
    first = begun[0][0] if begun else facts.opened_at
    return Span(start=start or first, end=end or (ended[-1] if ended else facts.closed_at))


def _is_early(at: datetime, ends: Marker, begun: Sequence[tuple[datetime, Marker]]) -> bool:
    """Whether what an ``ends`` is about begins only after it."""
    whole = scope_key(ends.scope) is None
    own = [each for each in begun if whole or scope_key(each[1].scope) in (None, scope_key(ends.scope))]
    return bool(begun) and at < (own or begun)[0][0]


def measure(facts: IncidentFacts, entries: Sequence[Entry], *, span: Span) -> Durations:
    """Every duration of the report, in whole minutes."""
    outages = find_outages(entries, open_=facts.state is State.OPEN)
    return Durations(
        outage_minutes=None if facts.state is State.OPEN else _outage_minutes(outages, span),
        outages=outages,
        to_first_entry_minutes=_to_first_entry(entries, span.start),
        open_minutes=None if facts.state is State.OPEN else minutes_between(facts.opened_at, facts.closed_at),
    )


def find_outages(entries: Iterable[Entry], *, open_: bool) -> tuple[Outage, ...]:
    """The spans between markers in the order they began.

    A partial end closes the outage without scope only once the incident is over: until then more may follow.
    """
    ledger = _Ledger.of(entries)
    if not open_:
        ledger.settle()
    return tuple(sorted(ledger.outages(), key=lambda outage: outage.begins))


def partial_ends(entries: Iterable[Entry], outage: Outage) -> tuple[PartialEnd, ...]:
    """The ends of parts that never began by themselves, while everything was out; none for an outage with a scope."""
    ledger = _Ledger.of(entries)
    return tuple(ledger.partial.get(outage.begins, ())) if outage.scope is None else ()


def markers(entries: Iterable[Entry]) -> list[tuple[datetime, Marker]]:
    """The markers whose time is known, in the order of the timeline."""
    found = [(entry.at, entry.number, entry.marker) for entry in entries if entry.at and entry.marker]
    return [(at, marker) for at, _, marker in sorted(found, key=lambda each: each[:2])]


def minutes_between(begins: datetime, ends: datetime | None) -> int | None:
    """Whole minutes, rounded down; None where an end is not known or comes before the begin."""
    return None if ends is None or ends < begins else (ends - begins) // _MINUTE


def _outage_minutes(outages: tuple[Outage, ...], span: Span) -> int | None:
    if not outages:
        return minutes_between(span.start, span.end)
    if any(outage.ends is None for outage in outages):
        return None
    return _covered((outage.begins, outage.ends) for outage in outages if outage.ends) // _MINUTE


def _covered(intervals: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """The time in at least one of the intervals."""
    total, reached = timedelta(), None
    for begins, ends in sorted(intervals):
        fresh = begins if reached is None else max(begins, reached)
        total += max(ends - fresh, timedelta())
        reached = ends if reached is None else max(ends, reached)
    return total


def _to_first_entry(entries: Iterable[Entry], start: datetime) -> int | None:
    times = [entry.at for entry in entries if entry.at and entry.at >= start and not _begins(entry.marker)]
    return (min(times) - start) // _MINUTE if times else None


def _begins(marker: Marker | None) -> bool:
    return marker is not None and marker.kind is MarkerKind.BEGINS


@dataclass
class _Open:
    begins: datetime
    scope: str | None
    partly_ended: datetime | None = None

    def ended(self, ends: datetime | None) -> Outage:
        minutes = minutes_between(self.begins, ends)
        return Outage(begins=self.begins, ends=ends, scope=self.scope, minutes=minutes)


@dataclass
class _Ledger:
    """The outages as the markers come in; keys are folded scopes, None for everything."""

    lasting: dict[str | None, _Open] = field(default_factory=dict)
    over: list[Outage] = field(default_factory=list)
    begun: set[str | None] = field(default_factory=set)
    partial: dict[datetime, list[PartialEnd]] = field(default_factory=dict)
    """The partial ends of the outages without scope, by when those began."""

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        """What the markers of these entries say."""
        ledger = cls()
        for at, marker in markers(entries):
            ledger.enter(at, marker)
        return ledger

    def enter(self, at: datetime, marker: Marker) -> None:
        key = scope_key(marker.scope)
        if marker.kind is MarkerKind.ENDS:
            self._end(key, at, marker)
        elif key not in self.lasting:
            self.begun.add(key)
            self.lasting[key] = _Open(at, marker.scope)

    def settle(self) -> None:
        whole = self.lasting.get(None)
        if whole and whole.partly_ended:
            self._close(None, whole.partly_ended)

    def outages(self) -> list[Outage]:
        return [*self.over, *(each.ended(None) for each in self.lasting.values())]

    def _end(self, key: str | None, at: datetime, marker: Marker) -> None:
        if key in self.lasting:
            self._close(key, at)
        elif key is None:
            for scope in list(self.lasting):
                self._close(scope, at)
        elif key not in self.begun and None in self.lasting:
            self._end_partly(self.lasting[None], at, marker)

    def _end_partly(self, whole: _Open, at: datetime, marker: Marker) -> None:
        whole.partly_ended = at
        self.partial.setdefault(whole.begins, []).append(PartialEnd(at=at, scope=linked(marker.scope)))

    def _close(self, key: str | None, at: datetime) -> None:
        self.over.append(self.lasting.pop(key).ended(at))
