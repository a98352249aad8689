"""The invisible mark in nicks and in numbers of tasks, which keeps clients and other bots from reacting to them."""

from __future__ import annotations

import re

MARK = "\u200b"
# The scripts of South East Asia: they are written without blanks, and this character parts their words.
_PARTED_BY_IT = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
_LETTER = rf"(?![{_PARTED_BY_IT}])[\w\[\]\\`^{{|}}]"
_FOLLOWING = rf"(?=-|{_LETTER})"
_UNMARKED = re.compile(rf"\A{_LETTER}{_FOLLOWING}")
_URL_OR_WORD = re.compile(rf"(?P<url>[A-Za-z][A-Za-z0-9+.-]*://\S+)|(?<!\w){_LETTER}{_FOLLOWING}")
_MARKED = re.compile(rf"(?<!\w)({_LETTER}){MARK}{_FOLLOWING}")


def marked(nick: str) -> str:
    """Put the mark behind the first letter of a nick; ``as_typed`` takes it out again."""
    return _UNMARKED.sub(lambda found: found[0] + MARK, nick)


def harmless(text: str) -> str:
    """Put the mark into every word of a quoted text, so that no client and no bot reacts; addresses stay whole."""
    return _URL_OR_WORD.sub(lambda found: found["url"] or found[0] + MARK, text)


def as_typed(text: str) -> str:
    """Take the marks out of nicks and numbers of tasks in a text that a person may have copied from a reply.

    The character stays in all other places: there it parts words.
    """
    return _MARKED.sub(r"\1", text) if MARK in text else text
