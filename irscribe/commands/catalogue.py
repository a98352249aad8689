"""The commands there are, collected from the functions that carry them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any

from irscribe.commands.verb import ROWS, Group, Phrase, Verb
from irscribe.domain.request import LineKind
from irscribe.domain.sentence import Speech

GROUPS = tuple(Group)


@dataclass(frozen=True, kw_only=True)
class Commands:
    """All commands: their rows, those of notes first, and the function for each name."""

    rows: tuple[Verb, ...]
    functions: Mapping[str, Callable[..., Any]]

    @cached_property
    def verbs(self) -> tuple[Verb, ...]:
        """Give the rows of the verbs behind ``!ir``."""
        return tuple(each for each in self.rows if each.line_kind is LineKind.INCIDENT)

    @cached_property
    def by_name(self) -> Mapping[str, Verb]:
        """Give the same rows by their names and aliases."""
        return {name: verb for verb in self.verbs for name in (verb.name, *verb.aliases)}

    @cached_property
    def phrases(self) -> Mapping[str, tuple[Verb, Phrase]]:
        """Give the verb and the phrase for each word that stands for a verb and a part of its text."""
        return {each.word: (verb, each) for verb in self.verbs for each in verb.phrases}

    @cached_property
    def refused(self) -> Mapping[str, Speech]:
        """Give the refusal for each word that is refused with a sentence of its own."""
        return {word: refusal for verb in self.verbs for word, refusal in verb.refused.items()}

    @cached_property
    def meant_by(self) -> Mapping[str, str]:
        """Give the suggestion for each word that people type instead of a verb."""
        verbs = {word: verb.name for verb in self.verbs for word in verb.meant_by}
        texts = {word: f"{verb.name} {text}" for verb in self.verbs for word, text in verb.first_words.items()}
        return verbs | texts


def collect(modules: Iterable[ModuleType]) -> Commands:
    """Collect the commands whose functions stand in these modules: group by group, else in the order they stand in."""
    functions = [each for module in modules for each in vars(module).values() if _is_command_of(module, each)]
    carried_out = [(verb, function) for function in functions for verb in vars(function)[ROWS]]
    rows = [verb for verb, _ in carried_out]
    return Commands(
        rows=tuple(sorted(rows, key=lambda verb: (verb.line_kind is LineKind.INCIDENT, GROUPS.index(verb.group)))),
        functions={verb.name: function for verb, function in carried_out},
    )


def manual(commands: Commands) -> str:
    """Give the rows as they stand in docs/commands.md."""
    groups = dict.fromkeys(each.group for each in commands.rows)
    return "\n".join(_section(group, commands) for group in groups)


def _is_command_of(module: ModuleType, value: object) -> bool:
    return isinstance(value, FunctionType) and value.__module__ == module.__name__ and ROWS in vars(value)


def _section(group: Group, commands: Commands) -> str:
    rows = [_row(each) for each in commands.rows if each.group is group]
    head = ["| type | it does | for example | who may |", "| --- | --- | --- | --- |"]
    return "\n".join([f"## {group}", "", *head, *rows, ""])


def _row(verb: Verb) -> str:
    typed, does = _cell(verb.usage), f"{_cell(verb.does)}{_also(verb)}"
    return f"| `{typed}` | {does} | `{_cell(verb.example_line)}` | {verb.who_may(quote='`')} |"


def _also(verb: Verb) -> str:
    words = ", ".join(f"`{_cell(each)}`" for each in verb.also if verb.line_kind is LineKind.INCIDENT)
    return f" (also {words})" if words else ""


def _cell(text: Speech) -> str:
    return str(text).replace("|", "\\|")
