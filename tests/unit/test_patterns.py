"""Regular expressions are such that every Python the program runs on reads them alike."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("irscribe", "models", "plugins") for path in sorted((ROOT / folder).rglob("*.py"))]
CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
POSSESSIVE = re.compile(r"(?<!\\)[*+?}]\+|\(\?>")


def possessive_patterns(source: str) -> Iterator[str]:
    """The texts in a program that have a possessive quantifier or an atomic group in them."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and POSSESSIVE.search(CLASS.sub("x", node.value))
        ):
            yield node.value


@pytest.mark.parametrize("pattern", ["(?:ab?c)*+", "a++", "a?+", "a{2}+", "(?>a|b)"])
def test_a_possessive_pattern_is_found(pattern):
    assert list(possessive_patterns(f"re.compile({pattern!r})")) == [pattern]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_pattern_is_possessive_for_python_before_3_11_5_matches_some_of_those_wrongly(path):
    """Debian 12 was released with 3.11.2; github.com/python/cpython/issues/106052 and 100061 have examples."""
    assert list(possessive_patterns(path.read_text(encoding="utf-8"))) == []
