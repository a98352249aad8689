"""What an acknowledgement adds where an outage marker contradicts what is there."""

from __future__ import annotations

from irscribe.domain.contradictions import Bound, Contradiction, find_contradictions
from irscribe.domain.record import Incident
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context import target
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.timeline.assembly import span_of, timeline_of
from models import Session, entries


def hint_of_entry(ctx: IncidentContext, number: int) -> Speech:
    """The hint behind the acknowledgement of an entry that bears a marker; empty where it contradicts nothing."""
    return _hint([each for each in _found(ctx) if number in each.entries])


def hint_of_bound(ctx: IncidentContext, bound: Bound) -> Speech:
    """The hint behind a start or an end that was set; empty where nothing contradicts it."""
    return _hint([each for each in _found(ctx) if bound in each.bounds])


def _found(ctx: IncidentContext) -> tuple[Contradiction, ...]:
    return _contradictions_of(ctx.session, target.visible(ctx, ctx.number))


def _hint(found: list[Contradiction]) -> Speech:
    return sentence(" (check: {}; {})", found[0].sentence, found[0].remedy) if found else ""


def _contradictions_of(session: Session, incident: Incident) -> tuple[Contradiction, ...]:
    """What the outage markers of an incident contradict in each other, in its start, its end and its closing."""
    marked = entries.marked_of(session, incident.number)
    return find_contradictions(timeline_of(marked), span_of(incident, marked), closed_at=incident.closed_at)
