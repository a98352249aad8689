"""The ``s/old/new/`` correction: literal, with the delimiter of one's choice."""

from __future__ import annotations

import re

from irscribe.domain.errors import RefusedError
from irscribe.domain.text import cut

USAGE = "s/old/new/ (/ | # or , around the parts, g behind them for every hit)"
_PART = r"(?:\\(?P=mark)|(?!(?P=mark)).)*+"
_MEANT = re.compile(r"s(?:[|#]|/(?!he\b(?!.*/))|,(?!\s))", re.DOTALL)
_SHAPE = re.compile(
    rf"s(?P<mark>[/|#,])(?P<old>{_PART})(?P=mark)(?P<new>{_PART})(?:(?P=mark)(?P<every>g?))?\s*", re.DOTALL
)
_LONGEST_OLD_BYTES = 60
_LONGEST_QUOTE_BYTES = 200


def looks_like_substitution(text: str) -> bool:
    """Whether a text is meant as ``s/old/new/``, well formed or not; ``s, the server`` and ``s/he`` are prose."""
    return _MEANT.match(text) is not None


def substitute(command: str, text: str) -> str:
    """The text with the first ``old`` replaced, or every one with ``g``.

    Raises RefusedError for a malformed command, and with the text when ``old`` is not in it.
    """
    shape = _SHAPE.fullmatch(command)
    if shape is None or not shape["old"]:
        raise RefusedError(f"That is no correction I can read: type {USAGE}.")
    old, new = (_unescaped(shape[part], shape["mark"]) for part in ("old", "new"))
    if old not in text:
        quoted = cut(text, _LONGEST_QUOTE_BYTES)
        raise RefusedError(f"“{cut(old, _LONGEST_OLD_BYTES)}” is not in “{quoted}”: copy it from there.")
    return text.replace(old, new, -1 if shape["every"] else 1)


def _unescaped(part: str, mark: str) -> str:
    return part.replace(f"\\{mark}", mark)
