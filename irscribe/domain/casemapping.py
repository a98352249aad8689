"""Case mappings: the rules by which a network takes spellings of a nick, channel or account for one name.

The names and rules are those of ISUPPORT's CASEMAPPING (modern.ircdocs.horse). No mapping folds a character beyond
ASCII: those are compared as they are. No other module folds names.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from string import ascii_lowercase, ascii_uppercase
from types import MappingProxyType
from typing import TypeVar

Value = TypeVar("Value")

_BESIDE_LETTERS = MappingProxyType({"ascii": ("", ""), "rfc1459": ("[]\\~", "{}|^"), "rfc1459-strict": ("[]\\", "{}|")})
"""The upper and the lower case of the signs that are letters in Scandinavia (RFC 1459, 2.2), by mapping."""


class CaseMapping(StrEnum):
    """A rule by which a network compares names; ``ASCII`` is the strictest: it takes the fewest names for one."""

    ASCII = "ascii"
    RFC1459 = "rfc1459"
    RFC1459_STRICT = "rfc1459-strict"

    def __init__(self, word: str) -> None:
        upper, lower = _BESIDE_LETTERS[word]
        # Each line folds several names, and an attribute of a member is found faster than the member in a dictionary.
        self._table = str.maketrans(ascii_uppercase + upper, ascii_lowercase + lower)

    @classmethod
    def announced(cls, word: object) -> CaseMapping:
        """Give the mapping for the value of CASEMAPPING; one that is unknown or missing counts as the strictest."""
        try:
            return cls(str(word).strip().lower())
        except ValueError:
            return cls.ASCII

    def fold(self, name: str) -> str:
        """Fold the case of a name: two names are one for the network if this gives the same for both."""
        return name.translate(self._table)

    def same(self, one: str, other: str) -> bool:
        """True if the network takes two names for one."""
        return self.fold(one) == self.fold(other)

    def value_of(self, values: Mapping[str, Value], name: str) -> Value | None:
        """Give the value under a name, in any spelling of it; the same spelling goes before any other."""
        if str(name) in values:  # a name of Sopel is hashed by rules of its own
            return values[str(name)]
        return next((value for known, value in values.items() if self.same(known, name)), None)


def fold_as_before(name: str) -> str:
    """Fold a name as records did before the mapping of their network was stored with them."""
    return name.lower().translate(str.maketrans(*_BESIDE_LETTERS["rfc1459"]))


def fold_host(host: str) -> str:
    """Fold the case of a host, or of a user name in a mask: no network's rule for nicks holds for them (RFC 4343)."""
    return CaseMapping.ASCII.fold(host)
