"""Assembles the timeline and the span of an incident for the report."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from irscribe.domain.chronology import chronological
from irscribe.domain.outages import Span, find_span
from irscribe.domain.record import Incident, Recorded
from irscribe.domain.report import Author, Entry, IncidentFacts, Kind


def facts_of(incident: Incident) -> IncidentFacts:
    """The facts of an incident at the head of its report."""
    day = f"{incident.opened_at:%Y-%m-%d}"
    return IncidentFacts(
        number=incident.number,
        id=f"{day} {incident.title}" if incident.title else day,
        title=incident.title,
        state=incident.state,
        status=incident.status,
        document_status=incident.document_status,
        severity=incident.severity,
        private=incident.private,
        drill=incident.drill,
        channel=incident.channel_name,
        network=incident.network,
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
    )


def timeline_of(recorded: Sequence[Recorded]) -> tuple[Entry, ...]:
    """The entries that the report shows, in the order of the timeline."""
    standing = [each for each in recorded if each.current.standing]
    return tuple(_entry(each) for each in chronological(standing, at=lambda each: each.current.moment.at))


def span_of(incident: Incident, recorded: Sequence[Recorded]) -> Span:
    """The start and end of an incident, from its fields and those of its entries that have a marker."""
    marked = [each for each in recorded if each.current.marker]
    return find_span(facts_of(incident), timeline_of(marked), start=incident.start, end=incident.end)


def _entry(recorded: Recorded) -> Entry:
    current = recorded.current
    return Entry(
        number=current.number,
        at=current.moment.at,
        until=current.moment.until,
        precision=current.moment.precision,
        approximate=current.moment.approximate,
        text=current.text,
        speaker=current.speaker,
        author=_author(recorded.nick, recorded.account),
        marker=current.marker,
        recorded_at=recorded.recorded_at.replace(microsecond=0),
        kind=Kind.OUTAGE if current.marker else current.kind,
        version=current.version,
    )


@lru_cache(256)
def _author(nick: str, account: str | None) -> Author:
    return Author(nick=nick, account=account)
