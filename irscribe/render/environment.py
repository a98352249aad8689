"""The template environment: whatever a template prints is escaped for its format unless it is marked as trusted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from irscribe.render import TEMPLATES, wording

TRUSTED = (Markup, int)

Escape = Callable[[str], Markup]
"""What shows a text in a format, safe wherever it stands on a line."""


def environment(escape: Escape, *folders: Path) -> Environment:
    """A Jinja2 environment whose printed values pass through ``escape``; earlier folders win.

    ``Markup`` is trusted: macros return such, and functions of ours say so once; so are whole numbers. The words that
    every format needs are filters.
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
        clock=wording.clock, gap=wording.gap, said=wording.said, second=wording.second, work=wording.work
    )
    return made
