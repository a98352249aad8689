"""Netsplits: the people whom one took from the bot, until they are back."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic

from irscribe.domain.attendance import Seen
from irscribe.domain.request import Person

_SERVER = r"(?:[\w*-]+\.)+[\w*-]+"
_REASON = re.compile(rf"{_SERVER} {_SERVER}")
"""The reason of a QUIT by a netsplit: the names of the two servers that parted, or ``*.net *.split``.

Servers put a word or quotes around a reason that a person has typed, so that nobody can forge it.
"""
BACK_WITHIN = 60.0
"""Seconds in which somebody who is back from a netsplit has joined all their channels again."""
REMEMBERED = 5000
"""Most people to remember."""


class Netsplits:
    """The people of one connection who left by a netsplit, by their folded nicks."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._lost: dict[str, Seen] = {}
        self._back: dict[str, float] = {}

    def left(self, person: Person, reason: str) -> None:
        """Remember somebody who has quit, if a netsplit took them."""
        if _REASON.fullmatch(reason.strip()):
            self._lost[self._fold(person.nick)] = Seen(nick=person.nick, keys=person.keys)
            if len(self._lost) > REMEMBERED:
                del self._lost[next(iter(self._lost))]

    def came(self, nick: str) -> bool:
        """Forget somebody who has joined a channel; True if a netsplit had taken them, also in their other channels."""
        folded, now = self._fold(nick), monotonic()
        if self._lost.pop(folded, None) is not None:
            self._back[folded] = now
        self._back = {each: since for each, since in self._back.items() if now - since <= BACK_WITHIN}
        return folded in self._back

    @property
    def lost(self) -> tuple[Seen, ...]:
        """The people who are not back."""
        return tuple(self._lost.values())
