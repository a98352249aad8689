"""Outages and durations, derived from the markers of the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from irscribe.domain.marker import linked
from irscribe.domain.pairing import Mark, Paired, pair, placed
from irscribe.domain.report import Durations, Entry, IncidentFacts, Marker, MarkerKind, Outage, State

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Span:
    """The start and the end of an incident; ``end`` is None while it is not known."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, kw_only=True)
class PartialEnd:
    """The end of an outage without a scope for one scope only, such as ``for most VMs``."""

    at: datetime
    scope: str


def find_span(
    facts: IncidentFacts,
    entries: Iterable[Entry],
    *,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Span:
    """Give start and end as set, else the first ``begins`` and the last ``ends`` marker, else opening and closing.

    An ``ends`` before the first ``begins`` of its scope does not count.
    """
    marks = placed(entries)
    begun = [each for each in marks if each.kind is MarkerKind.BEGINS]
    ended = [each.earliest for each in marks if each.kind is MarkerKind.ENDS and not _is_early(each, begun)]
    first = begun[0].earliest if begun else facts.opened_at
    return Span(start=start or first, end=end or (ended[-1] if ended else facts.closed_at))


def _is_early(end: Mark, begun: Sequence[Mark]) -> bool:
    """True if everything that an end may be about begins only after it."""
    own = [each for each in begun if end.key is None or each.key in (None, end.key)]
    return bool(begun) and end.earliest < (own or begun)[0].earliest


def measure(facts: IncidentFacts, entries: Sequence[Entry], *, span: Span) -> Durations:
    """Derive every duration of the report, in whole minutes."""
    outages = find_outages(entries, open_=facts.state is State.OPEN)
    return Durations(
        outage_minutes=None if facts.state is State.OPEN else _outage_minutes(outages, span),
        outages=outages,
        to_first_entry_minutes=_to_first_entry(entries, span.start),
        open_minutes=None if facts.state is State.OPEN else minutes_between(facts.opened_at, facts.closed_at),
    )


def find_outages(entries: Iterable[Entry], *, open_: bool) -> tuple[Outage, ...]:
    """Find the outages between the markers, in the order of their begins.

    A partial end closes the outage without a scope only after the incident is over: until then more ends may follow.
    """
    pairs = pair(placed(entries))
    ended = [(begin, each.mark.earliest) for each in pairs for begin in each.ended]
    closed = {begin for begin, _ in ended}
    lasting = [each.mark for each in pairs if _begins_one(each) and each.mark not in closed]
    if not open_:
        parts = {each.part_of: each.mark.earliest for each in pairs if _ends_part(each)}
        ended += [(begin, parts[begin]) for begin in lasting if begin in parts]
        lasting = [begin for begin in lasting if begin not in parts]
    outages = [*(_outage(begin, ends) for begin, ends in ended), *(_outage(begin, None) for begin in lasting)]
    return tuple(sorted(outages, key=lambda outage: outage.begins))


def partial_ends(entries: Iterable[Entry], outage: Outage) -> tuple[PartialEnd, ...]:
    """The partial ends before the end of an outage without a scope; a scope that began by itself has none."""
    if outage.scope is not None:
        return ()
    marks = [each.mark for each in pair(placed(entries)) if _ends_part(each) and _begins_at(each.part_of, outage)]
    ends = [PartialEnd(at=each.earliest, scope=linked(each.scope)) for each in marks]
    return tuple(each for each in ends if outage.ends is None or each.at < outage.ends)


def minutes_between(begins: datetime, ends: datetime | None) -> int | None:
    """Count whole minutes, rounded down; None if the end is not known or comes before the begin."""
    return None if ends is None or ends < begins else (ends - begins) // _MINUTE


def _outage_minutes(outages: tuple[Outage, ...], span: Span) -> int | None:
    if not outages:
        return minutes_between(span.start, span.end)
    if any(outage.ends is None for outage in outages):
        return None
    return _covered((outage.begins, outage.ends) for outage in outages if outage.ends) // _MINUTE


def _covered(intervals: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """The length of time that is in at least one of the intervals."""
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


def _begins_one(paired: Paired) -> bool:
    return paired.mark.kind is MarkerKind.BEGINS and paired.lasting is None


def _ends_part(paired: Paired) -> bool:
    return paired.part_of is not None and not paired.apart


def _begins_at(begin: Mark | None, outage: Outage) -> bool:
    return begin is not None and begin.earliest == outage.begins


def _outage(begin: Mark, ends: datetime | None) -> Outage:
    minutes = minutes_between(begin.earliest, ends)
    return Outage(begins=begin.earliest, ends=ends, scope=begin.scope, minutes=minutes)
