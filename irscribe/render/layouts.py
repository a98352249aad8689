"""Wikitext layouts are template files; an organisation's own files come before the shipped ones.

``<< value >>`` prints and ``<# … #>`` comments, because wikitext uses the other braces; ``{% … %}`` controls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import BytecodeCache, Environment, Template, TemplateRuntimeError
from jinja2.bccache import Bucket

from irscribe.domain.errors import ReportError
from irscribe.render import Style
from irscribe.render.environment import Escape, environment
from irscribe.render.mistakes import ENDING, OF_TEMPLATES, PRINTS_NONE, PRINTS_NOTHING, Mistake, Unknown

Filters = Mapping[str, Callable[..., object]]


class _Compiled(BytecodeCache):
    """The compiled templates; one is compiled again when its text has changed."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def layout(style: Style, escape: Escape, filters: Filters) -> Template:
    """Load the template of the style's layout.

    Raises ReportError if none has that name, or if it is no valid template.
    """
    available = templates(style, escape, filters)
    shown = available.finalize or str
    strict = available.overlay(finalize=_refusing_none(shown), undefined=Unknown, bytecode_cache=_COMPILED)
    with _naming(style):
        return strict.get_template(style.layout + ENDING)


def fill(template: Template, words: Mapping[str, object], style: Style) -> str:
    """Render the layout of a style with these values.

    Raises ReportError if it cannot be rendered.
    """
    with _naming(style):
        page = template.render(words)
    if not page.strip():
        raise ReportError(str(Mistake(file=style.layout + ENDING, line=1, why=PRINTS_NOTHING)))
    return page


def templates(style: Style, escape: Escape, filters: Filters) -> Environment:
    """Make the environment that loads the layouts of a style and their common parts.

    Raises ReportError if the style's layout is not among them.
    """
    folders = (style.layouts,) if style.layouts else ()
    available = environment(escape, *folders).overlay(
        variable_start_string="<<", variable_end_string=">>", comment_start_string="<#", comment_end_string="#>"
    )
    available.filters.update(filters)
    _require(style, _names(available))
    return available


def _refusing_none(shown: Callable[..., object]) -> Callable[[object], object]:
    """Make a ``finalize`` that refuses None: printed on a page it would say that there was none."""

    def finalize(value: object) -> object:
        if value is None:
            raise TemplateRuntimeError(PRINTS_NONE)
        return shown(value)

    return finalize


@contextmanager
def _naming(style: Style) -> Iterator[None]:
    """Name the layout that cannot be loaded or rendered, and the place in it."""
    try:
        yield
    except OF_TEMPLATES as error:
        raise ReportError(str(Mistake.of(error, style))) from error


def _require(style: Style, names: list[str]) -> None:
    if style.layout not in names:
        raise ReportError(f"[irscribe] layout: there is no layout {style.layout!r}. There are: {', '.join(names)}.")


def _names(available: Environment) -> list[str]:
    """The names of the layouts; files in sub-folders are no layouts, so that a name cannot lead elsewhere."""
    files = available.list_templates(extensions=[ENDING[1:]])
    return [file.removesuffix(ENDING) for file in files if "/" not in file]
