"""The table of commands, and the parser of a typed line."""

from irscribe.commands.addressed import Addressed, address
from irscribe.commands.line import Command, read, read_kept, read_note, verb_of_kept
from irscribe.commands.table import BY_NAME, COMMANDS, VERBS, Verb, manual, who_may

__all__ = [
    "BY_NAME",
    "COMMANDS",
    "VERBS",
    "Addressed",
    "Command",
    "Verb",
    "address",
    "manual",
    "read",
    "read_kept",
    "read_note",
    "verb_of_kept",
    "who_may",
]
