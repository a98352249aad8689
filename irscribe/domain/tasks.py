"""Task numbers in what the bot says."""

from __future__ import annotations

import re

_BARE = re.compile(r"(?<![\w/])T[0-9]+(?!\w)")


def with_addresses(text: str, url: str) -> str:
    """The text with each task number as the task's address: other bots answer whoever says a bare number."""
    return _BARE.sub(lambda found: f"{url}/{found[0]}", text)
