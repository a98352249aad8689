"""Task numbers in what the bot says and hears."""

from __future__ import annotations

import re

_MARK = "\u200b"
_BARE = re.compile(r"(?P<url>[A-Za-z][A-Za-z0-9+.-]*://\S+)|(?<![\w/])T(?=[0-9]+(?!\w))")
_DEFUSED = re.compile(rf"(?<!\w)T{_MARK}(?=[0-9])")


def defused(text: str) -> str:
    """The text with its bare task numbers spelled so that they look the same and no other bot answers them.

    Addresses are left as they are.
    """
    return _BARE.sub(lambda found: found["url"] or f"T{_MARK}", text)


def as_typed(text: str) -> str:
    """The task numbers of a text as they are, even where somebody copied them from a ``defused`` one."""
    return _DEFUSED.sub("T", text)
