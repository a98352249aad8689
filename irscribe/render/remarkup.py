"""Renders a report as Remarkup, for a task's description or a comment."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Template

from irscribe.domain.report import Report
from irscribe.render import Style, particulars, wording
from irscribe.render.environment import environment
from irscribe.render.readers import checks
from irscribe.render.scoresheet import scoresheet
from irscribe.render.taskmarkup import Writer


def render(report: Report, style: Style) -> str:
    """Render a report as bullets, because tables and headings cannot hold typed text; it ends in a newline."""
    page = _template(Writer(linked=bool(style.tracker))).render(
        report=report,
        checks=checks(report, style),
        sheet=scoresheet(report.scorecard, style.questionnaires) if report.scorecard else None,
        dated=wording.is_dated(report),
        times=style.times,
        words=wording,
        particulars=particulars,
    )
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


@cache
def _template(write: Writer) -> Template:
    shown = environment(write.typed)
    shown.filters.update(
        blocks=write.blocks, bullets=write.bullets, link=write.link, spoken=write.spoken, task=write.task
    )
    return shown.get_template("report.remarkup")
