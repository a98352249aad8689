"""Hints about outage markers that contradict each other."""

from __future__ import annotations

from irscribe.domain.contradictions import Bound, Contradiction, find_contradictions
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context import target
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.timeline.facts import span_of, timeline_of
from models import entries, notable


def hint_of_entry(ctx: IncidentContext, number: int) -> Speech:
    """The hint behind the acknowledgement of an entry; empty if it has no marker, or contradicts nothing."""
    found = entries.get(ctx.session, ctx.number, number)
    if found is None or found.current.marker is None:
        return ""
    return _hint([each for each in _found(ctx) if number in each.entries])


def hint_of_bound(ctx: IncidentContext, bound: Bound) -> Speech:
    """The hint behind the acknowledgement of a start or an end; empty if nothing contradicts it."""
    return _hint([each for each in _found(ctx) if bound in each.bounds])


def _found(ctx: IncidentContext) -> tuple[Contradiction, ...]:
    """The contradictions among the incident's outage markers, and with its start, its end and its closing."""
    marked = notable.marked_of(ctx.session, ctx.number)
    incident = target.read_again(ctx).incident
    return find_contradictions(timeline_of(marked), span_of(incident, marked), closed_at=incident.closed_at)


def _hint(found: list[Contradiction]) -> Speech:
    return sentence(" (check: {}; {})", found[0].sentence, found[0].remedy) if found else ""
