"""What an acknowledgement adds where an outage marker contradicts what is there."""

from __future__ import annotations

from irscribe.domain.contradictions import Contradiction
from irscribe.services import addressing
from irscribe.services.reporting import contradictions_of
from irscribe.services.turn import Case


def hint_of_entry(case: Case, number: int) -> str:
    """The hint behind the acknowledgement of an entry that bears a marker; empty where it contradicts nothing."""
    return _hint([each for each in _found(case) if number in each.entries])


def hint_of_span(case: Case) -> str:
    """The hint behind a start or an end that was set; empty where no marker contradicts it."""
    return _hint([each for each in _found(case) if each.of_span])


def _found(case: Case) -> tuple[Contradiction, ...]:
    return contradictions_of(case.session, addressing.visible(case.turn, case.number))


def _hint(found: list[Contradiction]) -> str:
    return f" (check: {found[0].sentence}; {found[0].remedy})" if found else ""
