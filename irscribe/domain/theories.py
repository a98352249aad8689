"""Theories: the words of the entries that propose and judge one, and their value for the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from irscribe.domain.reportparts import Judgement, Theory, TheoryState

_STATES = "|".join(TheoryState)
_PROPOSED = re.compile(r"Theory \d{1,9}: ")
_JUDGED = re.compile(rf"Theory \d{{1,9}} (?:{_STATES})(?:: |\Z)")
STILL_OPEN = frozenset({TheoryState.OPEN, TheoryState.LIKELY})
"""The states of a theory about which something is still to be found out."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """The part of one entry in a theory: the first one proposes it, each later one judges it."""

    theory: int
    entry: int
    state: TheoryState


def proposal(number: int, text: str) -> str:
    """Give the text of the entry that proposes a theory."""
    return f"Theory {number}: {text}"


def judgement(number: int, state: TheoryState, why: str) -> str:
    """Give the text of the entry that judges a theory; ``why`` may be empty."""
    return f"Theory {number} {state}: {why}" if why else f"Theory {number} {state}"


def theories(statements: Iterable[Statement], texts: Mapping[int, str]) -> tuple[Theory, ...]:
    """Give the theories by number.

    ``texts`` are those of the entries that stand, by number: what another entry says does not count, and a theory whose
    proposal does not stand is left out.
    """
    of: dict[int, list[Statement]] = {}
    for each in sorted(statements, key=lambda one: one.entry):
        of.setdefault(each.theory, []).append(each)
    return tuple(_theory(some, texts) for _, some in sorted(of.items()) if some[0].entry in texts)


def _theory(statements: list[Statement], texts: Mapping[int, str]) -> Theory:
    proposed = statements[0]
    judged = tuple(_judgements(statements[1:], texts))
    return Theory(
        number=proposed.theory,
        text=_PROPOSED.sub("", texts[proposed.entry], count=1),
        state=judged[-1].state if judged else proposed.state,
        why=judged[-1].why if judged else None,
        entry=proposed.entry,
        judgements=judged,
    )


def _judgements(statements: Iterable[Statement], texts: Mapping[int, str]) -> Iterator[Judgement]:
    for each in statements:
        if each.entry in texts:
            why = _JUDGED.sub("", texts[each.entry], count=1) or None
            yield Judgement(state=each.state, why=why, entry=each.entry)
