"""The patterns of our commands, as functions of the settings, which Sopel's lazy rules call when plugins load."""

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
    """Match ``!incident …``, ``!ir …``, and the bot's nick with a colon or a comma.

    Underscores may follow the nick, as in the bot's alternative nicks, which clients complete.
    """
    names: Names = settings.irscribe.names
    addressed = rf"{_LEAD}{re.escape(names.nick)}_*[:,](?P<rest>.*)"
    return [_command(names.prefix, names.incident), re.compile(addressed, _FLAGS)]


def log(settings: Any) -> list[re.Pattern[str]]:
    """Match ``!log …``."""
    names: Names = settings.irscribe.names
    return [_command(names.prefix, names.log)]


def note(settings: Any) -> list[re.Pattern[str]]:
    """Match ``!note …``."""
    names: Names = settings.irscribe.names
    return [_command(names.prefix, names.note)]


def plain(settings: Any) -> list[re.Pattern[str]]:
    """Match every line that the other patterns do not."""
    commands = (pattern.pattern for family in (incident, log, note) for pattern in family(settings))
    unnamed = "|".join(pattern.replace("(?P<rest>", "(?:") for pattern in commands)
    return [re.compile(rf"(?!{unnamed})(?P<rest>.*)", _FLAGS)]


def _command(prefix: str, names: Iterable[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name) for name in names)
    return re.compile(rf"{_LEAD}{re.escape(prefix)}(?:{alternatives}){_REST}", _FLAGS)
