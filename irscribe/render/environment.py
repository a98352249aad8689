"""The template environment: each value that a template prints is escaped for its format, unless it is trusted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from irscribe.render import TEMPLATES, wording

TRUSTED = (Markup, int)

Escape = Callable[[str], Markup]
"""A function that escapes a text for a format, at any place of a line."""


def environment(escape: Escape, *folders: Path) -> Environment:
    """Make a Jinja2 environment whose printed values pass through ``escape``; earlier folders win.

    ``Markup``, which macros and our own functions return, is trusted, and so are whole numbers. The words that every
    format needs are filters.
    """

    def finalize(value: object) -> object:
        return value if isinstance(value, TRUSTED) else escape(str(value))

    made = Environment(
        autoescape=True,
        finalize=finalize,
        loader=FileSystemLoader([*folders, TEMPLATES]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        clock=wording.clock,
        due=wording.due,
        gap=wording.gap,
        said=wording.said,
        second=wording.second,
        work=wording.work,
    )
    return made
