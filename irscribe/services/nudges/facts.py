"""Gathers the facts about an open incident on which its nudges depend, from the record and from what the bot sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from irscribe.domain.attendance import Attendance, Observed, Seen
from irscribe.domain.nudges import FEWEST_ACTIVE, Facts
from irscribe.domain.record import Incident, Term
from irscribe.domain.report import Status
from irscribe.services.nudges.silence import promised
from models import Session, coverage, nudges, persons, team
from models.visibility import is_public

ACTIVE_FOR = timedelta(minutes=30)
"""The time for which somebody counts as active after a line."""
GAP_COUNTS = timedelta(minutes=10)
"""A longer gap ends a silence: nobody knows what was said in it."""
TIMED = (Status.MONITORING, Status.RESOLVED)
"""The status from whose beginning the time counts until something is due."""
NO_IC = "none:ic"
"""The field that says that there is no coordinator on purpose."""


@dataclass(frozen=True, kw_only=True)
class Coordinator:
    """The present coordinator, with the keys and the names they are recognised by."""

    term: Term
    keys: frozenset[str]
    names: tuple[str, ...]

    def is_in(self, attendance: Attendance, channel: str) -> bool:
        """True if one of their nicks is in a channel (folded name)."""
        return attendance.find(self.keys, self.names, channel=channel) is not None

    def reached(self, attendance: Attendance, incident: Incident) -> Seen | None:
        """Find them in any channel, to be told in private; a name alone may be somebody else's."""
        is_name_enough = self.term.person is None and is_public(incident)
        return attendance.find(self.keys, self.names if is_name_enough else ())


def coordinator_of(session: Session, number: int) -> Coordinator | None:
    """Give the present coordinator of an incident; None if there is none."""
    term = next((each for each in team.terms(session, number) if each.until is None), None)
    if term is None:
        return None
    if term.person is None:
        return Coordinator(term=term, keys=frozenset(), names=(term.name,))
    nick = persons.nick_of(session, term.person)
    return Coordinator(term=term, keys=persons.keys_of(session, term.person), names=(nick,))


def is_gone(session: Session, incident: Incident, attendance: Attendance) -> bool:
    """True if none of the coordinator's nicks is in the channel, and no netsplit has taken them."""
    serving = coordinator_of(session, incident.number)
    if serving is None or attendance.is_split_off(serving.keys, serving.names):
        return False
    return not serving.is_in(attendance, incident.channel)


def facts_of(
    session: Session, incident: Incident, *, fields: Mapping[str, str], observed: Observed, now: datetime
) -> Facts:
    """Gather the facts about an open incident."""
    number = incident.number
    began = nudges.began(session, number) or incident.opened_at
    last_note = nudges.last_note(session, number) or began
    serving = coordinator_of(session, number)
    uncoordinated_since = None if serving or NO_IC in fields else _last_term(session, number, began)
    return Facts(
        status=incident.status,
        status_since=(nudges.status_set(session, number) if incident.status in TIMED else None) or began,
        severity=incident.severity,
        uncoordinated_since=uncoordinated_since,
        active=0 if uncoordinated_since is None else _count_active(session, incident, observed, now),
        term=serving.term.number if serving else 0,
        gone_since=observed.gone_since.get(number) if serving else None,
        last_note=last_note,
        promised=promised(fields),
        has_impact=bool(fields.get("impact")),
        last_human_line=_last_human_line(session, incident, observed, since=last_note),
        said=nudges.given(session, number),
    )


def _last_term(session: Session, number: int, began: datetime) -> datetime:
    return max([began, *(each.until for each in team.terms(session, number) if each.until)])


def _count_active(session: Session, incident: Incident, observed: Observed, now: datetime) -> int:
    """Count the people who were heard lately; after a restart only the record knows who wrote.

    Where enough were heard, the record is not asked for more.
    """
    heard = sum(now - at <= ACTIVE_FOR for at in _spoken(incident, observed))
    if heard >= FEWEST_ACTIVE:
        return heard
    return max(heard, nudges.count_writers(session, incident.number, since=now - ACTIVE_FOR))


def _last_human_line(session: Session, incident: Incident, observed: Observed, *, since: datetime) -> datetime:
    known = (
        since,
        *_spoken(incident, observed),
        coverage.spoken_at(session, incident.network, incident.channel),
        nudges.last_gap(session, incident.number, longer_than=GAP_COUNTS),
    )
    return max(each for each in known if each is not None)


def _spoken(incident: Incident, observed: Observed) -> Iterable[datetime]:
    return observed.spoken.get(incident.channel, {}).values()
