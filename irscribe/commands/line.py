"""Parses one typed line: the verb, the incident that it names, the text."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from irscribe.commands.addressed import NUMBER, address, address_behind, refuse_text, take_number
from irscribe.commands.catalogue import Commands
from irscribe.commands.recognition import OWN_NOTE_NAMES
from irscribe.commands.verb import About, Phrase, Verb
from irscribe.domain.errors import RefusedError, UnknownVerbError
from irscribe.domain.nearest import nearest
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut

ASKING_FOR_HELP = ("--help", "-h")
"""Texts that ask for the help of the verb in front of them."""
STOPS = ":,;.?"
"""The punctuation that may end a verb: ``summary: …``, ``status?``."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A verb with the text behind it; ``forced`` if it was typed with ``!``, ``name`` is the word that was typed."""

    verb: Verb
    forced: bool
    incident: int | None
    text: str
    name: str

    def is_among(self, texts: Collection[re.Pattern[str]]) -> bool:
        """True if the text behind the verb is one of these."""
        text = self.text.strip()
        return any(each.fullmatch(text) for each in texts)


@dataclass(frozen=True, kw_only=True)
class _Named:
    """The verb that a typed word stands for, and the phrase if the word is none of the verb's names."""

    word: str
    verb: Verb
    phrase: Phrase | None = None

    @property
    def typed(self) -> str:
        return self.word.lower()

    def command(self, text: str, *, incident: int | None) -> Command:
        """Make the command of this word with a text behind it."""
        return Command(
            verb=self.verb,
            forced=self.word.endswith("!"),
            incident=incident,
            text=text if self.phrase is None else self.phrase.text(text),
            name=_name(self.word),
        )


def read(text: str, commands: Commands) -> Command:
    """Parse the text behind ``!ir``; without a verb it asks for the status of the incident named, or the current one.

    The incident is named by ``@N`` before or behind the verb, or at the end of a text that is no free text; or by a
    bare number if that can be nothing else.
    Raises UnknownVerbError for a verb that does not exist, RefusedError for two incidents, or a number that may be one.
    """
    before = address(text.strip())
    word, rest = _first_word(before.text)
    behind = address(rest)
    named = _named(word, behind.text, commands)
    if behind.text in ASKING_FOR_HELP:
        return read(f"help {named.verb.name}", commands)
    if behind.incident is None:
        behind = address_behind(named.verb, rest)
    incident = _one_incident(named, before.incident, behind.incident)
    if incident is None:
        behind = take_number(named.verb, behind.text, typed=named.typed)
        incident = behind.incident
    refuse_text(named.verb, behind.text, incident=incident, typed=named.typed)
    return named.command(behind.text, incident=incident)


def read_kept(text: str, commands: Commands) -> Command | None:
    """Parse a text that was once typed behind ``!ir``; None if it was removed, or no verb has that name any more.

    The number of an incident stays in the text if today's rules would refuse it.
    """
    if not text.strip():
        return None
    with suppress(RefusedError):
        return read(text, commands)
    word, rest = _first_word(address(text.strip()).text)
    named = _find(word, rest, commands)
    return None if named is None else named.command(rest, incident=None)


def verb_of_kept(text: str, commands: Commands) -> str:
    """Give the verb of a kept command, which alone is a text that ``read_kept`` reads; empty if it has none."""
    command = read_kept(text, commands)
    return "" if command is None else command.verb.name


def _one_incident(named: _Named, before: int | None, behind: int | None) -> int | None:
    """Give the incident that ``@N`` before or behind the verb names."""
    incident = before if before is not None else behind
    if behind not in (None, incident):
        raise RefusedError(
            sentence("@{} or @{}? Name one incident: {ir} @{} {} …", incident, behind, incident, named.typed)
        )
    if incident is not None and named.verb.about is About.NONE:
        raise RefusedError(sentence("{ir} {} is about no single incident: leave @{} out.", named.verb.name, incident))
    return incident


def _named(word: str, behind: str, commands: Commands) -> _Named:
    named = _find(word, behind, commands)
    if named is None:
        raise _unknown(word, _name(word), commands)
    if word.endswith("!") and not named.verb.forced:
        raise RefusedError(sentence("There is no {ir} {}: type {ir} {}.", named.typed, _name(word)))
    return named


def _find(word: str, behind: str, commands: Commands) -> _Named | None:
    """Find the verb by one of its names, or by a phrase that fits the text behind the word."""
    verb, phrase = commands.phrases.get(_name(word), (None, None))
    if verb is not None and phrase is not None and phrase.typed.fullmatch(behind):
        return _Named(word=word, verb=verb, phrase=phrase)
    verb = commands.by_name.get(_name(word))
    return None if verb is None else _Named(word=word, verb=verb)


def _name(word: str) -> str:
    return word.lower().removesuffix("!") or "status"


def _first_word(text: str) -> tuple[str, str]:
    """Split off the first word, without the punctuation behind it."""
    word, *rest = text.split(None, 1) or [""]
    return word.rstrip(STOPS) or word, rest[0].rstrip() if rest else ""


def _unknown(word: str, name: str, commands: Commands) -> UnknownVerbError:
    if name in commands.refused:
        return UnknownVerbError(commands.refused[name], suggested=True)
    names = dict.fromkeys([*OWN_NOTE_NAMES, *(each.name for each in commands.verbs), *commands.by_name])
    close = commands.meant_by.get(name) or nearest(name, names)
    number = NUMBER.fullmatch(name)
    if number is not None:
        close = f"@{number[1]}"
    hint: Speech = sentence("did you mean {ir} {}?", close) if close else sentence("{ir} help lists what there is.")
    said = sentence("There is no {ir} {}: {}", cut(clean(word), 40), hint)
    return UnknownVerbError(said, suggested=close is not None)
