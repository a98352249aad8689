"""An actionable as people type it: what is to be done, and at its end its owner and its task, in any order.

A task that is named elsewhere in the text stays part of it, and is the actionable's task where it is the only one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TASK = r"(?:https?://\S+/)?(?P<task>T[1-9][0-9]{0,6})"
OWNER = r"@(?P<owner>[^\s@,;:()]+)"
_TAIL = re.compile(rf"(?:^|(?<=[\s,;:(])(?<!\w:))(?:{TASK}|{OWNER})[\s,;.)]*$")
_URL = re.compile(r"https?://[^\s<>|\]]+", re.IGNORECASE)
_NAMED = re.compile(r"(?<![\w/@#.&=-])T[1-9][0-9]{0,6}(?![\w-]|\.\w)")
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


def only_task(text: str, tracker: str) -> str | None:
    """The one task that a text names, by its number or its address at the tracker; None where it names several."""
    addresses = [task for url in _URL.findall(text) if (task := _task_at(url, tracker))]
    found = {*addresses, *_NAMED.findall(_URL.sub(" ", text))}
    return found.pop() if len(found) == 1 else None


def _task_at(url: str, tracker: str) -> str | None:
    """The task whose address this is; its host may be spelled in any case."""
    if not url.lower().startswith(f"{tracker.lower()}/"):
        return None
    found = re.match(r"T[1-9][0-9]{0,6}(?![\w-])", url[len(tracker) + 1 :])
    return found[0] if found else None


def _named(tail: re.Match[str]) -> dict[str, str]:
    return {name: value for name, value in tail.groupdict().items() if value}
