"""Sentences: the text of a reply as a value of words, commands and tasks, which is rendered when it is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from string import Formatter

from irscribe.domain.mark import MARK
from irscribe.domain.tasks import name_of, url_of

_TASK = re.compile(r"(?P<url>[A-Za-z][A-Za-z0-9+.-]*://\S+)|(?<![\w/])T(?=[0-9]+(?!\w))")

_QUOTE = re.compile("[“”]")


@dataclass(frozen=True, kw_only=True)
class CommandNames:
    """The names of the commands in the settings, with their prefix."""

    ir: str = "!ir"
    log: str = "!log"
    note: str = "!note"

    @classmethod
    def of(cls, prefix: str, *, incident: Sequence[str], log: Sequence[str], note: Sequence[str]) -> CommandNames:
        """The shortest of the names that each command has."""
        return cls(ir=prefix + min(incident, key=len), log=prefix + min(log, key=len), note=prefix + min(note, key=len))


SHIPPED = CommandNames()


class CommandName(Enum):
    """A command, by the field of ``CommandNames`` that holds its name."""

    IR = "ir"
    LOG = "log"
    NOTE = "note"


@dataclass(frozen=True)
class TaskName:
    """A task of the task server, by its number."""

    number: int


Part = str | CommandName | TaskName


@dataclass(frozen=True)
class Sentence:
    """Parts in the order in which they are read; two texts never follow each other."""

    parts: tuple[Part, ...]

    def __add__(self, other: Speech) -> Sentence:
        return _joined((self, other))

    def __radd__(self, other: str) -> Sentence:
        return _joined((other, self))

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __str__(self) -> str:
        """Give the text for logs and the command line: with the shipped names of commands, and numbers of tasks."""
        return "".join(_written(part, SHIPPED, name_of) for part in self.parts)

    def __format__(self, spec: str) -> str:
        """Refuse to become text in an f-string: the names of the settings would be lost."""
        raise TypeError(spec)


Speech = str | Sentence
"""A text that names no command and no task, or a sentence."""


def sentence(template: str, *values: object) -> Sentence:
    """Make a sentence: ``{ir}``, ``{log}`` and ``{note}`` stand for commands, each ``{}`` takes a value.

    Values are shown as they are; nothing in them is read as a name. Raises ValueError unless there is one value for
    each ``{}``, and for a name that no command has.
    """
    slots = _slots(template)
    if slots.count(None) != len(values):
        raise ValueError(template)
    rest = iter(values)
    return _joined(next(rest) if slot is None else slot for slot in slots)


def joined(between: str, parts: Iterable[Speech]) -> Speech:
    """Join the parts with something between each two, as ``str.join`` does."""
    known = list(parts)
    texts = [each for each in known if isinstance(each, str)]
    if len(texts) == len(known):
        return between.join(texts)
    return _joined([*known[:1], *(piece for each in known[1:] for piece in (between, each))])


def without_quotes(speech: Speech) -> Speech:
    """Leave out what a text quotes, from the first quotation mark to the last; one cut in two may have lost either."""
    if isinstance(speech, Sentence):
        places = [place for place, part in enumerate(speech.parts) if isinstance(part, str) and _QUOTE.search(part)]
        if not places:
            return speech
        begin, end = places[0], places[-1] + 1
        quoting = "".join(part for part in speech.parts[begin:end] if isinstance(part, str))
        return _joined((Sentence(speech.parts[:begin]), without_quotes(quoting), Sentence(speech.parts[end:])))
    marks = [found.start() for found in _QUOTE.finditer(speech)]
    if not marks:
        return speech
    before = speech[: marks[0]] if speech[marks[0]] == "“" else ""
    behind = speech[marks[-1] + 1 :] if speech[marks[-1]] == "”" else ""
    return f"{before}“…”{behind}"


def render(speech: Speech, names: CommandNames, *, tracker: str | None) -> str:
    """Give the text to say, with these names of commands; ``tracker`` is the address in front of a task's number.

    If there is none, and in texts that people typed, an invisible mark keeps other bots from answering the number.
    """
    if isinstance(speech, str):
        return defused(speech)
    return "".join(_written(part, names, _task_in(tracker), defused) for part in speech.parts)


def defused(text: str) -> str:
    """Put the mark into the numbers of tasks in a text; addresses stay as they are, for a mark would break them."""
    return _TASK.sub(lambda found: found["url"] or f"T{MARK}", text)


def _task_in(tracker: str | None) -> Callable[[int], str]:
    return lambda number: url_of(tracker, name_of(number)) if tracker else f"T{MARK}{number}"


def _written(
    part: Part, names: CommandNames, task: Callable[[int], str], text: Callable[[str], str] = lambda text: text
) -> str:
    match part:
        case CommandName():
            return str(getattr(names, part.value))
        case TaskName():
            return task(part.number)
    return text(part)


@lru_cache(1000)
def _slots(template: str) -> tuple[Part | None, ...]:
    """The words and names of a template, with None for each value."""
    slots: list[Part | None] = []
    for words, field, _, _ in Formatter().parse(template):
        slots += [words] if words else []
        slots += [CommandName(field) if field else None] if field is not None else []
    return tuple(slots)


def _joined(values: Iterable[object]) -> Sentence:
    parts: list[Part] = []
    for each in values:
        for part in each.parts if isinstance(each, Sentence) else (each,):
            known: Part = part if isinstance(part, CommandName | TaskName) else str(part)
            if isinstance(known, str) and parts and isinstance(parts[-1], str):
                parts[-1] += known
            else:
                parts.append(known)
    return Sentence(tuple(parts))
