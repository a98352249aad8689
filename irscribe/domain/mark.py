"""The mark that nobody sees: behind the first letter of a nick or a task's number it keeps others from answering."""

from __future__ import annotations

import re

MARK = "\u200b"
# The scripts of South East Asia, where this character parts words that are written without blanks.
_PARTED_BY_IT = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
_LETTER = rf"(?![{_PARTED_BY_IT}])[\w\[\]\\`^{{|}}]"
_FOLLOWING = rf"(?=-|{_LETTER})"
_UNMARKED = re.compile(rf"\A{_LETTER}{_FOLLOWING}")
_MARKED = re.compile(rf"(?<!\w)({_LETTER}){MARK}{_FOLLOWING}")


def marked(nick: str) -> str:
    """The nick with the mark behind its first letter, where ``as_typed`` takes it out again."""
    return _UNMARKED.sub(lambda found: found[0] + MARK, nick)


def as_typed(text: str) -> str:
    """The text without the marks in nicks and in numbers of tasks, which somebody may have copied from a reply.

    The same character stays where it parts words, and where no reply puts it.
    """
    return _MARKED.sub(r"\1", text) if MARK in text else text
