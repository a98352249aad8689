"""The lines of a bridging bot, which repeats what people say on another network."""

from __future__ import annotations

import re
from dataclasses import dataclass

from irscribe.domain.mark import MARK
from irscribe.domain.talk import BRIDGED
from irscribe.domain.text import clean

LONGEST_NAME = 64
"""Most characters of a name on the other side; what is longer is text of the bot itself."""

_SHAPES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        rf"<(?P<name>[^<>]{{1,{LONGEST_NAME}}})>\s+(?P<text>\S.*)",
        rf"\[(?P<name>[^\[\]]{{1,{LONGEST_NAME}}})\]\s+(?P<text>\S.*)",
        rf"(?P<name>[^\s:<>\[\]]{{1,{LONGEST_NAME}}}):\s+(?P<text>\S.*)",
    )
)


@dataclass(frozen=True, kw_only=True)
class BridgedLine:
    """The line of a person on the other side; ``nick`` says that it came over a bridge."""

    nick: str
    text: str


def read_bridged(text: str) -> BridgedLine | None:
    """Read ``<NICK> TEXT``, ``NICK: TEXT`` or ``[NICK] TEXT``; None if the bot itself says something.

    A bridge may put a mark into the names, so that nobody is called.
    """
    for shape in _SHAPES:
        found = shape.fullmatch(text.strip())
        name = found and clean(found["name"].replace(MARK, ""))
        if found and name:
            return BridgedLine(nick=name + BRIDGED, text=found["text"])
    return None
