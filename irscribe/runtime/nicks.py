"""The bot's alternative nicks while its own is taken; they also reveal another bot with the same settings."""

from __future__ import annotations

from collections.abc import Iterator
from random import SystemRandom

from irscribe.domain.casemapping import CaseMapping

NICK_LETTERS = 5
NICK_NUMBERS = range(1000, 10_000)
"""Numbers behind the nick's first letters: nine characters together, the least every network takes (RFC 1459, 1.2)."""
NICK_DIGITS = 4
NUMBERED_NICKS = 8
"""Numbered nicks that one connection tries before it gives up."""


def alternative_nicks(nick: str) -> Iterator[str]:
    """Give the alternative nicks in order; the numbered ones are random, so that two bots do not collide."""
    yield from _underscored(nick)
    for number in SystemRandom().sample(NICK_NUMBERS, NUMBERED_NICKS):
        yield f"{nick[:NICK_LETTERS]}{number}"


def is_namesake(other: str, nick: str, casemapping: CaseMapping) -> bool:
    """True if ``other`` is the nick or an alternative to it, with any number."""
    other, nick = casemapping.fold(other), casemapping.fold(nick)
    letters, digits = other[:-NICK_DIGITS], other[-NICK_DIGITS:]
    is_numbered = letters == nick[:NICK_LETTERS] and digits.isdecimal() and int(digits) in NICK_NUMBERS
    return is_numbered or other in {nick, *_underscored(nick)}


def _underscored(nick: str) -> tuple[str, str]:
    return f"{nick}_", f"{nick}__"
