"""Which incident a line belongs to, and what the person is to it."""

from __future__ import annotations

from collections.abc import Sequence

from irscribe.commands import Command
from irscribe.domain.errors import RefusedError, UnknownIncidentError
from irscribe.domain.permission import Standing, is_listed
from irscribe.domain.prose import listing
from irscribe.domain.record import Incident
from irscribe.domain.request import Request, fold
from irscribe.services.turn import Case, Turn
from irscribe.services.wording import numbered
from models import Session, incidents, team

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
        here = current(turn, turn.channel)
        if here is None:
            raise RefusedError(NOTHING_OPEN)
        return here
    return _only_one(_current_in(turn, turn.request.shared))


def current(turn: Turn, channel: str) -> Incident | None:
    """The incident a channel speaks of, as long as it exists for this person here."""
    found = incidents.current(turn.session, turn.request.network, fold(channel))
    return found if found is not None and may_see(turn, found) else None


def visible(turn: Turn, number: int) -> Incident:
    """An incident by its number, wherever it is, as long as it is not private elsewhere."""
    found = incidents.get(turn.session, number)
    if found is None or not may_see(turn, found):
        raise unknown(number)
    return found


def may_see(turn: Turn, incident: Incident) -> bool:
    """Whether an incident exists for this person here: a private one only in its channel, or for its responders."""
    if not incident.private or _is_in_its_channel(turn, incident):
        return True
    return turn.channel is None and exists_in_private(turn.session, incident, turn.person)


def exists_in_private(session: Session, incident: Incident, person: int) -> bool:
    """Whether somebody is told of an incident in private: of a private one only who works on it."""
    if not incident.private or incident.opener == person:
        return True
    on_list = any(each.person == person for each in team.participants(session, incident.number))
    return on_list or _coordinates(session, incident, person)


def number_in(command: Command, *, usage: str) -> int:
    """The incident a command is about: ``12``, ``#12`` or ``@12``."""
    if command.incident is None:
        return numbered(command.text, usage=usage)[0]
    if command.text.strip():
        raise RefusedError(f"Which one? Type {usage}, with one number.")
    return command.incident


def case_of(turn: Turn, incident: Incident) -> Case:
    """A turn about an incident."""
    return Case(turn=turn, incident=incident, find_standing=standing)


def standing(turn: Turn, incident: Incident) -> Standing:
    """What the person is to the incident."""
    if is_trusted(turn.request, turn.house.config.trusted):
        return Standing.TRUSTED
    own = [each for each in team.participants(turn.session, incident.number) if each.person == turn.person]
    coordinates = _coordinates(turn.session, incident, turn.person)
    if incident.opener == turn.person or coordinates or any(each.granted for each in own):
        return Standing.RESPONDER
    return Standing.JOINED if any(each.left_at is None for each in own) else Standing.ANYONE


def is_trusted(request: Request, trusted: Sequence[str]) -> bool:
    """Whether somebody is on the list of accounts and masks; an empty list trusts the channel's operators."""
    if not trusted:
        return request.operator
    return any(is_listed(request.person, each) for each in trusted)


def _coordinates(session: Session, incident: Incident, person: int) -> bool:
    terms = team.terms(session, incident.number)
    return any(term.person == person and term.until is None for term in terms)


def _named(turn: Turn, number: int) -> Incident:
    found = visible(turn, number)
    if found.private or _is_in_its_channel(turn, found) or (turn.channel is None and _is_shared(turn, found)):
        return found
    raise RefusedError(f"Incident {number} belongs to {_way_to(turn, found)}.")


def _way_to(turn: Turn, incident: Incident) -> str:
    """The channel of an incident that this person may see, and how to say something about it."""
    name = incident.channel_name
    if incident.network != turn.request.network:
        return f"{name} on {incident.network}: type it there"
    if turn.channel is None:
        return f"{name}, where I do not see you: join {name} first"
    return f"{name}: type it there, or to me in private while you are in {name}"


def _is_in_its_channel(turn: Turn, incident: Incident) -> bool:
    return (turn.request.network, turn.channel) == (incident.network, incident.channel)


def _is_shared(turn: Turn, incident: Incident) -> bool:
    return turn.request.network == incident.network and incident.channel in map(fold, turn.request.shared)


def _current_in(turn: Turn, channels: Sequence[str]) -> list[Incident]:
    return [found for each in channels if (found := current(turn, each)) is not None]


def _only_one(found: Sequence[Incident]) -> Incident:
    still_open = [each for each in found if each.open]
    choice = still_open or list(found)
    if not choice:
        raise RefusedError("No incident is open in a channel we share: !ir start TITLE opens one there.")
    if len(choice) > 1:
        numbers = listing([f"@{each.number}" for each in choice])
        raise RefusedError(f"There are several incidents you may mean: put {numbers} behind the verb.")
    return choice[0]
