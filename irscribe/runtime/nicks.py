"""What the bot is called where its nick is taken. Another bot of the same settings is known by the same names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import SystemRandom
from typing import NamedTuple

from irscribe.domain.request import fold

LETTERS = 5
NUMBERS = range(1000, 10_000)
"""Letters of the nick and a number behind them: nine characters, which every network takes (RFC 1459, 1.2)."""
MOST_NUMBERED = 8
"""Nicks with a number that are tried before the bot gives up for now."""


class Alternatives(NamedTuple):
    """Every name there is for a bot whose nick is taken: with underscores, and with a number."""

    underscored: tuple[str, ...]
    numbered: tuple[str, ...]


@cache
def alternatives(nick: str) -> Alternatives:
    """Those of this nick."""
    numbered = tuple(f"{nick[:LETTERS]}{number}" for number in NUMBERS)
    return Alternatives(underscored=(f"{nick}_", f"{nick}__"), numbered=numbered)


def in_turn(nick: str) -> Iterator[str]:
    """The ones to try, one after the other; drawn by chance where two bots would get into each other's way."""
    underscored, numbered = alternatives(nick)
    yield from underscored
    yield from SystemRandom().sample(numbered, MOST_NUMBERED)


def is_namesake(other: str, nick: str) -> bool:
    """Whether a bot that wants this nick may be called like the other."""
    return fold(other) in _folded(nick)


@cache
def _folded(nick: str) -> frozenset[str]:
    underscored, numbered = alternatives(nick)
    return frozenset(map(fold, (nick, *underscored, *numbered)))
