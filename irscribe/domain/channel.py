"""The names that a channel may have."""

from __future__ import annotations

import re

CHANNELS = "#&+!"
"""The characters that a channel's name may begin with, and no nick (RFC 2812, 1.3)."""
LONGEST_NAME = 255
"""Most characters of a channel's name that the record keeps; networks allow fewer."""
_NAME = re.compile(rf"[{CHANNELS}][^\s,:\x00-\x1f\x7f-\x9f]+")
"""RFC 2812, 1.3: no blank, comma, colon or BEL; other control characters would only do harm."""


def is_channel(name: str) -> bool:
    """True if a channel may be called this."""
    return len(name) <= LONGEST_NAME and _NAME.fullmatch(name) is not None
