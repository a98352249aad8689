"""Parses one typed line: the verb, the incident that it names, the text."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from irscribe.commands.addressed import NUMBER, address, address_behind, refuse_text, take_number
from irscribe.commands.catalogue import Commands
from irscribe.commands.verb import About, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.nearest import nearest
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut


@dataclass(frozen=True, kw_only=True)
class Command:
    """A verb with the text behind it; ``forced`` if it was typed with ``!``."""

    verb: Verb
    forced: bool
    incident: int | None
    text: str

    def is_among(self, texts: Collection[re.Pattern[str]]) -> bool:
        """True if the text behind the verb is one of these."""
        text = self.text.strip()
        return any(each.fullmatch(text) for each in texts)


def read(text: str, commands: Commands) -> Command:
    """Parse the text behind ``!ir``; without a verb it asks for the status of the incident named, or the current one.

    The incident is named by ``@N`` before or behind the verb, or at the end of a text that is no free text; or by a
    bare number if that can be nothing else.
    Raises RefusedError for a verb that does not exist, two incidents, or a number that may be one.
    """
    before = address(text.strip())
    word, rest = _first_word(before.text)
    verb, forced = _verb(word, commands)
    behind = address(rest)
    if behind.incident is None:
        behind = address_behind(verb, rest)
    incident = before.incident if before.incident is not None else behind.incident
    if behind.incident not in (None, incident):
        raise RefusedError(
            sentence("@{} or @{}? Name one incident: {ir} @{} {} …", incident, behind.incident, incident, word.lower())
        )
    if incident is not None and verb.about is About.NONE:
        raise RefusedError(sentence("{ir} {} is about no single incident: leave @{} out.", verb.name, incident))
    if incident is None:
        behind = take_number(verb, behind.text, typed=word.lower())
        incident = behind.incident
    refuse_text(verb, behind.text, incident=incident, typed=word.lower())
    return Command(verb=verb, forced=forced, incident=incident, text=behind.text)


def read_kept(text: str, commands: Commands) -> Command | None:
    """Parse a text that was once typed behind ``!ir``; None if it was removed, or no verb has that name any more.

    The number of an incident stays in the text if today's rules would refuse it.
    """
    if not text.strip():
        return None
    with suppress(RefusedError):
        return read(text, commands)
    word, rest = _first_word(address(text.strip()).text)
    verb = commands.by_name.get(word.lower().removesuffix("!") or "status")
    if verb is None:
        return None
    return Command(verb=verb, forced=word.endswith("!"), incident=None, text=rest)


def verb_of_kept(text: str, commands: Commands) -> str:
    """Give the verb of a kept command, which alone is a text that ``read_kept`` reads; empty if it has none."""
    command = read_kept(text, commands)
    return "" if command is None else command.verb.name


def read_note(text: str, names: Collection[str]) -> str | None:
    """Give the note behind ``irscribe: log …``; None for another command. ``names`` are the names of notes.

    An ``@N`` before the name is put before the text, as in a note.
    """
    text = text.strip()
    addressed = address(text)
    word, rest = _first_word(addressed.text)
    if word.lower() not in names:
        return None
    return rest if addressed.incident is None else f"@{addressed.incident} {rest}"


def _verb(word: str, commands: Commands) -> tuple[Verb, bool]:
    name = word.lower().removesuffix("!") or "status"
    verb = commands.by_name.get(name)
    forced = word.endswith("!")
    if verb is None:
        raise RefusedError(_unknown(word, name, commands))
    if forced and not verb.forced:
        raise RefusedError(sentence("There is no {ir} {}: type {ir} {}.", word.lower(), verb.name))
    return verb, forced


def _first_word(text: str) -> tuple[str, str]:
    word, *rest = text.split(None, 1) or [""]
    return word, rest[0].rstrip() if rest else ""


def _unknown(word: str, name: str, commands: Commands) -> Speech:
    close = commands.meant_by.get(name) or nearest(name, [each.name for each in commands.verbs])
    number = NUMBER.fullmatch(name)
    if number is not None:
        close = f"@{number[1]}"
    hint: Speech = sentence("did you mean {ir} {}?", close) if close else sentence("{ir} help lists what there is.")
    return sentence("There is no {ir} {}: {}", cut(clean(word), 40), hint)
