"""A verb: everything that help, manual, permissions and parser need to know of one command."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import Enum, StrEnum, auto
from typing import Any, TypeVar

from irscribe.domain.permission import Standing
from irscribe.domain.request import LineKind
from irscribe.domain.sentence import Sentence, Speech, sentence

ANYTHING = re.compile(".*", re.DOTALL)
NOTHING = re.compile("")
"""The empty text behind a verb that only shows."""

ROWS = "verbs"
"""The attribute of a function that holds the rows of the verbs that it carries out."""
Function = TypeVar("Function", bound=Callable[..., object])


class Group(StrEnum):
    """The part of the manual that a verb stands in; help lists them in this order."""

    INCIDENT = "The incident"
    TIMELINE = "Timeline"
    PEOPLE = "People"
    REPORT = "The report"
    SCORECARD = "Scorecard"
    HELP = "Help"


class About(Enum):
    """The incident that a command is about."""

    INCIDENT = auto()
    """The one that ``@N`` names, or the current one: without any the command is refused."""
    NUMBER = auto()
    """``@N`` is one more way to type the number of an incident; none need be open."""
    NONE = auto()
    """None at all: ``@N`` is refused."""


class BareNumber(Enum):
    """The ways to read a number that is the first word behind a verb."""

    OWN = auto()
    """As an argument of the verb."""
    INCIDENT = auto()
    """As the incident; the verb takes no text, and any other is refused."""
    BEFORE_ARGUMENT = auto()
    """As the incident, with what stands behind it as the argument."""
    INCIDENT_ALONE = auto()
    """As the incident where nothing stands behind it."""
    UNCLEAR_ALONE = auto()
    """Alone it is refused: it may be the incident or a text."""
    UNCLEAR = auto()
    """It is refused, whatever stands behind it."""


@dataclass(frozen=True)
class Stricter:
    """A part of a command that needs a higher standing than the rest, whatever rule the settings have."""

    part: str
    """The text behind the verb, as help shows it."""
    standing: Standing
    typed: re.Pattern[str] | None = None
    """All ways to type the part, if it is more than a word."""
    refuse_impossible: Callable[[Any], None] | None = None
    """Called with the context before the standing is checked; raises RefusedError if nobody may do it."""

    def is_typed_in(self, text: str) -> bool:
        """Return True if the text behind the verb is this part."""
        text = text.strip()
        return text.lower() == self.part if self.typed is None else self.typed.fullmatch(text) is not None


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A word that stands for a verb and a part of its text: ``resolve`` for ``status resolved``."""

    word: str
    arguments: str = ""
    """The text behind it, as the manual shows it."""
    typed: re.Pattern[str] = ANYTHING
    """The texts behind the word with which it is read so."""
    meaning: str = r"\g<0>"
    """The same text behind the verb, as a template for ``re.Match.expand``."""

    def text(self, typed: str) -> str:
        """Give the text behind the verb for a text behind this word."""
        found = self.typed.fullmatch(typed)
        return typed if found is None else found.expand(self.meaning).strip()


@dataclass(frozen=True)
class Verb:
    """The row of a verb: how it is typed, what it does, who may.

    It decorates the function that carries the verb out: ``@Verb("undo", does=…)``. A function may have several.
    """

    name: str
    arguments: str = ""
    _: KW_ONLY
    does: Speech
    example: Speech
    """A line to copy, without the ``!ir`` or ``!log`` in front."""
    group: Group
    line_kind: LineKind = LineKind.INCIDENT
    """``LOG`` for the ways to type a note, which help and manual list with the verbs."""
    aliases: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    meant_by: tuple[str, ...] = ()
    """Words that people type instead of the verb, which is then suggested."""
    refused: Mapping[str, Speech] = field(default_factory=dict, hash=False)
    """Words that people type for this or something near it, each with the sentence that refuses it."""
    first_words: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Words that may begin its text, each with the word to suggest if it is typed instead of the verb."""
    forced: bool = False
    """True if ``name!`` exists, which insists."""
    about: About = About.INCIDENT
    bare_number: BareNumber = BareNumber.OWN
    free_text: bool = True
    """False if an ``@N`` at the end of its text can be nothing but the incident."""
    text_ends_entry: bool = False
    """True if its text ends its entry, as that of a note does: the rest of a split command is put behind it."""
    continued_by_plus: bool = False
    """True if ``+`` in front of a text puts it behind the text that is there."""
    reads_only: tuple[re.Pattern[str], ...] = ()
    """The texts behind it with which it changes nothing: it is then answered from a snapshot, beside the writer."""
    keeps_words: bool = True
    """False if the bot keeps no words that were typed behind it."""
    for_good: bool = False
    """True if nothing takes it back, so that it is done without the rest of a split command."""
    standing: Standing = Standing.ANYONE
    stricter: tuple[Stricter, ...] = ()
    lone_opener: bool = False
    """True if the opener may use it, too, while nobody else has written in the incident and no rule speaks of it."""
    confirmed_coordinator: bool = False
    """True if the coordinator may use it, too, whom a trusted person gave the role or confirmed in it."""
    undone_without_standing: bool = False
    """True if it may cost people the standing that it needs, so that taking it back needs none."""
    corrects_entries: bool = False
    """True if it changes entries: who takes it back needs the right to change each of them."""
    unconditional: bool = False
    """True if it is answered for everybody: without an account, and whatever rule there is."""
    final_takes: tuple[re.Pattern[str], ...] = ()
    """The texts behind it that a final report takes; without any it refuses the command."""
    undone_in_final: bool = True
    """False if nobody takes it back under a final report, although that takes the command."""

    def __call__(self, function: Function) -> Function:
        """Attach this row to the function."""
        vars(function)[ROWS] = (self, *vars(function).get(ROWS, ()))
        return function

    @property
    def usage(self) -> Sentence:
        """Give the usage, with the name of the command."""
        if self.line_kind is LineKind.LOG:
            return sentence("{log} {}", self.arguments)
        return sentence("{ir} {}", f"{self.name} {self.arguments}".strip())

    @property
    def also(self) -> tuple[str, ...]:
        """Give the other ways to type it."""
        return (*self.aliases, *(f"{each.word} {each.arguments}".strip() for each in self.phrases))

    @property
    def example_line(self) -> Sentence:
        """Give the example as it is typed."""
        is_note = self.line_kind is LineKind.LOG
        return sentence("{log} {}", self.example) if is_note else sentence("{ir} {}", self.example)

    @property
    def first_arguments(self) -> str:
        """Give the arguments of the first way to type it; empty if a bracket would be cut."""
        first = self.arguments.split(" | ")[0].strip()
        return first if first.count("[") == first.count("]") else ""

    @property
    def words(self) -> tuple[str, ...]:
        """Give the words that a verb without a text takes: ``file`` and ``sync`` of ``[file|sync]``."""
        return tuple(self.first_arguments.strip("[]").split("|"))

    def who_may(self, *, rule: str | None = None, quote: str = "") -> str:
        """Say who may use it; ``rule`` is that of the settings, ``quote`` stands around a part of the command."""
        stricter = (f"{quote}{each.part}{quote}: {each.standing.name.lower()}" for each in self.stricter)
        return "; ".join((rule or self.standing.name.lower(), *stricter, *(self._lenient if rule is None else ())))

    @property
    def _lenient(self) -> Iterator[str]:
        if self.lone_opener:
            yield "the opener, while nobody else has written in it"
        if self.confirmed_coordinator:
            yield "the coordinator whom a trusted person gave the role or confirmed"
