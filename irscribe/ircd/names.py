"""Nicks, channel names and masks: what is one, and when two are the same (RFC 2812 §1.3, §2.2, §2.3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from string import ascii_lowercase, ascii_uppercase

NICK_LENGTH = 30
CHANNEL_LENGTH = 64
USER_LENGTH = 16

_FOLDED = str.maketrans(ascii_uppercase + "[]\\~", ascii_lowercase + "{}|^")
_NICK = re.compile(r"[A-Za-z\[\]\\`_^{|}][-A-Za-z0-9\[\]\\`_^{|}]*")
_CHANNEL = re.compile(r"#[^\s,:\x00-\x1f]+")
_NOT_IN_USER = re.compile(r"[^-.\w\[\]\\`^{|}+]")


def fold(name: str) -> str:
    """The name in lower case under ``CASEMAPPING=rfc1459``, where square brackets are capital braces."""
    return name.translate(_FOLDED)


def is_nick(text: str) -> bool:
    """Whether a client may call itself that."""
    return len(text) <= NICK_LENGTH and _NICK.fullmatch(text) is not None


def is_channel(text: str) -> bool:
    """Whether a channel may have that name."""
    return len(text) <= CHANNEL_LENGTH and _CHANNEL.fullmatch(text) is not None


def clean_user(text: str) -> str:
    """The user name without what would break ``nick!user@host``."""
    return _NOT_IN_USER.sub("", text)[:USER_LENGTH] or "user"


def matches(mask: str, name: str) -> bool:
    """Whether the name fits a mask of ``*`` and ``?``."""
    return fnmatchcase(fold(name), fold(mask))  # folding leaves no square bracket, the one sign fnmatch has beyond ours


def split_targets(text: str) -> Iterator[str]:
    """The names of a comma list, each once."""
    seen: set[str] = set()
    for name in text.split(","):
        if name and fold(name) not in seen:
            seen.add(fold(name))
            yield name
