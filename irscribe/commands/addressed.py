"""Finds the incident that a line names: by ``@N``, or by a bare number if that can be nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from irscribe.commands.verb import BareNumber, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut

NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)
NUMBER_WITH_STOP = re.compile(r"\(?#?(\d{1,9})[.,:;!?)]+", re.ASCII)
ADDRESS = re.compile(r"@(\d{1,9})(?:\s+|$)")
DIGITS = re.compile(r"\d{1,9}", re.ASCII)
ADDRESS_BEHIND = re.compile(r"\s@(\d{1,9})\s*$")
ARGUMENTS_SHOWN = 80
"""Bytes of typed arguments that a refusal repeats."""
TEXT_SHOWN = 20
"""Bytes of a typed text that a refusal repeats beside the whole command."""

UNCLEAR_WITH_STOP = frozenset({BareNumber.INCIDENT_ALONE, BareNumber.UNCLEAR_ALONE, BareNumber.UNCLEAR})


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """The text of a line, and the incident that ``@N`` in front of it names."""

    incident: int | None
    text: str


def address(text: str) -> Addressed:
    """Split ``@N`` off the front of a text."""
    found = ADDRESS.match(text)
    if found is None:
        return Addressed(incident=None, text=text)
    return Addressed(incident=int(found.group(1)), text=text[found.end() :])


def address_behind(verb: Verb, text: str) -> Addressed:
    """Split ``@N`` off the end of the text behind a verb that takes no free text."""
    found = ADDRESS_BEHIND.search(text) if not verb.free_text else None
    if found is None:
        return Addressed(incident=None, text=text)
    return Addressed(incident=int(found[1]), text=text[: found.start()])


def take_number(verb: Verb, text: str, *, typed: str) -> Addressed:
    """Split a bare number off the text behind a verb if it is the incident; ``typed`` is the verb as typed.

    Raises RefusedError for a number that may be the incident or something else.
    """
    number, rest = _number_first(verb, text)
    found = NUMBER.fullmatch(number)
    if found is None:
        _refuse_number_with_stop(verb, text, typed=typed)
        return Addressed(incident=None, text=text)
    way = verb.bare_number
    if way is BareNumber.BEFORE_ARGUMENT or (not rest and way in (BareNumber.INCIDENT, BareNumber.INCIDENT_ALONE)):
        return Addressed(incident=int(found[1]), text=rest)
    if _is_unclear(verb, rest):
        raise RefusedError(_say_unclear(verb, int(found[1]), rest, typed=typed))
    return Addressed(incident=None, text=text)


def refuse_text(verb: Verb, text: str, *, incident: int | None, typed: str) -> None:
    """Refuse a text behind a verb that takes none: it may be meant as the number of the incident.

    Raises RefusedError for any but the verb's own words.
    """
    if verb.bare_number is not BareNumber.INCIDENT or not text or text.lower() in verb.words:
        return
    what = f"“{cut(clean(text), TEXT_SHOWN)}” does not belong behind {typed}"
    command = f"{typed} {verb.first_arguments}".strip()
    raise RefusedError(sentence("{}: type {}.", what, _say_without_text(command, text, incident)))


def _refuse_number_with_stop(verb: Verb, text: str, *, typed: str) -> None:
    """Refuse a number with a full stop or the like and nothing else: it is no text that anybody would log."""
    found = NUMBER_WITH_STOP.fullmatch(text.strip())
    if found is not None and verb.bare_number in UNCLEAR_WITH_STOP:
        raise RefusedError(_say_unclear(verb, int(found[1]), "", typed=typed))


def _number_first(verb: Verb, text: str) -> tuple[str, str]:
    """Split off the first word; ``html 4`` is read as ``4 html``."""
    first, *rest = text.split(None, 1) or [""]
    second = rest[0].rstrip() if rest else ""
    before_argument = verb.bare_number is BareNumber.BEFORE_ARGUMENT
    swapped = before_argument and NUMBER.fullmatch(second) and not NUMBER.fullmatch(first)
    return (second, first) if swapped else (first, second)


def _is_unclear(verb: Verb, rest: str) -> bool:
    match verb.bare_number:
        case BareNumber.UNCLEAR:
            return True
        case BareNumber.UNCLEAR_ALONE:
            return not rest
        case BareNumber.INCIDENT:
            return rest.lower() in verb.words
        case _:
            return rest.partition(" ")[0].lower().rstrip(":,.") in verb.first_words


def _say_unclear(verb: Verb, incident: int, rest: str, *, typed: str) -> Speech:
    behind = rest if rest and verb.bare_number is not BareNumber.UNCLEAR else verb.first_arguments
    command = f"{typed} {cut(clean(behind), ARGUMENTS_SHOWN)}".strip()
    return sentence(
        "Is {} the incident? Type {ir} @{} {} for incident {}, or {ir} {} for the current one.",
        incident,
        incident,
        command,
        incident,
        command,
    )


def _say_without_text(command: str, text: str, incident: int | None) -> Speech:
    if incident is not None:
        return sentence("{ir} @{} {}", incident, command)
    digits = DIGITS.search(text)
    if digits is None:
        return sentence("{ir} {} for the current incident, or {ir} @N {} for incident N", command, command)
    number = digits[0]
    return sentence("{ir} @{} {} for incident {}, or {ir} {} for the current one", number, command, number, command)
