"""The grammar of taking in: ``^`` for lines that were said, and lines that are pasted with their speaker."""

from __future__ import annotations

import re
from dataclasses import dataclass

from irscribe.domain import when
from irscribe.domain.errors import RefusedError
from irscribe.domain.sentence import sentence
from irscribe.domain.talk import BRIDGED
from irscribe.domain.text import clean
from irscribe.domain.when import When

MOST_AT_ONCE = 5
"""Most lines that one command takes in."""
USAGE = sentence("{log} ^, {log} ^ NICK, {log} ^ NICK WORDS or {log} ^ WORDS")

_SIGNS = "~&@%+!"
"""The prefixes that clients show before a nick for its status in the channel."""
_NICK = rf"\s*[{_SIGNS}]*(?P<nick>[\w\[\]\\`^{{|}}.-]{{1,64}}(?:{re.escape(BRIDGED)})?)"
_PROMOTION = re.compile(r"(?P<marks>\^+)(?:\s+(?P<words>.*))?", re.DOTALL)
_SPEECH = re.compile(rf"<{_NICK}\s*>\s+(?P<text>\S.*)", re.DOTALL)
_ACTION = re.compile(rf"\*\s+{_NICK}\s+(?P<text>\S.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """A wish for lines that were said: so many of the last ones, or one that ``words`` describe."""

    count: int = 1
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """A line that somebody copied out of a client, with its speaker; ``when`` is the time that the client showed."""

    when: When | None
    nick: str
    text: str
    action: bool


def read_promotion(text: str) -> Promotion | None:
    """Read ``^``, ``^^^`` and ``^ WORDS``; None for a text that only begins with the sign (``^foo``).

    Raises RefusedError for more signs than lines may be taken in at once, and for words behind several.
    """
    found = _PROMOTION.fullmatch(text.strip())
    if found is None:
        return None
    count, words = len(found["marks"]), clean(found["words"] or "")
    if count > MOST_AT_ONCE:
        raise RefusedError(
            sentence("{} is the most that one command takes in: type {log} {}.", MOST_AT_ONCE, "^" * MOST_AT_ONCE)
        )
    if count > 1 and words:
        raise RefusedError(
            sentence("{} takes in the last {} lines and no words: type it alone, or {}.", "^" * count, count, USAGE)
        )
    return Promotion(count=count, words=words)


def read_pasted(text: str) -> Pasted | None:
    """Read a pasted line: ``[15:40:12] <+nick> text``, ``15:40 <nick> text``, ``<nick> text``, ``* nick text``.

    None for any other text, and for one whose time is none: as a note it is refused with the reason.
    """
    try:
        parsed = when.parse(text)
    except RefusedError:
        return None
    rest = clean(parsed.rest)
    said, done = _SPEECH.fullmatch(rest), _ACTION.fullmatch(rest)
    found = said or done
    if found is None:
        return None
    return Pasted(when=parsed.when, nick=found["nick"], text=found["text"], action=said is None)
