"""Reading one typed line: the verb, the incident it addresses, the rest."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from irscribe.commands.table import BY_NAME, VERBS, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.nearest import nearest
from irscribe.domain.text import clean, cut

MEANT = {
    **{state: f"status {state}" for state in ("investigating", "identified", "monitoring", "mitigated")},
    **dict.fromkeys(("fixed", "resolved"), "status resolved"),
    **dict.fromkeys(("open", "new", "create", "begin"), "start"),
    **dict.fromkeys(("resolve", "end", "done"), "close"),
    **dict.fromkeys(("coordinator", "commander", "lead"), "ic"),
    **dict.fromkeys(("responders", "people", "roster"), "who"),
    **dict.fromkeys(("severity", "priority"), "sev"),
    **dict.fromkeys(("delete", "drop", "rm"), "strike"),
    **dict.fromkeys(("edit", "correct", "amend"), "fix"),
    **dict.fromkeys(("search", "grep"), "find"),
    **dict.fromkeys(("report", "write"), "export"),
    **dict.fromkeys(("todo", "followup", "task-add"), "action"),
    **dict.fromkeys(("handover", "pass"), "handoff"),
    **dict.fromkeys(("question", "questions"), "ask"),
}
"""What people type for a verb that is called otherwise."""
ADDRESS = re.compile(r"@(\d{1,9})(?:\s+|$)")


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """The text of a line, and the incident named in front of it by ``@N``."""

    incident: int | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Command:
    """A verb with what was typed behind it; ``forced`` when it was typed with ``!``."""

    verb: Verb
    forced: bool
    incident: int | None
    text: str


def address(text: str) -> Addressed:
    """Split ``@N`` off the front of a text."""
    found = ADDRESS.match(text)
    if found is None:
        return Addressed(incident=None, text=text)
    return Addressed(incident=int(found.group(1)), text=text[found.end() :])


def read(text: str) -> Command:
    """The command of what stands behind ``!ir``; nothing there asks for the status, of the incident that is named.

    Raises RefusedError for a verb that does not exist.
    """
    word, rest = _first_word("status " + text if ADDRESS.match(text.strip()) else text)
    name = word.lower().removesuffix("!") or "status"
    verb = BY_NAME.get(name)
    forced = word.endswith("!")
    if verb is None or (forced and not verb.forced):
        raise RefusedError(_unknown(word, name, verb))
    addressed = address(rest)
    return Command(verb=verb, forced=forced, incident=addressed.incident, text=addressed.text)


def read_note(text: str, names: Collection[str]) -> str | None:
    """The note behind ``irscribe: log …``; None for what is another command. ``names`` are those of notes."""
    word, rest = _first_word(text)
    return rest if word.lower() in names else None


def _first_word(text: str) -> tuple[str, str]:
    word, *rest = text.split(None, 1) or [""]
    return word, rest[0].rstrip() if rest else ""


def _unknown(word: str, name: str, verb: Verb | None) -> str:
    if verb is not None:
        return f"There is no !ir {word.lower()}: !ir {verb.name} it is."
    close = MEANT.get(name) or nearest(name, [each.name for each in VERBS])
    hint = f"did you mean !ir {close}?" if close else "!ir help lists what there is."
    return f"There is no !ir {cut(clean(word), 40)}: {hint}"
