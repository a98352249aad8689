"""The occasions on which a task is brought up to date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from irscribe.domain.record import Incident
from irscribe.domain.taskfields import Sent
from models import Session, incidents, outbox, parts, scores, team

PRESSING, ORDINARY = "pressing", "ordinary"
"""The names under which the record keeps the occasion of the last update."""


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Digests of what brings about an update of a task: ``pressing`` at once, ``ordinary`` after a while."""

    pressing: str
    ordinary: str

    @property
    def sending(self) -> tuple[Sent, Sent]:
        """The facts that the record keeps of the occasion when an update is sent."""
        return Sent(name=PRESSING, sending=self.pressing), Sent(name=ORDINARY, sending=self.ordinary)


def occasions(session: Session, number: int, subjects: Collection[int]) -> Mapping[int, Occasion]:
    """Give the occasions of an incident's task (subject 0) and of those of follow-ups, as the record is now.

    Notes are no occasion: the next update takes them along.
    """
    incident = incidents.get(session, number)
    if incident is None:
        raise LookupError(number)
    hidden = (incident.private, outbox.last_redaction(session, number))
    ordinary = {each: _digest(value) for each, value in _followups(session, incident).items() if each in subjects}
    found = {each: Occasion(pressing=_digest(hidden), ordinary=ordinary.get(each, "")) for each in subjects}
    if 0 in subjects:
        pressing = _digest((*hidden, incident.state.value, incident.closed_at))
        found[0] = Occasion(pressing=pressing, ordinary=_digest(_of_incident(session, incident)))
    return found


def _of_incident(session: Session, incident: Incident) -> object:
    return (
        (incident.title, incident.severity, incident.status.value, incident.document_status.value, incident.drill),
        (incident.start, incident.end, parts.fields(session, incident.number).get(parts.PAGE)),
        [(each.person, each.name, each.until) for each in team.terms(session, incident.number)],
        [(each.number, each.answer, each.notes) for each in scores.answers(session, incident.number)],
    )


def _followups(session: Session, incident: Incident) -> Mapping[int, object]:
    points = parts.points(session, incident.number, "action")
    return {each.number: (incident.title, each.text, each.owner, each.due) for each in points}


def _digest(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()
