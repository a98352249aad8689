"""Makes a server's words fit for a terminal, without secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import quote, quote_plus

from irscribe.domain.text import clean, cut
from irscribe.integrations.redaction import HIDDEN

LONGEST_QUOTE = 300
"""The most bytes of a server's words that are shown."""
CHARACTERS_READ = 4 * LONGEST_QUOTE
"""The most characters of them that are searched for secrets."""
SHORTEST_PART_HIDDEN = 6
"""So many letters in a row of a secret are hidden: servers cut the texts that they echo."""
SHORTEST_WORD_HIDDEN = 4
"""A word of a secret with so many letters is hidden: some servers read a password up to the first blank."""


class Quotation:
    """Quotes a server: in one line, cut, without codes for the terminal, and without the secrets that were sent."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Take the secrets that were sent: neither they nor larger parts of them are quoted, in any case."""
        self._secrets = {_folded(spelling) for secret in secrets for spelling in _spellings(secret)} - {""}

    def of(self, text: str) -> str:
        """Quote the words, without their full stop."""
        return cut(self._hide(clean(text[:CHARACTERS_READ])), LONGEST_QUOTE).rstrip(".")

    def _hide(self, text: str) -> str:
        hidden = self._hidden(_folded(text))
        groups = groupby(range(len(text)), hidden.__contains__)
        return "".join(HIDDEN if is_hidden else "".join(text[each] for each in group) for is_hidden, group in groups)

    def _hidden(self, text: str) -> set[int]:
        """The indices in a text that belong to a secret or a part of one."""
        found: set[int] = set()
        for secret in self._secrets:
            size = min(SHORTEST_PART_HIDDEN, len(secret))
            for start in range(len(text) - size + 1):
                if text[start : start + size] in secret:
                    found.update(range(start, start + size))
        return found


def _spellings(secret: str) -> Iterator[str]:
    yield from (secret, clean(secret), quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield from (word for word in secret.split() if len(word) >= SHORTEST_WORD_HIDDEN)


def _folded(text: str) -> str:
    """Fold the case of a text; its length stays the same."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
