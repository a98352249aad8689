"""Wikitext layouts: template files, an organisation's own before the shipped ones.

``<< value >>`` prints and ``<# … #>`` comments, because wikitext owns the other braces; ``{% … %}`` controls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import BytecodeCache, Environment, Template, TemplateError
from jinja2.bccache import Bucket

from irscribe.domain.errors import ReportError
from irscribe.render import Style
from irscribe.render.environment import Escape, environment

ENDING = ".wiki"
OF_TEMPLATES = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What somebody else's template may fail with: Jinja hands on what Python says to it."""


class _Compiled(BytecodeCache):
    """Templates are compiled once, and again when their text has changed."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def layout(style: Style, escape: Escape, filters: Mapping[str, Callable[..., object]]) -> Template:
    """The template of the style's layout.

    Raises ReportError when there is none of that name, or when it is no template.
    """
    available = _environment(style, escape)
    available.filters.update(filters)
    _require(style, _names(available))
    with _naming(style):
        return available.get_template(style.layout + ENDING)


def fill(template: Template, words: Mapping[str, object], style: Style) -> str:
    """The style's layout with these words in it.

    Raises ReportError when it cannot be filled in.
    """
    with _naming(style):
        return template.render(words)


@contextmanager
def _naming(style: Style) -> Iterator[None]:
    """Say which layout it is that cannot be read or filled in."""
    try:
        yield
    except OF_TEMPLATES as error:
        raise _unusable(style, error) from error


def _unusable(style: Style, error: Exception) -> ReportError:
    line = getattr(error, "lineno", None)
    place = f"{style.layout}{ENDING}, line {line}" if line else f"{style.layout}{ENDING}"
    why = error.strerror if isinstance(error, OSError) else str(error).rstrip(".")
    return ReportError(f"[irscribe] layout: {place} cannot be used: {why}.")


def _environment(style: Style, escape: Escape) -> Environment:
    folders = (style.layouts,) if style.layouts else ()
    return environment(escape, *folders).overlay(
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        bytecode_cache=_COMPILED,
    )


def _require(style: Style, names: list[str]) -> None:
    if style.layout not in names:
        raise ReportError(f"[irscribe] layout: there is no layout {style.layout!r}. There are: {', '.join(names)}.")


def _names(available: Environment) -> list[str]:
    """The layouts by name; those in sub-folders are none, so that a name cannot lead anywhere else."""
    files = available.list_templates(extensions=[ENDING[1:]])
    return [file.removesuffix(ENDING) for file in files if "/" not in file]
