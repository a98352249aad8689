"""Tasks of the task server: their names (``T123``), numbers and addresses."""

from __future__ import annotations

import re

NAME = r"T[1-9][0-9]{0,6}"
"""Matches the name of a task."""
TYPED = rf"(?:https?://\S+/)?(?P<task>{NAME})"
"""Matches a task as people type it: its name, or its address on any server."""

_ALONE = re.compile(rf"{TYPED}/?$", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>|\]]+", re.IGNORECASE)
_AT_END = re.compile(rf"{NAME}(?![\w-])")
_NAMED = re.compile(rf"(?<![\w/@#.&=-]){NAME}(?![\w-]|\.\w)")


def name_of(number: int) -> str:
    """Give the name of a task."""
    return f"T{number}"


def number_of(name: str) -> int:
    """Give the number of a task, as the calls of the task server want it."""
    return int(name.removeprefix("T"))


def url_of(tracker: str, name: str) -> str:
    """Give the address at which people read a task; ``tracker`` is the address of the task server."""
    return f"{tracker.rstrip('/')}/{name}"


def parse(typed: str) -> str | None:
    """Give the name of the task that was typed alone, as a name or an address; None if it is anything else."""
    found = _ALONE.match(typed.strip())
    return found["task"].upper() if found else None


def only_task(text: str, tracker: str | None) -> str | None:
    """Give the one task that a text names, by its name or its address at the tracker; None if it names several."""
    addresses = [task for url in _URL.findall(text) if (task := _task_at(url, tracker))]
    found = {*addresses, *_NAMED.findall(_URL.sub(" ", text))}
    return found.pop() if len(found) == 1 else None


def _task_at(url: str, tracker: str | None) -> str | None:
    """Give the task whose address this is; the host may be spelled in any case."""
    if tracker is None or not url.lower().startswith(f"{tracker.lower()}/"):
        return None
    found = _AT_END.match(url[len(tracker) + 1 :])
    return found[0] if found else None
