"""Renders a report in one of six formats.

The modules of the formats are loaded when the first report is rendered: a bot that starts does not need templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from irscribe.domain.questionnaire import Questionnaire
from irscribe.domain.report import Report

FORMATS = {
    "json": ".json",
    "wikitext": ".wiki",
    "markdown": ".md",
    "text": ".txt",
    "html": ".html",
    "remarkup": ".remarkup",
}
"""Format names and the endings of their files."""

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, kw_only=True)
class Style:
    """The style of an organisation's reports: the layout's name, a folder of own layouts, questionnaires by version.

    ``times`` is the sentence above a timeline; ``published`` is true for a report that the public reads. ``tracker`` is
    the address of the task server, without which the number of a task is no link; ``task_prefix`` is the wiki's prefix
    for it, empty if it has none.
    """

    layout: str
    layouts: Path | None
    questionnaires: Mapping[str, Questionnaire]
    times: str = "All times in UTC."
    published: bool = False
    tracker: str | None = None
    task_prefix: str = ""


def is_shipped(style: Style) -> bool:
    """True if the layout of a style is a shipped one, no part of which is replaced."""
    return style.layouts is None and (TEMPLATES / f"{style.layout}.wiki").is_file()


def render(report: Report, form: str, style: Style) -> str:
    """Render a report in one of ``FORMATS``; the text ends in a newline.

    Raises ReportError for a layout that does not exist.
    """
    from irscribe.render import html, json, markdown, remarkup, text, wikitext
    from irscribe.render.readers import readable

    if form == "json":
        return json.render(report)
    formats = {
        "wikitext": wikitext.render,
        "markdown": markdown.render,
        "text": text.render,
        "html": html.render,
        "remarkup": remarkup.render,
    }
    return formats[form](readable(report), style)
