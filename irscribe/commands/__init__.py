"""Commands: the row of a verb, all commands as one value, and the parser of a typed line."""

from irscribe.commands.addressed import Addressed, address
from irscribe.commands.catalogue import Commands, collect, manual
from irscribe.commands.line import Command, read, read_kept, verb_of_kept
from irscribe.commands.recognition import Recogniser, Typed, recogniser
from irscribe.commands.verb import ANYTHING, NOTHING, About, BareNumber, Group, Phrase, Stricter, Verb

__all__ = [
    "ANYTHING",
    "NOTHING",
    "About",
    "Addressed",
    "BareNumber",
    "Command",
    "Commands",
    "Group",
    "Phrase",
    "Recogniser",
    "Stricter",
    "Typed",
    "Verb",
    "address",
    "collect",
    "manual",
    "read",
    "read_kept",
    "recogniser",
    "verb_of_kept",
]
