"""Mistakes in a layout, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from types import MappingProxyType

from jinja2 import (
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.utils import missing

from irscribe.domain.nearest import nearest
from irscribe.domain.text import cut
from irscribe.render import TEMPLATES, Style

ENDING = ".wiki"
OF_TEMPLATES = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""The errors that a foreign template may cause: Jinja passes on those of Python."""

PLAINLY = MappingProxyType(
    {
        UnicodeDecodeError: "it is not UTF-8",
        RecursionError: "it is nested too deeply",
        MemoryError: "it takes more memory than there is",
    }
)
"""Plain words for errors whose text is meant for programmers."""
PRINTS_NONE = 'it prints None where something is not known; write << … or "" >>'
PRINTS_NOTHING = "it prints nothing"
VALUE_SHOWN = 60
"""Bytes of a value that a sentence repeats."""


@dataclass(frozen=True, kw_only=True, order=True)
class Mistake:
    """One mistake; ``line`` counts from 1 and is 0 if it is not known."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        """Give the mistake as a sentence."""
        place = f"{self.file}, line {self.line}" if self.line else self.file
        end = "" if self.why.endswith("?") else "."
        return f"[irscribe] layout: {place} cannot be used: {self.why}{end}"

    @classmethod
    def of(cls, error: Exception, style: Style) -> Mistake:
        """Make the mistake that caused an error."""
        file, line = _place(error, style)
        return cls(file=file, line=line, why=_reason(error))


class Unknown(StrictUndefined):
    """Stands for an unknown name: each use is an error."""

    def __init__(
        self,
        hint: str | None = None,
        obj: object = missing,
        name: object = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        """Take the arguments that Jinja passes for the name."""
        self.why = hint or unknown(obj, name)
        self.called = name if isinstance(name, str) else ""
        self.is_top = obj is missing and hint is None
        super().__init__(self.why, obj, self.called, exc)


def unknown(owner: object, name: object) -> str:
    """Explain an unknown name: one that stands alone (``missing`` owns it), or one of a value.

    A name that is no text is an index in brackets: ``timeline[9]``.
    """
    if not isinstance(name, str) or not name:
        element = cut(repr(name), VALUE_SHOWN)
        return f"[{element}] is asked of what {'is not known there (None)' if owner is None else 'has no such element'}"
    if owner is None:
        return f"“{name}” is asked of what is not known there (None); ask {{% if … %}} first"
    if owner is missing:
        return f"there is no “{name}”"
    return f"there is no “{name}” in it{meant(name, (each for each in dir(owner) if not each.startswith('_')))}"


def meant(name: str, known: Iterable[str]) -> str:
    """The rest of a sentence about an unknown name: the known name that was perhaps meant, if any."""
    close = nearest(name, known)
    if close == name:
        return " here; a part is imported {% import … with context %}"
    return f"; did you mean “{close}”?" if close else ""


def innermost(places: Iterable[tuple[str, int]], style: Style) -> tuple[str, int]:
    """Give the file and line of the last place, if possible one in the organisation's own layouts."""
    found = [(Path(path), line) for path, line in places]
    for folder in (style.layouts, TEMPLATES):
        inside = [(path, line) for path, line in found if folder and path.is_relative_to(folder)]
        if folder and inside:
            path, line = inside[-1]
            return str(path.relative_to(folder)), line
    return style.layout + ENDING, 0


def _place(error: Exception, style: Style) -> tuple[str, int]:
    if isinstance(error, TemplateSyntaxError):
        return error.name or style.layout + ENDING, error.lineno
    # Jinja rewrites a traceback so that its frames are those of the templates.
    return innermost(((frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)), style)


def _reason(error: Exception) -> str:
    for kind, why in PLAINLY.items():
        if isinstance(error, kind):
            return why
    if isinstance(error, TemplateNotFound):
        return f"there is no file “{error.name}”"
    if isinstance(error, SyntaxError):
        return error.msg
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error).rstrip(".") or type(error).__name__
