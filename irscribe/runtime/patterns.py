"""What a line must look like to be ours, as Sopel's lazy rules want it: from the settings, when plugins load."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from irscribe.config import Names

FORMATTING = r"(?:[\x02\x0f\x11\x16\x1d\x1e\x1f]|\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6})?)"
"""Codes for bold, colour and the like (modern.ircdocs.horse/formatting)."""

_LEAD = rf"(?:\s|{FORMATTING})*"
_REST = rf"(?=\s|{FORMATTING}|$)(?P<rest>.*)"
_FLAGS = re.IGNORECASE | re.DOTALL


def incident(settings: Any) -> list[re.Pattern[str]]:
    """``!incident …``, ``!ir …``, and the bot's nick with a colon or a comma.

    A nick taken at the moment has underscores behind it; people complete whatever they see.
    """
    names: Names = settings.irscribe.names
    addressed = rf"{_LEAD}{re.escape(names.nick)}_*[:,](?P<rest>.*)"
    return [_command(names.prefix, names.incident), re.compile(addressed, _FLAGS)]


def log(settings: Any) -> list[re.Pattern[str]]:
    """``!log …``."""
    names: Names = settings.irscribe.names
    return [_command(names.prefix, names.log)]


def note(settings: Any) -> list[re.Pattern[str]]:
    """``!note …``."""
    names: Names = settings.irscribe.names
    return [_command(names.prefix, names.note)]


def plain(settings: Any) -> list[re.Pattern[str]]:
    """Any line that is none of these."""
    commands = (pattern.pattern for family in (incident, log, note) for pattern in family(settings))
    unnamed = "|".join(pattern.replace("(?P<rest>", "(?:") for pattern in commands)
    return [re.compile(rf"(?!{unnamed})(?P<rest>.*)", _FLAGS)]


def _command(prefix: str, names: Iterable[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name) for name in names)
    return re.compile(rf"{_LEAD}{re.escape(prefix)}(?:{alternatives}){_REST}", _FLAGS)
