"""What the bot is called where its nick is taken. Another bot of the same settings is known by the same names."""

from __future__ import annotations

from collections.abc import Iterator
from random import SystemRandom

from irscribe.domain.request import fold

LETTERS = 5
NUMBERS = range(1000, 10_000)
"""Letters of the nick and a number behind them: nine characters, which every network takes (RFC 1459, 1.2)."""
DIGITS = 4
MOST_NUMBERED = 8
"""Nicks with a number that are tried before the bot gives up for now."""


def in_turn(nick: str) -> Iterator[str]:
    """The ones to try, one after the other; drawn by chance where two bots would get into each other's way."""
    yield from _underscored(nick)
    for number in SystemRandom().sample(NUMBERS, MOST_NUMBERED):
        yield f"{nick[:LETTERS]}{number}"


def is_namesake(other: str, nick: str) -> bool:
    """Whether a bot that wants this nick may be called like the other."""
    other, nick = fold(other), fold(nick)
    letters, digits = other[:-DIGITS], other[-DIGITS:]
    is_numbered = letters == nick[:LETTERS] and digits.isdecimal() and int(digits) in NUMBERS
    return is_numbered or other in {nick, *_underscored(nick)}


def _underscored(nick: str) -> tuple[str, str]:
    return f"{nick}_", f"{nick}__"
