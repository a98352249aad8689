"""A server's words as a terminal may show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import quote, quote_plus

from irscribe.domain.text import clean, cut
from irscribe.integrations.redaction import HIDDEN

LONGEST = 300
"""Bytes of a server's words that are shown."""
LOOKED_AT = 4 * LONGEST
"""Characters of them that are looked at."""
PART = 6
"""Letters in a row that give a secret away: servers cut what they echo."""
WORD = 4
"""Letters of a word of a secret that gives it away: some read a password up to the first blank."""


class Quotation:
    """Quotes a server: in one line, cut, without codes for the terminal, and without what was sent in secret."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Take what was sent: none of it is quoted, nor any larger part of it, whatever its case."""
        self._secrets = {_folded(spelling) for secret in secrets for spelling in _spellings(secret)} - {""}

    def of(self, text: str) -> str:
        """The words without their final stop."""
        return cut(self._hide(clean(text[:LOOKED_AT])), LONGEST).rstrip(".")

    def _hide(self, text: str) -> str:
        hidden = self._hidden(_folded(text))
        groups = groupby(range(len(text)), hidden.__contains__)
        return "".join(HIDDEN if is_hidden else "".join(text[each] for each in group) for is_hidden, group in groups)

    def _hidden(self, text: str) -> set[int]:
        """The places in a text where a secret stands, or a part of one."""
        found: set[int] = set()
        for secret in self._secrets:
            size = min(PART, len(secret))
            for start in range(len(text) - size + 1):
                if text[start : start + size] in secret:
                    found.update(range(start, start + size))
        return found


def _spellings(secret: str) -> Iterator[str]:
    yield from (secret, clean(secret), quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield from (word for word in secret.split() if len(word) >= WORD)


def _folded(text: str) -> str:
    """The text in one case, as long as it was."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
