"""Which incident a line belongs to, and what the person is to it."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from irscribe.domain.errors import RefusedError, UnknownIncidentError
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing
from irscribe.domain.record import Incident
from irscribe.domain.request import Request, fold
from irscribe.services.turn import Case, Turn
from models import incidents, team

NOTHING_OPEN = "No incident is open here: !ir start TITLE opens one."


def unknown(number: int) -> UnknownIncidentError:
    """The one sentence for an incident that is not there, or not for this person."""
    return UnknownIncidentError(f"There is no incident {number} here: !ir list shows what there is.")


def find(turn: Turn, number: int | None) -> Incident:
    """The incident named by ``@N``, else the current one.

    Raises RefusedError when there is none, or in private when it is not clear which.
    """
    if number is not None:
        return _named(turn, number)
    if turn.channel is not None:
        current = incidents.current(turn.session, turn.request.network, turn.channel)
        if current is None:
            raise RefusedError(NOTHING_OPEN)
        return current
    return _only_one(_current_in(turn, turn.request.shared))


def visible(turn: Turn, number: int) -> Incident:
    """An incident by its number, wherever it is, as long as it is not private elsewhere."""
    found = incidents.get(turn.session, number)
    if found is None or (found.private and not _is_here(turn, found)):
        raise unknown(number)
    return found


def case_of(turn: Turn, incident: Incident) -> Case:
    """A turn about an incident."""
    others = incidents.open_in(turn.session, incident.network, incident.channel)
    return Case(
        turn=turn,
        incident=incident,
        standing=standing(turn, incident),
        aside=len(others) > 1 or (incident.open and incident not in others),
    )


def standing(turn: Turn, incident: Incident) -> Standing:
    """What the person is to the incident."""
    if is_trusted(turn.request, turn.house.config.trusted):
        return Standing.TRUSTED
    own = [each for each in team.participants(turn.session, incident.number) if each.person == turn.person]
    coordinates = any(
        term.person == turn.person and term.until is None for term in team.terms(turn.session, incident.number)
    )
    if incident.opener == turn.person or coordinates or any(each.granted for each in own):
        return Standing.RESPONDER
    return Standing.JOINED if any(each.left_at is None for each in own) else Standing.ANYONE


def is_trusted(request: Request, trusted: Sequence[str]) -> bool:
    """Whether somebody is on the list of accounts and masks; an empty list trusts the channel's operators."""
    if not trusted:
        return request.operator
    return any(_matches(request, each) for each in trusted)


def _matches(request: Request, trusted: str) -> bool:
    who = request.person
    if "!" in trusted or "@" in trusted:
        return fnmatchcase(who.mask.lower(), trusted.lower())
    return who.account is not None and fold(who.account) == fold(trusted)


def _named(turn: Turn, number: int) -> Incident:
    found = incidents.get(turn.session, number)
    if found is None or not _is_here(turn, found):
        raise unknown(number)
    return found


def _is_here(turn: Turn, incident: Incident) -> bool:
    channels = turn.request.shared if turn.channel is None else (turn.channel,)
    return incident.network == turn.request.network and incident.channel in map(fold, channels)


def _current_in(turn: Turn, channels: Sequence[str]) -> list[Incident]:
    found = (incidents.current(turn.session, turn.request.network, fold(each)) for each in channels)
    return [each for each in found if each is not None]


def _only_one(found: Sequence[Incident]) -> Incident:
    still_open = [each for each in found if each.open]
    choice = still_open or list(found)
    if not choice:
        raise RefusedError("No incident is open in a channel we share: !ir start TITLE opens one there.")
    if len(choice) > 1:
        numbers = listing([f"@{each.number}" for each in choice])
        raise RefusedError(f"There are several incidents you may mean: put {numbers} behind the verb.")
    return choice[0]
