"""Reading one typed line: the verb, the incident it addresses, the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from irscribe.commands.table import BY_NAME, VERBS, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.nearest import nearest

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
    """The command of what stands behind ``!ir``; nothing there asks for the status.

    Raises RefusedError for a verb that does not exist.
    """
    word, _, rest = text.strip().partition(" ")
    name = word.lower().removesuffix("!") or "status"
    verb = BY_NAME.get(name)
    forced = word.endswith("!")
    if verb is None or (forced and not verb.forced):
        raise RefusedError(_unknown(word, name, verb))
    addressed = address(rest.strip())
    return Command(verb=verb, forced=forced, incident=addressed.incident, text=addressed.text)


def _unknown(word: str, name: str, verb: Verb | None) -> str:
    if verb is not None:
        return f"There is no !ir {word.lower()}: !ir {verb.name} it is."
    close = nearest(name, [each.name for each in VERBS])
    hint = f"did you mean !ir {close}?" if close else "!ir help lists what there is."
    return f"There is no !ir {word[:40]}: {hint}"
