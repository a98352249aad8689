"""Renders a report as Remarkup, for a task's description or a comment."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Template

from irscribe.domain.report import Report
from irscribe.render import Style, wording
from irscribe.render.environment import environment
from irscribe.render.readers import checks
from irscribe.render.scoresheet import scoresheet
from irscribe.render.taskmarkup import blocks, bullets, link, spoken, task, typed


def render(report: Report, style: Style) -> str:
    """Render a report as bullets, because tables and headings cannot hold typed text; it ends in a newline."""
    page = _template().render(
        report=report,
        checks=checks(report, style),
        sheet=scoresheet(report.scorecard, style.questionnaires) if report.scorecard else None,
        dated=wording.is_dated(report),
        times=style.times,
        words=wording,
    )
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


@cache
def _template() -> Template:
    shown = environment(typed)
    shown.filters.update(blocks=blocks, bullets=bullets, link=link, spoken=spoken, task=task)
    return shown.get_template("report.remarkup")
