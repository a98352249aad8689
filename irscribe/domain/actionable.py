"""An actionable as people type it: what is to be done, and at its end who does it and its task, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass

TASK = r"(?:https?://\S+/)?(?P<task>T[1-9][0-9]{0,6})"
OWNER = r"@(?P<owner>[^\s@,;:()]+)"
_TAIL = re.compile(rf"(?:^|(?<=[\s,;:(]))(?:{TASK}|{OWNER})[\s,;.)]*$")
_JOINT = re.compile(r"(?:[\s,;:(]|(?<=\s)[-–—])+$")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """An actionable taken apart; ``text`` may be empty where only the rest was typed."""

    text: str
    task: str | None = None
    owner: str | None = None


def parse(text: str) -> Typed:
    """The text without the task and the owner at its end; those in its middle are part of it."""
    rest, found = text.strip(), dict[str, str]()
    while (tail := _TAIL.search(rest)) and not found.keys() & _named(tail).keys():
        found |= _named(tail)
        rest = _JOINT.sub("", rest[: tail.start()])
    # What stands in brackets together with other words belongs to them.
    if rest.count("(") > rest.count(")"):
        return Typed(text=text.strip())
    return Typed(text=rest if found else text.strip(), **found)


def _named(tail: re.Match[str]) -> dict[str, str]:
    return {name: value for name, value in tail.groupdict().items() if value}
