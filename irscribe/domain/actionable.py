"""Parses an actionable: a text with its owner and its task at the end, in any order.

A task that is named elsewhere in the text, or in brackets, stays in the text, and is the actionable's task if it is
the only one. A task or owner behind a word that needs it ("a runbook for T99") stays in the text too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from irscribe.domain import tasks

OWNER = r"@(?P<owner>[^\s@,;:()]+)"
_TAIL = re.compile(rf"(?:^|(?<=[\s,;:])(?<!\w:))(?:{tasks.TYPED}|{OWNER})[\s,;.]*$")
_IN_BRACKETS = re.compile(r"\((?P<inside>[^()]+)\)[\s,;.]*$")
_LINKING = (
    "a|about|after|against|also|an|and|are|as|at|before|behind|between|but|by|cf|duplicates|for|from|in|into|"
    "is|like|nor|of|on|onto|or|our|per|plus|re|regarding|see|since|than|that|the|then|this|through|to|under|until|using|via|was|"
    "with|without"
)
_ALONE = "close|do|file|finish|fix|merge|reopen|resolve|review|track|update"
"""Words that need an object if they stand alone; behind other words some of them are nouns."""
_STUMP = re.compile(
    rf"(?:(?:^|[\s,;:(–—-])(?:{_LINKING})\.?(?:\s+(?:task|ticket|bug|issue)s?)?|[&+/=>→]|^(?:{_ALONE}))$", re.IGNORECASE
)
_JOINT = re.compile(r"(?:[\s,;:(]|(?<=\s)[-–—])+$")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The parts of an actionable; ``text`` may be empty if only an owner or a task was typed."""

    text: str
    task: str | None = None
    owner: str | None = None


def parse(text: str) -> Typed:
    """Split the task and the owner off the end of a text; those in its middle are part of it."""
    rest, found = text.strip(), dict[str, str]()
    while (tail := _TAIL.search(rest)) and not found.keys() & _named(tail).keys():
        found |= _named(tail)
        before = _JOINT.sub("", rest[: tail.start()])
        if _STUMP.search(before):
            return Typed(text=rest, **found)
        rest = before
    return _parse_brackets(text.strip(), rest, found)


def _parse_brackets(text: str, rest: str, found: dict[str, str]) -> Typed:
    """Read the brackets at the end of a text; a task in them, or one beside other words, stays in the text."""
    if rest.count("(") > rest.count(")"):
        return Typed(text=text)
    named = _named_in_brackets(rest)
    if named and not found.keys() & named.keys():
        found |= named
        before = _JOINT.sub("", _IN_BRACKETS.sub("", rest))
        rest = _without_owner(rest, before, found) if before and "task" in named else before
    return Typed(text=rest if found else text, **found)


def _without_owner(rest: str, before: str, found: dict[str, str]) -> str:
    """Take the owner in front of the brackets out of a text, and add it to ``found``."""
    owner = _TAIL.search(before)
    if owner is None or not owner["owner"] or "owner" in found:
        return rest
    found["owner"] = owner["owner"]
    words = _JOINT.sub("", before[: owner.start()])
    if not words or _STUMP.search(words):
        return rest if words else ""
    return f"{words} {rest[len(before) :].lstrip()}"


def _named_in_brackets(text: str) -> dict[str, str]:
    """The task and the owner in the brackets at the end of a text, if nothing else is in them."""
    brackets = _IN_BRACKETS.search(text)
    rest, named = brackets["inside"].strip() if brackets else "", dict[str, str]()
    while rest and (tail := _TAIL.search(rest)) and not named.keys() & _named(tail).keys():
        named |= _named(tail)
        rest = _JOINT.sub("", rest[: tail.start()])
    return {} if rest else named


def _named(tail: re.Match[str]) -> dict[str, str]:
    return {name: value for name, value in tail.groupdict().items() if value}
