"""Removes secrets from texts that a server echoes or a library reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from json import dumps
from urllib.parse import quote, quote_plus

HIDDEN = "****"

_CONDUIT_TOKEN = re.compile(r"(?:api|cli|clr)-[a-z0-9]{28,}", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


class Redaction:
    """Removes Conduit tokens, credentials in addresses, and the given secrets in every spelling."""

    __slots__ = ("_hidden",)

    def __init__(self, secrets: Iterable[str]) -> None:
        spelled = {spelling for secret in secrets if secret.strip() for spelling in _spellings(secret.strip())}
        # The longest first: a secret that is part of another one would leave the rest of that one visible.
        self._hidden = tuple(sorted(spelled, key=len, reverse=True))

    def of(self, text: str) -> str:
        """Give the text without secrets."""
        for secret in self._hidden:
            text = text.replace(secret, HIDDEN)
        return _CREDENTIALS.sub(f"{HIDDEN}@", _CONDUIT_TOKEN.sub(HIDDEN, text))


def _spellings(secret: str) -> Iterator[str]:
    """Give the spellings of a secret in prose, in JSON and in an address."""
    yield secret
    yield dumps(secret)[1:-1]
    yield dumps(secret, ensure_ascii=False)[1:-1]
    yield dumps(secret)[1:-1].replace("/", r"\/")
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)
