"""Netsplits: the people whom one took from the bot, until they are back."""

from __future__ import annotations

import re
from collections.abc import Callable

from irscribe.domain.attendance import Seen
from irscribe.domain.request import Person

_SERVER = r"(?:[\w*-]+\.)+[\w*-]+"
_REASON = re.compile(rf"{_SERVER} {_SERVER}")
"""The reason of a QUIT by a netsplit: the names of the two servers that parted, or ``*.net *.split``.

Servers put a word or quotes around a reason that a person has typed, so that nobody can forge it.
"""
REMEMBERED = 5000
"""Most people to remember."""


class Netsplits:
    """The people of one connection who left by a netsplit, by their folded nicks."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._lost: dict[str, Seen] = {}

    def left(self, person: Person, reason: str) -> None:
        """Remember somebody who has quit, if a netsplit took them."""
        if _REASON.fullmatch(reason.strip()):
            self._lost[self._fold(person.nick)] = Seen(nick=person.nick, keys=person.keys)
            if len(self._lost) > REMEMBERED:
                del self._lost[next(iter(self._lost))]

    def came(self, nick: str) -> None:
        """Forget somebody who has joined a channel."""
        self._lost.pop(self._fold(nick), None)

    @property
    def lost(self) -> tuple[Seen, ...]:
        """The people who are not back."""
        return tuple(self._lost.values())
