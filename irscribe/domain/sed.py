"""The correction ``s/old/new/``: the text is literal, and several delimiters may be used."""

from __future__ import annotations

import re
from dataclasses import dataclass

from irscribe.domain.errors import RefusedError
from irscribe.domain.text import cut

USAGE = "s/old/new/ (/ | # or , around the parts, g behind them for every hit)"
_MEANT = re.compile(r"s(?:[|#]|/(?!he\b(?!.*/))|,(?!\s))", re.DOTALL)
_MARKS = "/|#,"
_LONGEST_OLD_BYTES = 60
_LONGEST_QUOTE_BYTES = 200


def looks_like_substitution(text: str) -> bool:
    """True if a text is meant as ``s/old/new/``, well formed or not; ``s, the server`` and ``s/he`` are prose."""
    return _MEANT.match(text) is not None


def substitute(command: str, text: str) -> str:
    """Replace the first ``old`` of a text, or each one with ``g``.

    Raises RefusedError for a malformed command, and if ``old`` is not in the text.
    """
    read = _read(command)
    if read is None:
        raise RefusedError(f"That is no correction I can read: type {USAGE}.")
    if read.old not in text:
        quoted = cut(text, _LONGEST_QUOTE_BYTES)
        raise RefusedError(f"“{cut(read.old, _LONGEST_OLD_BYTES)}” is not in “{quoted}”: copy it from there.")
    return text.replace(read.old, read.new, -1 if read.every else 1)


@dataclass(frozen=True)
class _Substitution:
    old: str
    new: str
    every: bool


def _read(command: str) -> _Substitution | None:
    """The parts of ``s/old/new/``, unescaped; None for a malformed command."""
    mark = command[1:2]
    if command[:1] != "s" or not mark or mark not in _MARKS:
        return None
    parts = [part.replace(f"\\{mark}", mark) for part in re.split(rf"(?<!\\){re.escape(mark)}", command[2:])]
    old, new, ending = [*parts, ""][:3] if len(parts) in {2, 3} else ("", "", "")
    if not old or ending.rstrip() not in {"", "g"}:
        return None
    return _Substitution(old, new, every=ending.startswith("g"))
