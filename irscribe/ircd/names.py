"""Names: the server's own, and the rules for those of clients and channels (RFC 2812 §1.3, §2.2, §2.3.1)."""

from __future__ import annotations

import re

NETWORK = "irscribe"
SERVER = "irc.irscribe"

MAX_NICK_LENGTH = 30
MAX_CHANNEL_LENGTH = 64
MAX_USER_LENGTH = 16

_NICK = re.compile(r"[A-Za-z\[\]\\`_^{|}][-A-Za-z0-9\[\]\\`_^{|}]*")
_CHANNEL = re.compile(r"#[^\s,:\x00-\x1f]+")
_NOT_IN_USER = re.compile(r"[^-.\w\[\]\\`^{|}+]")


def is_nick(text: str) -> bool:
    """True if the text can be a nick, or the name of an account."""
    return len(text) <= MAX_NICK_LENGTH and _NICK.fullmatch(text) is not None


def is_channel(text: str) -> bool:
    """True if the text can be the name of a channel."""
    return len(text) <= MAX_CHANNEL_LENGTH and _CHANNEL.fullmatch(text) is not None


def clean_user(text: str) -> str:
    """The user name without the characters that would break ``nick!user@host``."""
    return _NOT_IN_USER.sub("", text)[:MAX_USER_LENGTH] or "user"
