"""Whether a person may: the standing a command needs, unless a rule of the settings says otherwise."""

from __future__ import annotations

from irscribe.domain.errors import ForbiddenError
from irscribe.domain.permission import NEEDED, SIGN_NEEDED, Need, Standing
from irscribe.domain.request import Request
from irscribe.services import addressing
from irscribe.services.turn import Case, Turn
from models import changes, incidents, team

UNVERIFIED = "This bot answers people it can tell apart: log in to the network's services first."


def require(case: Case, command: str, standing: Standing, *, spoken: str | None = None) -> None:
    """Let a command about an incident pass.

    Raises ForbiddenError that says what is needed.
    """
    rule = case.turn.house.config.permissions.of(command, case.incident.channel)
    if rule is None and command == "cancel" and is_opener_alone(case):
        return
    _require(case.turn, rule or Need.of(standing), standing=case.standing, spoken=spoken or f"!ir {command}")


def require_trust(case: Case, *, spoken: str) -> None:
    """Let pass what somebody trusted may, whatever rule the settings have for its command.

    Raises ForbiddenError for others.
    """
    if case.standing < Standing.TRUSTED:
        raise ForbiddenError(f"{spoken}: {needed(case.turn, Need.TRUSTED)}")


def is_opener_alone(case: Case) -> bool:
    """Whether this person opened the incident and nobody else has written in it, so that its end is theirs to say."""
    person = case.turn.person
    return case.incident.opener == person and not changes.written_by_others(case.session, case.number, person)


def lost(case: Case, command: str, standing: Standing) -> str | None:
    """What a person needs to go on in private with what they began, where the record says they no longer have it.

    The network's signs do not show in private: who never was on the list may have begun as an operator.
    """
    turn = case.turn
    need = turn.house.config.permissions.of(command, case.incident.channel) or Need.of(standing)
    by_sign = not turn.house.config.trusted and not _was_on_list(case)
    if need in (Need.VOICED, Need.OP) or by_sign or _fulfils(turn.request, need, case.standing):
        return None
    return needed(turn, need)


def require_alone(turn: Turn, command: str, *, spoken: str) -> None:
    """Let a command pass that needs no incident, where a rule speaks of it; the channel's incident gives the standing.

    Raises ForbiddenError that says what is needed.
    """
    rule = turn.house.config.permissions.of(command, turn.channel)
    if rule is not None and rule is not Need.ANYONE:
        _require(turn, rule, standing=_standing_here(turn), spoken=spoken)


def require_known(turn: Turn) -> None:
    """Let pass whom the network knows by an account, or anybody where the settings allow it.

    Raises ForbiddenError for others.
    """
    if not turn.house.config.allow_unverified and turn.request.person.account is None:
        raise ForbiddenError(UNVERIFIED)


def needed(turn: Turn, need: Need) -> str:
    """How a refusal goes on after saying what was refused."""
    if need is Need.TRUSTED and not turn.house.config.trusted:
        need = Need.OP
    sentence = SIGN_NEEDED.get(need) or NEEDED[Standing[need.name]]
    # In private nobody has voice or is an operator.
    elsewhere = turn.channel is None and need in (Need.VOICED, Need.OP)
    return f"{sentence.removesuffix('.')}; type it there." if elsewhere else sentence


def _require(turn: Turn, need: Need, *, standing: Standing, spoken: str) -> None:
    if standing is not Standing.TRUSTED and not _fulfils(turn.request, need, standing):
        raise ForbiddenError(f"{spoken}: {needed(turn, need)}")


def _was_on_list(case: Case) -> bool:
    return any(each.person == case.turn.person for each in team.ever_listed(case.session, case.number))


def _fulfils(request: Request, need: Need, standing: Standing) -> bool:
    match need:
        case Need.VOICED:
            return request.voiced or request.operator
        case Need.OP:
            return request.operator
        case Need.ACCOUNT:
            return request.person.account is not None
        case _:
            return standing >= Standing[need.name]


def _standing_here(turn: Turn) -> Standing:
    current = incidents.current(turn.session, turn.request.network, turn.channel) if turn.channel else None
    if current is not None:
        return addressing.standing(turn, current)
    trusted = addressing.is_trusted(turn.request, turn.house.config.trusted)
    return Standing.TRUSTED if trusted else Standing.ANYONE
