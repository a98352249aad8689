"""The site: static pages, feeds and data about the incidents that everybody may see.

Each module gives the files of a part of it, their paths relative to the folder of the site. Feeds and plots are made by
libraries, which are loaded when the first one is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from irscribe.render import Style

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"

Files = Mapping[str, str]
"""The texts of files by their path, such as ``incidents/12/index.html``."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """The properties of all pages: the ``title``, the public address (None if unknown), and the style of reports."""

    title: str
    url: str | None
    style: Style
