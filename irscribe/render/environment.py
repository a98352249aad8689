"""The template environment: whatever a template prints is escaped for its format unless it is marked as trusted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def environment(escape: Callable[[str], str], *folders: Path) -> Environment:
    """A Jinja2 environment whose printed values pass through ``escape``; earlier folders win.

    Values with ``__html__`` (``Markup``) are trusted: macros return such, and functions of ours say so once.
    """

    def finalize(value: object) -> Markup:
        return value if isinstance(value, Markup) else Markup(escape(str(value)))  # noqa: S704 - escaped just now

    return Environment(
        autoescape=True,
        finalize=finalize,
        loader=FileSystemLoader([*folders, TEMPLATES]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
