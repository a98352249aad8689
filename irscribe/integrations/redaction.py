"""Secrets out of texts: whatever a server echoes or a library reports is said without what opens a door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from json import dumps
from urllib.parse import quote, quote_plus

HIDDEN = "****"

_CONDUIT_TOKEN = re.compile(r"(?:api|cli|clr)-[a-z0-9]{28,}", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


class Redaction:
    """What is never shown: Conduit tokens, credentials in addresses, and the given secrets in every spelling."""

    __slots__ = ("_hidden",)

    def __init__(self, secrets: Iterable[str]) -> None:
        spelled = {spelling for secret in secrets if secret.strip() for spelling in _spellings(secret.strip())}
        # the longest first, or a secret inside of another would leave the rest of it standing
        self._hidden = tuple(sorted(spelled, key=len, reverse=True))

    def of(self, text: str) -> str:
        """The text without them."""
        for secret in self._hidden:
            text = text.replace(secret, HIDDEN)
        return _CREDENTIALS.sub(f"{HIDDEN}@", _CONDUIT_TOKEN.sub(HIDDEN, text))


def _spellings(secret: str) -> Iterator[str]:
    """The secret as it stands in prose, in JSON and in an address."""
    yield secret
    yield dumps(secret)[1:-1]
    yield dumps(secret, ensure_ascii=False)[1:-1]
    yield dumps(secret)[1:-1].replace("/", r"\/")
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)
